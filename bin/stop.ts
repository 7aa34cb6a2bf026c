import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Stop } from '../core/model';
import { CommandError, EXIT } from './exit';
import { finish, operatorCommand, resourceName, type StackOptions } from './operator-command';
import type { Answer } from './stop/signal';

interface Options extends StackOptions {
  readonly approve?: string;
  readonly deny?: string | true;
  readonly lookedAt?: true;
  readonly reason?: string;
  readonly by?: string;
  readonly wait: boolean;
  readonly json?: true;
}

/** SHA-256 in hex (StopPlan). */
const DIGEST = /^[0-9a-f]{64}$/;

/** `sickbay stop CASE [--approve DIGEST | --deny [DIGEST] | --looked-at]` */
export function stopCommand(): Command {
  return operatorCommand('stop', 'a proposal to stop a job: its dry run, and your answer to it', 'stops', 'cases', 'stopper')
    .argument('<case, stop or instance>', 'the id of a case or of a stop, or an instance: then its newest stop')
    .option('--approve <digest>', 'stop what the dry run with this digest shows, with your own credentials; follows it to its end')
    .option('--deny [digest]', 'do not; the proposal ends')
    .option('--reason <text>', 'why, on record')
    .option('--no-wait', 'with --approve: do not follow it')
    .option('--looked-at', 'after a stop that failed: you have looked, and further ones may be proposed in its group')
    .option('--by <name>', 'with --looked-at: your name, on record beside who AWS says is asking', process.env['USER'] ?? 'operator')
    .addHelpText(
      'after',
      '\nApprovers are named in the configuration (stop.approvers) and need ssm:SendAutomationSignal.\nExit: 0 proposed, or as you answered; 1 no proposal, expired, refused or undone; 2 usage, another digest; 3 you may not; 4 an AWS error.',
    )
    .action((subject: string, options: Options, command: Command) => finish(command, () => stop(subject, options)));
}

async function stop(subject: string, options: Options): Promise<number> {
  checkOptions(options);
  if (options.lookedAt === true) {
    const { askAndPrintStop } = require('./stop/ask') as typeof import('./stop/ask');
    return askAndPrintStop(options, {
      kind: 'looked-at',
      stop: subject,
      by: options.by ?? 'operator',
      reason: options.reason ?? 'looked at',
    });
  }
  const answer = answerOf(options);
  const found = await stopFound(subject, options);
  if (answer !== undefined) return carryOut(found, answer, options);
  print(found, options);
  return EXIT.fine;
}

/** @throws CommandError for an answer that is none, or more than one. */
function checkOptions({ approve, deny, lookedAt, reason, wait }: Options): void {
  const answers = [approve, deny, lookedAt].filter((one) => one !== undefined).length;
  if (answers > 1) throw new CommandError('--approve, --deny and --looked-at: say one', EXIT.usage);
  if (answers === 0 && reason !== undefined)
    throw new CommandError('--reason: only with --approve, --deny or --looked-at, and nothing was sent', EXIT.usage);
  if (approve === undefined && !wait) throw new CommandError('--no-wait: only with --approve, and nothing was sent', EXIT.usage);
  for (const [name, digest] of Object.entries({ '--approve': approve, '--deny': deny === true ? undefined : deny }))
    if (digest !== undefined && !DIGEST.test(digest))
      throw new CommandError(`${name}: got "${digest}"; allowed: the digest of the dry run, 64 characters of 0-9 and a-f`, EXIT.usage);
}

function answerOf({ approve, deny, reason }: Options): Answer | undefined {
  const said = reason === undefined ? {} : { reason };
  if (approve !== undefined) return { type: 'Approve', digest: approve, ...said };
  if (deny === undefined) return undefined;
  return { type: 'Reject', ...(deny === true ? {} : { digest: deny }), ...said };
}

/** @throws CommandError that says why there is none. */
async function stopFound(subject: string, options: StackOptions): Promise<Stop> {
  const { stopMeant } = require('../core/stop/meant') as typeof import('../core/stop/meant');
  const { stops } = await readStops(options);
  const found = stopMeant(stops, subject);
  if (found !== undefined) return found;
  const why = await reasons(subject, options);
  throw new CommandError([`no stop of "${subject}" is proposed`, ...why.map((line) => `  ${line}`)].join('\n'), EXIT.findings);
}

async function readStops(options: StackOptions) {
  // The SDK's clients take a second to load: not for a help text.
  const clients = require('../lambda/aws/clients') as typeof import('../lambda/aws/clients');
  const { stopRecords } = require('../lambda/aws/stop-records') as typeof import('../lambda/aws/stop-records');
  return stopRecords(clients.dynamo(), await resourceName('stops', options)).all();
}

async function reasons(subject: string, options: StackOptions): Promise<string[]> {
  const clients = require('../lambda/aws/clients') as typeof import('../lambda/aws/clients');
  const { caseRecords } = require('../lambda/aws/case-records') as typeof import('../lambda/aws/case-records');
  const { whyNone } = require('./stop/why-none') as typeof import('./stop/why-none');
  const openCases = await caseRecords(clients.dynamo(), await resourceName('cases', options)).open();
  // Whoever asks may not read the switch; the function reads it in each run.
  const stopSwitch = { on: false, why: 'not read' };
  return whyNone({ now: Date.now(), ...(await readStops(options)), openCases, stopSwitch }, subject);
}

async function carryOut(found: Stop, answer: Answer, options: Options): Promise<number> {
  const { checkAnswer, sendAnswer } = require('./stop/signal') as typeof import('./stop/signal');
  const { follow, exitOf } = require('./stop/follow') as typeof import('./stop/follow');
  const { SSMClient } = require('@aws-sdk/client-ssm') as typeof import('@aws-sdk/client-ssm');
  const { LambdaClient } = require('@aws-sdk/client-lambda') as typeof import('@aws-sdk/client-lambda');
  const { callerArn } = require('./caller') as typeof import('./caller');
  const executionId = checkAnswer(found, answer, Date.now());
  const client = new SSMClient({ maxAttempts: 3 });
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  await sendAnswer(client, executionId, answer, () => callerArn(new LambdaClient()));
  progress(answer.type === 'Approve' ? `approved execution ${executionId}` : `denied execution ${executionId}`);
  if (!options.wait) return EXIT.fine;
  const read = async (): Promise<Stop> => {
    const { stops } = await readStops(options);
    return stops.find(({ id }) => id === found.id) ?? found;
  };
  const ended = await follow({ read, now: () => Date.now(), sleep, progress });
  print(ended, options);
  return exitOf(ended, answer.type);
}

function print(found: Stop, { json }: Options): void {
  const { stopText } = require('./stop/show') as typeof import('./stop/show');
  const lines = json === true ? [JSON.stringify(found, undefined, 2)] : stopText(found, Date.now());
  process.stdout.write(`${lines.join('\n')}\n`);
}
