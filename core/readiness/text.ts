/** The readiness report for people. */
import { groupName } from '../case';
import { percent, section, table, utc } from '../report/text';
import type { Opinion, RefusedRemoval } from './candidates';
import type { GroupObserved, NearMiss } from './observed';
import type { Readiness, ReadinessVerdict } from './readiness';

const VERDICTS: Readonly<Record<ReadinessVerdict, string>> = {
  ready: 'READY: enough was seen, and nothing of it is doubtful. Turning enforce on is yours to decide.',
  'look-first': 'LOOK FIRST: read each possible false alarm and each blocked removal before you turn enforce on (sickbay explain CASE).',
  'too-little-data': 'NOT READY: too little was seen; what is missing is above.',
};

const OPINIONS: Readonly<Record<Opinion, string>> = {
  right: 'Supported',
  doubtful: 'Possible false alarm',
  blocked: 'Blocked',
};

/** Near misses that are told one by one. */
const TOLD = 10;

export function readinessText(report: Readiness): string[] {
  const { candidates, groups, missing, notes, removals } = report;
  const near = groups.flatMap((group) => group.nearMisses.map((miss) => ({ group, miss })));
  return [
    `Readiness for enforce: ${utc(report.sinceAt)} to ${utc(report.untilAt)}`,
    '',
    ...table([HEADING, ...groups.map((group) => row(group, candidates))]),
    ...section('Missing', missing),
    '',
    summary(report),
    ...(removals === 0 ? [] : [`Removed in this time, where enforce is on: ${removals}.`]),
    ...candidates.flatMap((candidate) => section(heading(candidate), lines(candidate))),
    ...section(
      `Near misses: at least half of the evidence, and no removal${near.length > TOLD ? `; the strongest ${TOLD} of ${near.length}` : ''}`,
      near
        .sort((a, b) => b.miss.peak - a.miss.peak)
        .slice(0, TOLD)
        .map(({ group, miss }) => nearLine(group, miss)),
    ),
    ...section('To know', notes),
    '',
    VERDICTS[report.verdict],
  ];
}

function summary({ counts: { right, doubtful, blocked }, blockedBy }: Readiness): string {
  const stopped = blocked === 0 ? '' : ` ${blocked} blocked by other guardrails${reasons(blockedBy)}.`;
  if (right + doubtful === 0) return `Would have removed nothing.${stopped}`;
  return `Would have removed ${right + doubtful}: ${right} supported by a cause, a person or the clients; ${doubtful} possible false ${doubtful === 1 ? 'alarm' : 'alarms'}.${stopped}`;
}

const HEADING = [
  'group',
  'targets',
  'rounds',
  'days',
  'blind',
  'shared cause',
  'near misses',
  'would remove',
  'supported',
  'false alarms?',
  'blocked',
];

function row(group: GroupObserved, candidates: readonly RefusedRemoval[]): string[] {
  const mine = candidates.filter(({ groupArn }) => groupArn === group.groupArn);
  const count = (...opinions: readonly Opinion[]) => String(mine.filter(({ opinion }) => opinions.includes(opinion)).length);
  return [
    groupName(group.groupArn),
    String(group.targets),
    String(group.rounds),
    ((group.lastAt - group.firstAt) / 86_400_000).toFixed(1),
    share(group.blindRounds, group.rounds),
    share(group.sharedRounds, group.rounds),
    String(group.nearMisses.length),
    count('right', 'doubtful'),
    count('right'),
    count('doubtful'),
    count('blocked'),
  ];
}

/** A share that is not nothing is never told as 0 %. */
function share(part: number, of: number): string {
  return part > 0 && part / of < 0.01 ? '< 1 %' : percent(part / of);
}

function reasons(blockedBy: Readiness['blockedBy']): string {
  const told = Object.entries(blockedBy).map(([reason, count]) => `${reason} ${count}`);
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function nearLine({ groupArn }: GroupObserved, { target, at, untilAt, peak, verdict }: NearMiss): string {
  const lasted = untilAt === at ? 'one round' : `${Math.round((untilAt - at) / 60_000)} min`;
  return `${utc(at)}  ${target} of ${groupName(groupArn)}: ${percent(peak)} of the evidence, ${lasted}: ${verdict}`;
}

function heading({ opinion, target, groupArn, at, blocked }: RefusedRemoval): string {
  const why = blocked.length === 0 ? '' : ` (${blocked.join(', ')})`;
  return `${OPINIONS[opinion]}${why}: ${target} of ${groupName(groupArn)}, ${utc(at)}`;
}

function lines(candidate: RefusedRemoval): string[] {
  return [
    candidate.verdict,
    `cause: ${candidate.cause}`,
    `clients: ${candidate.clientView}`,
    `CloudWatch: ${candidate.balancer}`,
    ...(candidate.accessLog === undefined ? [] : [`access logs: ${candidate.accessLog}`]),
    `afterwards: ${candidate.afterwards}`,
    ...candidate.speaksFor.map((reason) => `+ ${reason}`),
    ...candidate.speaksAgainst.map((reason) => `- ${reason}`),
    `case ${candidate.caseId}`,
  ];
}
