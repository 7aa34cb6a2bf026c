/** What a stop would meet on the host and do there, for the person who approves it. */
import type { ProcessIdentity, Stop, StopPlan } from '../../model';
import { line } from '../harmless';
import { section, utc } from '../text';

/** Entries of a list, and characters of one line. */
const MOST = 12;
const LINE_MAX = 200;

/** What runs scripts: the script's name says more. */
const INTERPRETER = /^(python|node|perl|ruby|php|sh|bash|dash|java|deno|bun)[\d.]*$/;

/** The program or the script, without its folder, and its arguments, as far as there is room. */
export function jobText({ process: { command, executable } }: Pick<StopPlan, 'process'>, most: number): string {
  const [program = executable, ...rest] = command.split(/\s+/);
  const [first = ''] = rest;
  const isScript = INTERPRETER.test(baseName(program)) && first !== '' && !first.startsWith('-');
  const words = isScript ? [baseName(first), ...rest.slice(1)] : [baseName(program), ...rest];
  return line(words.join(' '), most);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function starterText({ starter }: StopPlan): string {
  if (starter === undefined) return 'nothing that was found';
  return starter.kind === 'cron' ? `line ${starter.line} of ${line(starter.file, 80)}` : `the timer ${line(starter.unit, 60)}`;
}

/** A run that was ended is gone: how a person starts another one. */
export function toRunAgain({ starter, process: { user } }: StopPlan): string {
  if (starter === undefined) return `start it as ${user} the way it was started`;
  return starter.kind === 'cron'
    ? `run the command of ${line(starter.file, 80)}, line ${starter.line}, as ${user}`
    : `systemctl start ${line(starter.service, 60)}`;
}

export function dryRunSections(stop: Stop): string[] {
  const { plan } = stop;
  return [
    ...section(`Dry run on ${stop.instanceId}, read ${utc(stop.proposedAt)}: would be signalled`, listed(treeLines(plan))),
    ...section(
      'Its connections',
      listed(
        plan.connections.map(({ remote, count }) => `${remote} x ${count}`),
        'none',
      ),
    ),
    ...section('Files that it writes', listed(plan.writing, 'none')),
    ...section('What starts it', starterLines(stop)),
    ...section('In this order', [
      `1. The undo is scheduled for ${utc(stop.undoAt)}.`,
      `2. ${starterStep(plan)}`,
      `3. SIGTERM to each process above, 30 s, ${stop.allowKill ? 'then SIGKILL to what is left' : 'and no SIGKILL'}.`,
    ]),
    ...section('Cannot be undone', [`The run ends: what it did not finish is lost or half done. To run it again: ${toRunAgain(plan)}.`]),
  ];
}

function listed(lines: readonly string[], none?: string): string[] {
  if (lines.length === 0) return none === undefined ? [] : [none];
  const rest = lines.length - MOST;
  return [...lines.slice(0, MOST).map((text) => line(text, LINE_MAX)), ...(rest > 0 ? [`... and ${rest} more`] : [])];
}

/** Children stand indented below their parents. */
function treeLines({ tree }: StopPlan): string[] {
  return tree.map((one) => `${'  '.repeat(depthOf(one, tree))}pid ${one.pid} (${one.user}) ${one.command}`);
}

function depthOf({ ppid }: ProcessIdentity, tree: readonly ProcessIdentity[], depth = 0): number {
  const parent = tree.find(({ pid }) => pid === ppid);
  return parent === undefined || depth >= MOST ? depth : depthOf(parent, tree, depth + 1);
}

/** The crontab's line as a diff; the prefix is the host's (lambda/stop/host/). */
function starterLines({ plan: { starter }, caseId, undoAt }: Stop): string[] {
  if (starter === undefined) return ['nothing was found'];
  if (starter.kind === 'timer') return [line(`${starter.unit}, which starts ${starter.service}`, LINE_MAX)];
  return [
    line(`${starter.file}, line ${starter.line}`, LINE_MAX),
    line(`-${starter.text}`, LINE_MAX),
    line(`+#sickbay:${caseId}:${Math.floor(undoAt / 1000)} ${starter.text}`, LINE_MAX),
  ];
}

function starterStep({ starter }: StopPlan): string {
  if (starter === undefined) return 'Nothing starts it again.';
  return starter.kind === 'cron'
    ? 'The line of the crontab is commented out.'
    : 'The timer is stopped, and masked until the undo or the next boot.';
}
