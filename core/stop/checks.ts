/**
 * Everything that may forbid a stop, one entry a check, one table in the order of STOP_BLOCKED. A
 * check that cannot be evaluated does not pass. Nothing here looks at an undo: no check ever keeps
 * what starts a job out of its place.
 */
import { currentEjection, groupName, verdictOf } from '../case';
import type { Blocked, Case, Culprit, Round, Stop, StopBlocked, StopCheck, StopPlan, TargetCase } from '../model';
import { allowedBy } from './allowed';
import { culpritOf, DAY_MS, HOUR_MS, isSpent, isUnderWay, planOf, type Reading, type StopCandidate } from './candidate';
import { deniedBecause } from './denied';
import { isSameJob } from './same-job';

/** What a check found: whether it holds, and for people what it saw. */
type Found = readonly [holds: boolean, value: string];

interface Check {
  readonly name: StopBlocked;
  /** What has to be so, for people. */
  readonly text: string;
  /**
   * What has to be read before it can be told: the records, a call to AWS, the host's plan, an
   * inspection of its peers.
   */
  readonly from: 'records' | 'world' | 'plan' | 'peers';
  readonly holds: (candidate: StopCandidate) => Found;
}

/** Stops a day of 24 hours, and proposals of one case within an hour. */
const STOPS_PER_GROUP_DAY = 1;
const STOPS_PER_STACK_DAY = 2;
const PROPOSALS_PER_CASE_HOUR = 3;

/**
 * The kernel's start of a process is exact, but the boot time it counts from is rounded to the
 * second and may be slewed (core/diagnose/cause-status.ts).
 */
const SAME_START_MS = 2_000;

/** Every check up to what was read, evaluated: the alert and the log show the whole picture. */
export function evaluateStop(candidate: StopCandidate, upTo: Check['from'] = 'peers'): StopCheck[] {
  const asked = CHECKS.filter(({ from }) => ORDER.indexOf(from) <= ORDER.indexOf(upTo));
  return asked.map(({ name, text, holds }) => {
    const [passed, value] = holds(candidate);
    return { check: name, passed, value, limit: text };
  });
}

const ORDER: readonly Check['from'][] = ['records', 'world', 'plan', 'peers'];

export function failedOf(checks: readonly StopCheck[]): StopCheck[] {
  return checks.filter(({ passed }) => !passed);
}

// ---------------------------------------------------------------- readings

/** A reading that is not there, or could not be had, holds nothing. */
function read<Value>(reading: Reading<Value> | undefined, judge: (value: Value) => Found): Found {
  if (reading === undefined) return [false, 'not read'];
  return 'unread' in reading ? [false, `unreadable: ${reading.unread}`] : judge(reading.value);
}

function ofPlan(candidate: StopCandidate, judge: (plan: StopPlan) => Found): Found {
  const plan = planOf(candidate);
  return plan === undefined ? [false, 'no plan'] : judge(plan);
}

// ---------------------------------------------------------------- whether the target is out

/** Refusals of a removal that say no more than that the others are needed. */
const BY_CAPACITY: readonly Blocked[] = ['capacity-floor', 'capacity-projection', 'zone-floor', 'asg-at-min'];

/** The decision of the latest run refused the removal, and nothing but capacity stood before it. */
export function isRefusedByCapacity(incident: TargetCase, round: Round | undefined): boolean {
  const blocked = incident.state === 'suspected' ? (incident.decision?.blocked ?? []) : [];
  return (
    blocked.length > 0 &&
    blocked.every((reason) => BY_CAPACITY.includes(reason)) &&
    verdictOf(round, incident.target)?.verdict === 'convicted'
  );
}

function isOutAndStays(incident: TargetCase): boolean {
  const ejection = currentEjection(incident);
  return (
    incident.state === 'out' &&
    ejection?.confirmedAt !== undefined &&
    ejection.restoreIntentAt === undefined &&
    ejection.restoredAt === undefined
  );
}

function targetServes({ incident, round, serves }: StopCandidate): Found {
  if (isRefusedByCapacity(incident, round)) return [true, 'in service: capacity forbids its removal'];
  if (!isOutAndStays(incident)) return [false, `case ${incident.state}`];
  return read(serves, (value) => [!value, value ? 'it serves again' : 'out']);
}

// ---------------------------------------------------------------- who it is

function namedCulprit({ incident }: StopCandidate): Found {
  const culprit = culpritOf(incident);
  if (culprit === undefined) return [false, 'no finding names exactly one process'];
  if (culprit.startedAt === undefined) return [false, `pid ${culprit.pid}, of which no start is known`];
  if (incident.causeStatus === 'gone') return [false, 'it is gone'];
  return [true, `pid ${culprit.pid}`];
}

/** Another open case that names the same job: its target may be out, and is no peer then. */
function elsewhere(candidate: StopCandidate, culprit: Culprit): Case | undefined {
  const { incident, openCases } = candidate;
  return openCases.find(
    (other) =>
      other.about === 'target' &&
      other.target.id !== incident.target.id &&
      (other.diagnosis?.findings ?? []).some((finding) => finding.culprit !== undefined && isSameJob(finding.culprit, culprit)),
  );
}

function onPeers(candidate: StopCandidate): Found {
  const culprit = culpritOf(candidate.incident);
  const other = culprit === undefined ? undefined : elsewhere(candidate, culprit);
  if (other !== undefined) return [false, `case ${other.id} names the same command on ${other.target?.id}`];
  return read(candidate.peersRunning, (hosts) => [hosts.length === 0, hosts.length === 0 ? 'on no peer' : hosts.join(', ')]);
}

function samePlan(candidate: StopCandidate): Found {
  return ofPlan(candidate, (plan) => {
    const culprit = culpritOf(candidate.incident);
    if (culprit?.startedAt === undefined) return [false, 'no culprit to hold it against'];
    if (plan.process.pid !== culprit.pid) return [false, `the host looked at pid ${plan.process.pid}`];
    const apartMs = Math.abs(plan.startedAt - culprit.startedAt);
    if (!(apartMs <= SAME_START_MS)) return [false, `it began ${Math.round(apartMs / 1000)} s apart from the finding's`];
    if (plan.tree[0]?.pid !== plan.process.pid) return [false, 'its tree does not begin with it'];
    const { proposed } = candidate;
    if (proposed !== undefined && plan.digest !== proposed.digest) return [false, 'not what was proposed any more'];
    return [true, plan.digest.slice(0, 12)];
  });
}

/**
 * How long the same process is not proposed again: nobody's answer is asked for once more after an
 * hour, a no holds for a day, and what was withdrawn may come back as soon as it holds.
 */
function askedAgainMs({ state }: Stop): number {
  if (state === 'withdrawn') return 0;
  return state === 'expired' ? HOUR_MS : DAY_MS;
}

function proposedLately(candidate: StopCandidate): Found {
  const { now, incident, stops } = candidate;
  const lately = stops.filter(({ caseId, proposedAt }) => caseId === incident.id && now - proposedAt < HOUR_MS);
  const digest = planOf(candidate)?.digest;
  const same = stops.find((stop) => stop.plan.digest === digest && now - stop.proposedAt < askedAgainMs(stop));
  if (same !== undefined) return [false, `the same process was proposed and ${same.state}`];
  return [lately.length < PROPOSALS_PER_CASE_HOUR, `${lately.length} proposals of this case within the hour`];
}

// ---------------------------------------------------------------- the table

function spentIn({ stops, now }: StopCandidate, groupArn?: string): number {
  return stops.filter((stop) => (groupArn === undefined || stop.groupArn === groupArn) && isSpent(stop, now)).length;
}

function breaker({ stops, incident }: StopCandidate): Found {
  const open = stops.filter(({ groupArn, blocksGroup }) => groupArn === incident.groupArn && blocksGroup === true);
  return [open.length === 0, open.map(({ id }) => id).join(', ') || 'none'];
}

function underWay({ stops }: StopCandidate): Found {
  const others = stops.filter(isUnderWay);
  return [others.length === 0, others.map(({ id, state }) => `${id} (${state})`).join(', ') || 'none'];
}

function planned({ plan }: StopCandidate): Found {
  return read(plan, (value) => [value !== undefined, value === undefined ? 'no process has its pid' : 'planned']);
}

function rootOwned({ executable }: StopPlan): Found {
  const wrong = [
    ...(executable.ownerUid === 0 ? [] : [`owned by uid ${executable.ownerUid}`]),
    ...(executable.writableByOthers ? ['writable by others'] : []),
    ...(executable.replaced ? ['replaced since it began'] : []),
  ];
  return [wrong.length === 0, wrong.join(', ') || executable.path];
}

function managed({ starter }: StopPlan): Found {
  const by = starter?.kind === 'cron' ? starter.managedBy : undefined;
  return [by === undefined, by ?? 'by nobody'];
}

export const CHECKS: readonly Check[] = [
  {
    name: 'stop-off',
    text: 'the group allows commands to be stopped',
    from: 'records',
    holds: ({ allow, incident }) => [
      allow.length > 0,
      allow.length > 0 ? `${allow.length} allowed` : `off in ${groupName(incident.groupArn)}`,
    ],
  },
  {
    name: 'stop-switch',
    text: 'the switch for stops is off',
    from: 'records',
    holds: ({ stopSwitch: { on, why } }) => [!on, why],
  },
  { name: 'stop-breaker', text: 'every failed stop of the group was looked at', from: 'records', holds: breaker },
  {
    name: 'unreadable-stop',
    text: 'every record of a stop can be read',
    from: 'records',
    holds: ({ unreadable }) => [unreadable.length === 0, unreadable.join(', ') || 'none'],
  },
  {
    name: 'budget-group-day',
    text: `fewer than ${STOPS_PER_GROUP_DAY} stop of the group within 24 h`,
    from: 'records',
    holds: (candidate) => {
      const spent = spentIn(candidate, candidate.incident.groupArn);
      return [spent < STOPS_PER_GROUP_DAY, String(spent)];
    },
  },
  {
    name: 'budget-stack-day',
    text: `fewer than ${STOPS_PER_STACK_DAY} stops of the stack within 24 h`,
    from: 'records',
    holds: (candidate) => {
      const spent = spentIn(candidate);
      return [spent < STOPS_PER_STACK_DAY, String(spent)];
    },
  },
  { name: 'another-host', text: 'no other stop is under way', from: 'records', holds: underWay },
  {
    name: 'proposed-lately',
    text: `fewer than ${PROPOSALS_PER_CASE_HOUR} proposals of the case within the hour, and this process was neither denied nor refused within the day`,
    from: 'records',
    holds: proposedLately,
  },
  { name: 'no-culprit', text: 'the findings name exactly one process, and it is there', from: 'records', holds: namedCulprit },
  {
    name: 'culprit-in-container',
    text: 'it runs on the host itself',
    from: 'records',
    holds: ({ incident }) => {
      const container = culpritOf(incident)?.container;
      return [container === undefined, container ?? 'in no container'];
    },
  },
  { name: 'target-serves', text: 'its target is out, or capacity forbids that', from: 'world', holds: targetServes },
  {
    name: 'not-tagged',
    text: 'the group and the instance carry the tag sickbay:stop of this stack',
    from: 'world',
    holds: ({ tagged }) => read(tagged, (value) => [value, value ? 'both' : 'not both']),
  },
  {
    name: 'calendar-closed',
    text: 'every Change Calendar is open',
    from: 'world',
    holds: ({ calendarOpen }) => read(calendarOpen, (value) => [value, value ? 'open' : 'closed']),
  },
  { name: 'plan-failed', text: 'the host makes a plan of it', from: 'plan', holds: planned },
  { name: 'plan-differs', text: 'it is the process of the finding, and of the proposal', from: 'plan', holds: samePlan },
  {
    name: 'host-unsupported',
    text: 'the host can do it',
    from: 'plan',
    holds: (candidate) => ofPlan(candidate, ({ unsupported }) => [unsupported === undefined, unsupported ?? 'it can']),
  },
  {
    name: 'denied-process',
    text: 'nothing in its tree is what the host or its data live by',
    from: 'plan',
    holds: (candidate) =>
      ofPlan(candidate, (plan) => {
        const why = deniedBecause(plan);
        return [why === undefined, why ?? 'nothing'];
      }),
  },
  {
    name: 'listens',
    text: 'it serves nobody and is no part of the application',
    from: 'plan',
    holds: (candidate) =>
      ofPlan(candidate, ({ listens, sharesApplication }) => [
        !listens && !sharesApplication,
        listens ? 'it accepts connections' : sharesApplication ? 'it is in the tree or the cgroup of the application' : 'neither',
      ]),
  },
  {
    name: 'not-allowed',
    text: 'an entry of the allow-list fits its executable, user, arguments and parent',
    from: 'plan',
    holds: (candidate) =>
      ofPlan(candidate, (plan) => {
        const entry = allowedBy(candidate.allow, plan);
        return [entry !== undefined, entry === undefined ? 'none fits' : entry.arguments];
      }),
  },
  {
    name: 'executable-writable',
    text: 'its executable belongs to root, only root may change it, and nobody has',
    from: 'plan',
    holds: (candidate) => ofPlan(candidate, rootOwned),
  },
  {
    name: 'starter-unknown',
    text: 'what starts it is known',
    from: 'plan',
    holds: (candidate) => ofPlan(candidate, ({ starter }) => [starter !== undefined, starter?.kind ?? 'nothing found']),
  },
  {
    name: 'starter-managed',
    text: 'nothing else manages what starts it',
    from: 'plan',
    holds: (candidate) => ofPlan(candidate, managed),
  },
  { name: 'culprit-on-peers', text: 'no peer runs the command, or may', from: 'peers', holds: onPeers },
];
