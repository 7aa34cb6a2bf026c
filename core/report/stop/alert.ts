/**
 * What people are told of a stop. All of it is about one case and threads to it. What a host
 * printed is redacted, bounded and made harmless; commands hold ids and digests of ours alone.
 */
import type { OutboxEntry, Stop } from '../../model';
import { sickbayCommand } from '../command';
import { line, visible } from '../harmless';
import { headLines, type Head } from '../head';
import { linksOf, type Links } from '../links';
import { SUBJECT_MAX } from '../subject';
import { capital, clock, section, utc } from '../text';
import { groupName } from '../../case';
import { dryRunSections, jobText, starterText, toRunAgain } from './dry-run';
import { stopEvent } from './event';
import type { StopNews, StopTold } from './telling';

/** What is told, by what happened. */
interface Words {
  readonly severity: (stop: Stop) => OutboxEntry['severity'];
  /** Told by the event alone: nobody has anything to do. */
  readonly quiet?: (stop: Stop) => boolean;
  /** A section of docs/runbook.md; a test holds the headings. */
  readonly runbook: string;
  readonly subject: (stop: Stop) => string;
  readonly done: (stop: Stop) => string;
  readonly now: (stop: Stop) => string;
}

const page = (): OutboxEntry['severity'] => 'page';
const notify = (): OutboxEntry['severity'] => 'notify';
/** Nobody was told that it could be approved. */
const isUntold = ({ toldAt }: Stop): boolean => toldAt === undefined;

const WAITS = 'A stop waits for an approval';
const STOPPED = 'A job was stopped';
const NOT_STOPPED = 'A job was not stopped';
const FAILED = 'A stop failed';

const WORDS: Readonly<Record<StopNews, Words>> = {
  proposed: {
    severity: ({ inService }) => (inService === true ? 'page' : 'notify'),
    runbook: WAITS,
    subject: (stop) => `Approve until ${clock(stop.expiresAt)}: stop ${jobText(stop.plan, 30)}`,
    done: (stop) => `nothing yet. A stop of pid ${stop.plan.process.pid} waits for an approval until ${clock(stop.expiresAt)}.`,
    now: (stop) => `read the dry run, then: ${approveCommand(stop)}`,
  },
  approved: {
    severity: notify,
    quiet: () => true,
    runbook: WAITS,
    subject: (stop) => `Stop of ${jobText(stop.plan, 30)} approved`,
    done: (stop) => `approved by ${approverOf(stop)}; the host works on it.`,
    now: () => 'nothing.',
  },
  verified: {
    severity: notify,
    runbook: STOPPED,
    subject: (stop) => `Stopped ${jobText(stop.plan, 30)}: gone, and not back`,
    done: (stop) => `stopped ${atTime(stop.actedAt)}, approved by ${approverOf(stop)}; gone since, and ${heldText(stop)}.`,
    now: (stop) => `before ${utc(stop.undoAt)}, keep it out or give it back: ${keepCommand(stop)} or ${undoCommand(stop)}.`,
  },
  failed: {
    severity: page,
    runbook: FAILED,
    subject: (stop) => `The stop of ${jobText(stop.plan, 24)} failed and is being undone`,
    done: (stop) =>
      `${stop.because ?? 'it could not be verified'}. Being given back: ${starterText(stop.plan)}. No further stop in this group.`,
    now: (stop) => `look at the host, then: ${lookedAtCommand(stop)}`,
  },
  'undo-failed': {
    severity: page,
    runbook: FAILED,
    subject: (stop) => `${starterShort(stop)} is still out: the undo fails`,
    done: (stop) => `the undo fails on ${stop.instanceId}; it is tried again each minute, and once more at ${utc(stop.undoAt)}.`,
    now: (stop) => `give ${starterText(stop.plan)} back by hand, or take it over: ${keepCommand(stop)}`,
  },
  'undo-changed': {
    severity: page,
    runbook: FAILED,
    subject: (stop) => `${starterShort(stop)} was edited: the undo left it alone`,
    done: (stop) => `somebody changed ${starterText(stop.plan)} after the stop, so that nothing was given back.`,
    now: () => 'look at it: the prefix "#sickbay:" in a crontab is ours.',
  },
  undone: {
    severity: notify,
    runbook: STOPPED,
    subject: (stop) => `${starterShort(stop)} was given back`,
    done: (stop) => `${starterText(stop.plan)} starts the job again: ${stop.because ?? 'undone'}.`,
    now: (stop) => `nothing. The run that was ended does not come back; to run it again: ${toRunAgain(stop.plan)}.`,
  },
  reminder: {
    severity: notify,
    runbook: STOPPED,
    subject: (stop) => `${starterShort(stop)} comes back at ${clock(stop.undoAt)}`,
    done: (stop) => `${starterText(stop.plan)} has been out of the way since ${utc(stop.actedAt ?? stop.proposedAt)}.`,
    now: (stop) => `if it is not to come back: ${keepCommand(stop)}`,
  },
  kept: {
    severity: notify,
    runbook: STOPPED,
    subject: (stop) => `${starterShort(stop)} stays out, as asked`,
    done: (stop) => `nothing gives ${starterText(stop.plan)} back any more: ${stop.because ?? 'kept'}.`,
    now: () => 'nothing. A person gives it back, on the host.',
  },
  refused: {
    severity: notify,
    runbook: NOT_STOPPED,
    subject: (stop) => `Not stopped: ${jobText(stop.plan, 30)} (refused)`,
    done: (stop) => `nothing was stopped: ${stop.because ?? 'it was refused'}.`,
    now: () => 'look at the job yourself, or wait for another proposal.',
  },
  denied: {
    severity: notify,
    quiet: () => true,
    runbook: NOT_STOPPED,
    subject: (stop) => `Not stopped: ${jobText(stop.plan, 30)} (denied)`,
    done: (stop) => `nothing was stopped: denied ${stop.because ?? ''}.`,
    now: () => 'nothing.',
  },
  expired: {
    severity: notify,
    quiet: () => true,
    runbook: NOT_STOPPED,
    subject: (stop) => `Not stopped: ${jobText(stop.plan, 30)} (expired)`,
    done: (stop) => `nothing was stopped: ${stop.because ?? 'nobody approved it in time'}.`,
    now: () => 'nothing.',
  },
  withdrawn: {
    severity: notify,
    quiet: isUntold,
    runbook: NOT_STOPPED,
    subject: (stop) => `Withdrawn, do not approve: stop of ${jobText(stop.plan, 24)}`,
    done: (stop) => `nothing was stopped. The proposal was withdrawn: ${stop.because ?? 'it does not hold any more'}.`,
    now: () => 'nothing: its commands do nothing any more.',
  },
  overdue: {
    severity: page,
    runbook: FAILED,
    subject: (stop) => `The stop of ${jobText(stop.plan, 24)} has not ended`,
    done: (stop) => `approved ${atTime(stop.approvedAt)}, and the execution has not ended.`,
    now: (stop) => `look at execution ${stop.executionId ?? '(unknown)'} in Systems Manager, and at the host.`,
  },
};

/** Every section of the runbook that an alert about a stop may lead to. */
export const STOP_SECTIONS: readonly string[] = [WAITS, STOPPED, NOT_STOPPED, FAILED];

/** The entry's id is the stop, the news and the time: a repeated delivery is no new alert. */
export function stopAlert(told: StopTold): OutboxEntry {
  const { now, stop, news } = told;
  const words = WORDS[news];
  const entry = { id: `${stop.id}/${news}/${now}`, at: now, severity: words.severity(stop), subject: subjectOf(told, words) };
  const head = headOf(told, words);
  const links = { ...linksOf({ id: stop.caseId, groupArn: stop.groupArn, target: stop.target }, told.deployment ?? {}, words.runbook) };
  return {
    ...entry,
    body: bodyOf(told, head, links),
    ...(words.quiet?.(stop) === true ? { quiet: true as const } : {}),
    event: stopEvent(told, entry, head, links, nextStepsOf(told, head)),
  };
}

/** Printable ASCII, at most 100 characters (SNS, Publish, API reference). */
function subjectOf({ stop }: StopTold, words: Words): string {
  const where = `[${groupName(stop.groupArn).slice(0, 24)}]`;
  const whole = `${where} ${words.subject(stop)} (${stop.instanceId})`;
  const text = whole.length <= SUBJECT_MAX ? whole : `${where} ${words.subject(stop)}`;
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_MAX);
}

function headOf({ stop, news }: StopTold, words: Words): Head {
  const { process } = stop.plan;
  const tell = (text: string) => line(capital(text), HEAD_LINE_MAX);
  return {
    users: news === 'proposed' ? usersNow(stop) : 'Not affected by this as far as is known.',
    done: tell(words.done(stop)),
    cause: tell(`pid ${process.pid} (${line(process.user, 32)}): ${line(process.command, 110)}, started by ${starterText(stop.plan)}.`),
    now: tell(words.now(stop)),
  };
}

function usersNow({ inService }: Stop): string {
  return inService === true
    ? 'The slow target serves them: the others could not carry its load.'
    : 'The slow target is out of service; its cause is still on the host.';
}

const HEAD_LINE_MAX = 260;
/** A host's lists are cut before; this is what a topic and a record take of one alert. */
const BODY_MAX = 6000;

function bodyOf(told: StopTold, head: Head, links: Links): string {
  const { stop, news } = told;
  const full = news === 'proposed';
  const text = [
    ...headLines(head, 1100),
    ...linkLines(links, stop),
    ...(full ? section('Approve', [approveCommand(stop), signalCommand(stop, 'Approve')]) : []),
    ...(full ? section('Deny', [denyCommand(stop), signalCommand(stop, 'Reject')]) : []),
    ...(full ? dryRunSections(stop) : []),
    ...(news === 'verified'
      ? section('The job', [`To run it again: ${toRunAgain(stop.plan)}.`, `Undo: ${undoCommand(stop)}`, `Keep: ${keepCommand(stop)}`])
      : []),
    '',
    `Everything on record: ${sickbayCommand(`stop ${stop.caseId}`)}, and of the case: ${sickbayCommand(`explain ${stop.caseId}`)}`,
  ].join('\n');
  return visible(text).slice(0, BODY_MAX);
}

function linkLines({ report, instance, session, runbook }: Links, stop: Stop): string[] {
  const execution = executionLink(stop);
  const lines = [
    ...(execution === undefined ? [] : [`Execution: ${execution}`]),
    ...(report === undefined ? [] : [`Report: ${report}`]),
    ...(instance === undefined ? [] : [`Instance: ${instance}`]),
    ...(session === undefined ? [] : [`Session: ${session}`]),
    ...(runbook === undefined ? [] : [`Runbook: ${runbook}`]),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}

/** The console's addresses are not documented (I), as in core/report/links.ts. */
function executionLink({ caseId, groupArn, target, executionId }: Stop): string | undefined {
  const page = linksOf({ id: caseId, groupArn, target }, {}, '').session;
  const [base, region] = page === undefined ? [] : [page.slice(0, page.indexOf('/systems-manager/')), page.slice(page.lastIndexOf('?'))];
  return base === undefined || executionId === undefined
    ? undefined
    : `${base}/systems-manager/automation/execution/${executionId}${region}`;
}

function nextStepsOf({ stop, news }: StopTold, head: Head): string[] {
  return news === 'proposed' ? [approveCommand(stop), denyCommand(stop)] : [head.now];
}

// ---------------------------------------------------------------- commands

function approveCommand({ caseId, plan }: Stop): string {
  return sickbayCommand(`stop ${caseId} --approve ${plan.digest}`);
}

function denyCommand({ caseId, plan }: Stop): string {
  return sickbayCommand(`stop ${caseId} --deny ${plan.digest}`);
}

function signalCommand({ executionId }: Stop, type: 'Approve' | 'Reject'): string {
  return `aws ssm send-automation-signal --automation-execution-id ${executionId ?? '?'} --signal-type ${type}`;
}

function undoCommand({ caseId }: Stop): string {
  return sickbayCommand(`undo ${caseId}`);
}

function keepCommand({ caseId }: Stop): string {
  return sickbayCommand(`undo ${caseId} --keep`);
}

function lookedAtCommand({ caseId }: Stop): string {
  return sickbayCommand(`stop ${caseId} --looked-at`);
}

// ---------------------------------------------------------------- words

function atTime(at: number | undefined): string {
  return at === undefined ? '(time unknown)' : `at ${clock(at)}`;
}

/** Of an assumed role's ARN the role and the session: `oncall/ann`. */
function approverOf({ approvedBy }: Stop): string {
  const name = approvedBy
    ?.split(':')
    .at(-1)
    ?.replace(/^(assumed-role|user|role)\//, '');
  return name === undefined || name === '' ? 'somebody' : line(name, 80);
}

function heldText({ plan, undoAt }: Stop): string {
  return plan.starter === undefined ? 'nothing was found that starts it' : `${starterText(plan)} is out of the way until ${utc(undoAt)}`;
}

/** For a subject, at its beginning. */
function starterShort({ plan }: Stop): string {
  const { starter } = plan;
  if (starter === undefined) return 'The job';
  return starter.kind === 'cron' ? `Crontab line ${starter.line}` : line(starter.unit, 30);
}
