/**
 * The drill's fleet and its AWS account, left running: break a host, watch, explain, hold, restore.
 *
 *     npm run lab [-- --owner asg]
 *     npm run lab -- shell [COMMAND...]        in another terminal: a shell, or one command, in the lab
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { currentEnclosure, enclose, type Enclosure } from './fleet/enclose';
import { preflight, type Problem } from './fleet/preflight';
import { stand } from './standing/inside';
import { faultLines, helpLines } from './standing/menu';
import { MEETING, MEETING_PREFIX, enter, everyStanding, type Outside } from './standing/shell';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const ROOT = path.join(__dirname, '..');
const EXIT = { fine: 0, failed: 1, usage: 2, machine: 3 } as const;
/** The outer side tells the inner one, which is this program again, where they meet. */
const DIRECTORY = 'LAB_MEETING';

interface Options {
  readonly owner: 'static' | 'asg';
}

function program(ended: (code: Promise<number>) => void): Command {
  const root = new Command('lab')
    .description("the drill's fleet, AWS endpoint and deployed stack, left running until Ctrl-C")
    .addOption(new Option('--owner <owner>', 'who registers the hosts').choices(['static', 'asg']).default('static'))
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `\nWhile it stands, type:\n${indented(helpLines())}\n\nFaults:\n${indented(faultLines(new Set()))}\n\nExamples:\n  npm run lab\n  npm run lab -- shell\n  npm run lab -- shell node bin/sickbay.js doctor\n\nExit: 0 ended by you, 1 it failed, 2 usage, 3 the machine lacks something, or no lab stands.`,
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .action((options: Options) => ended(lab(options)));
  root
    .command('shell')
    .description('in another terminal: a shell, or one command, in the network of the lab that stands')
    .argument('[command...]', 'in place of a shell')
    .passThroughOptions()
    .copyInheritedSettings(root)
    .action((command: readonly string[]) => ended(shell(command)));
  return root;
}

async function lab(options: Options): Promise<number> {
  const enclosure = currentEnclosure();
  if (enclosure === undefined) return outside();
  await inside(enclosure, options);
  return EXIT.fine;
}

async function inside(enclosure: Enclosure, { owner }: Options): Promise<void> {
  const meeting = process.env[DIRECTORY];
  if (meeting === undefined) throw new Error(`${DIRECTORY} is set by the outer side`);
  await stand(enclosure, { owner, meeting });
}

async function outside(): Promise<number> {
  const meeting = mkdtempSync(path.join(tmpdir(), MEETING_PREFIX));
  try {
    const checked = preflight(ROOT, [meeting]);
    if ('problems' in checked) return lacking(checked.problems);
    process.env[DIRECTORY] = meeting;
    const ended = new AbortController();
    const menu = serve(meeting, ended.signal);
    const code = await enclose(checked, undefined, (pid) => {
      const told: Outside = { pid, mode: checked.mode };
      writeFileSync(path.join(meeting, MEETING.outside), JSON.stringify(told));
    });
    ended.abort();
    await menu;
    return code;
  } finally {
    rmSync(meeting, { recursive: true, force: true });
  }
}

/** Says how to use it once it stands, and passes on what is typed. */
async function serve(meeting: string, ended: AbortSignal): Promise<void> {
  while (!existsSync(path.join(meeting, MEETING.ready))) {
    if (ended.aborted) return;
    await sleep(100);
  }
  console.log(WELCOME);
  const socket = net.connect({ path: path.join(meeting, MEETING.menu) });
  socket.on('error', () => undefined); // the lab ends
  ended.addEventListener('abort', () => socket.destroy());
  process.stdin.pipe(socket, { end: false });
  socket.pipe(process.stdout, { end: false });
  socket.on('close', () => process.stdin.unref?.());
}

const WELCOME = `
The lab stands. In another terminal, from this checkout, a shell in its network:

    npm run lab -- shell

The hosts and the AWS account answer there and nowhere else. In that shell:

    node bin/sickbay.js doctor
    node bin/sickbay.js cases
    aws elbv2 describe-target-health --target-group-arn $TARGET_GROUP_ARN
    curl $SHOP/api/cart

Here, type:
${indented(helpLines())}
`;

async function shell(command: readonly string[]): Promise<number> {
  const standing = everyStanding();
  const [only, ...others] = standing;
  if (only === undefined) return refused('no lab of yours stands: start one with "npm run lab", and wait until it says so');
  if (others.length > 0) return refused(`${standing.length} labs stand: end all but one`);
  if (command.length === 0) console.error('A shell in the lab: nothing outside can be reached from here. "exit" leaves it.');
  // npm runs its scripts in the folder of package.json, and tells where it was called.
  const cwd = process.env['INIT_CWD'] ?? process.cwd();
  return enter(only, command.length === 0 ? [process.env['SHELL'] ?? '/bin/sh'] : command, cwd);
}

function refused(why: string): number {
  console.error(`lab shell: ${why}`);
  return EXIT.machine;
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}`).join('\n');
}

function lacking(problems: readonly Problem[]): number {
  console.error('this machine cannot run the lab:');
  for (const problem of problems) console.error(`  ${problem.what}: ${problem.why}\n    remedy: ${problem.remedy}`);
  return EXIT.machine;
}

async function main(): Promise<number> {
  let ended: Promise<number> = Promise.resolve(EXIT.fine);
  await program((code) => (ended = code)).parseAsync();
  return ended;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`the lab failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT.failed);
  },
);
