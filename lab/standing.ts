/**
 * The drill's fleet and its AWS account, left running: break a host, watch, explain, hold, restore.
 *
 *     npm run lab [-- --port 4566] [--owner asg]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { currentEnclosure, enclose, type Enclosure } from './fleet/enclose';
import { preflight, type Problem } from './fleet/preflight';
import { DOORS, stand } from './standing/inside';
import { faultLines, helpLines } from './standing/menu';
import { relay, type Relay } from './standing/relay';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = path.join(__dirname, '..');
const EXIT = { fine: 0, failed: 1, usage: 2, machine: 3 } as const;
/** The outer side tells the inner one, which is this program again, where they meet. */
const MEETING = 'LAB_MEETING';
const ENDPOINT = 'LAB_ENDPOINT';

interface Options {
  readonly port: number;
  readonly shopPort: number;
  readonly owner: 'static' | 'asg';
}

function program(): Command {
  return new Command('lab')
    .description("the drill's fleet, AWS endpoint and deployed stack, left running until Ctrl-C")
    .option('--port <n>', 'of 127.0.0.1, where AWS answers; 0: any that is free', portNumber, 4566)
    .option('--shop-port <n>', "of 127.0.0.1, where the shop's load balancer answers; 0: any that is free", portNumber, 8080)
    .addOption(new Option('--owner <owner>', 'who registers the hosts').choices(['static', 'asg']).default('static'))
    .addHelpText(
      'after',
      `\nWhile it stands, type:\n${indented(helpLines())}\n\nFaults:\n${indented(faultLines(new Set()))}\n\nExample: npm run lab -- --port 0\nExit: 0 ended by you, 1 it failed, 2 usage, 3 the machine lacks something.`,
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage));
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError(`got "${text}"; allowed: 0 to 65535`);
}

async function main(): Promise<number> {
  const options = program().parse().opts<Options>();
  const enclosure = currentEnclosure();
  if (enclosure === undefined) return outside(options);
  await inside(enclosure, options);
  return EXIT.fine;
}

async function inside(enclosure: Enclosure, { owner }: Options): Promise<void> {
  const [meeting, endpoint] = [process.env[MEETING], process.env[ENDPOINT]];
  if (meeting === undefined || endpoint === undefined) throw new Error(`${MEETING} and ${ENDPOINT} are set by the outer side`);
  await stand(enclosure, { owner, meeting, endpoint });
}

async function outside(options: Options): Promise<number> {
  const meeting = mkdtempSync(path.join(tmpdir(), 'sickbay-lab-'));
  const doors: Relay[] = [];
  try {
    const checked = preflight(ROOT, [meeting]);
    if ('problems' in checked) return lacking(checked.problems);
    const aws = await door(options.port, '--port', path.join(meeting, DOORS.aws));
    doors.push(aws);
    const shop = await door(options.shopPort, '--shop-port', path.join(meeting, DOORS.shop));
    doors.push(shop);
    process.env[MEETING] = meeting;
    process.env[ENDPOINT] = `http://127.0.0.1:${aws.port}`;
    const ended = new AbortController();
    const menu = serve(meeting, shop.port, ended.signal);
    const code = await enclose(checked);
    ended.abort();
    await menu;
    return code;
  } finally {
    for (const one of doors) await one.close();
    rmSync(meeting, { recursive: true, force: true });
  }
}

async function door(port: number, option: string, to: string): Promise<Relay> {
  try {
    return await relay({ host: '127.0.0.1', port }, { path: to });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`port ${port} of 127.0.0.1 is taken; name another one by ${option}, or 0 for any`, { cause: error });
  }
}

/** Says how to use it once it stands, and passes on what is typed. */
async function serve(meeting: string, shopPort: number, ended: AbortSignal): Promise<void> {
  while (!existsSync(path.join(meeting, DOORS.ready))) {
    if (ended.aborted) return;
    await sleep(100);
  }
  console.log(welcome(meeting, shopPort));
  const socket = net.connect({ path: path.join(meeting, DOORS.menu) });
  socket.on('error', () => undefined); // the lab ends
  ended.addEventListener('abort', () => socket.destroy());
  process.stdin.pipe(socket, { end: false });
  socket.pipe(process.stdout, { end: false });
  socket.on('close', () => process.stdin.unref?.());
}

function welcome(meeting: string, shopPort: number): string {
  const environment = path.join(meeting, DOORS.environment);
  const endpoint = /AWS_ENDPOINT_URL='([^']+)'/.exec(readFileSync(environment, 'utf8'))?.[1] ?? '';
  return `
The lab stands. In another terminal, from this checkout:

    source ${environment}
    node bin/sickbay.js cases
    aws elbv2 describe-target-health --target-group-arn $TARGET_GROUP_ARN --endpoint-url ${endpoint}
    curl http://127.0.0.1:${shopPort}/api/cart

The hosts' addresses (10.0.1.x) exist in the lab alone: measure by "sweep --prober" from there, for
whatever answers at them outside is somebody else's.

Here, type:
${indented(helpLines())}
`;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function lacking(problems: readonly Problem[]): number {
  console.error('this machine cannot run the lab:');
  for (const problem of problems) console.error(`  ${problem.what}: ${problem.why}\n    remedy: ${problem.remedy}`);
  return EXIT.machine;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`the lab failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT.failed);
  },
);
