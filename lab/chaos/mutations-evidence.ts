/**
 * Guards that are about time: what was measured or found before something changed is taken for true
 * after it.
 */
import type { Case, Round } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import { causeEnds, heal, idle, killSwitchSet, sicken } from './base-plans';
import type { Call } from './invocation';
import type { Alteration, Mutation } from './mutation';
import { onePlan } from './mutations-config';
import { hostNames } from './plan';
import type { Stage } from './roles';

const [FIRST = ''] = hostNames(1);
const MINUTE_MS = 60_000;
const START_AT = Date.UTC(2026, 0, 1);

function minuteOf(call: Call): number {
  return (call.by.now() - START_AT) / MINUTE_MS;
}

function withOpenCases(change: (incident: Case, now: number) => Case): () => Alteration {
  return () => (ports, config) => {
    const open: RespondPorts['cases']['open'] = async () =>
      (await ports.cases.open()).map((incident) => change(incident, ports.clock.now()));
    return { ports: { ...ports, cases: { ...ports.cases, open } }, config };
  };
}

function readNow(incident: Case, now: number): Case {
  const { loads } = incident;
  const fresh = loads === undefined ? {} : { loads: loads.map((load) => ({ ...load, capturedAt: now })) };
  return incident.about === 'target' ? { ...incident, ...fresh, causeCheckedAt: now } : { ...incident, ...fresh };
}

/** Where the newest round alone is asked for, what a run was told first holds until its end. */
function newestRoundOnce(): Alteration {
  return (ports, config) => {
    const known = new Map<string, readonly Round[]>();
    const latest: RespondPorts['rounds']['latest'] = async (arn, limit) => {
      const rounds = await ports.rounds.latest(arn, limit);
      const before = known.get(arn);
      if (before === undefined) known.set(arn, rounds);
      return limit === 1 ? (before ?? rounds).slice(0, 1) : rounds;
    };
    return { ports: { ...ports, rounds: { latest } }, config };
  };
}

/** The kill switch is turned on between the intent and the call, for the first removal alone. */
function switchedOn(call: Call, stage: Stage): void {
  if (call.name === 'CreateSchedule' && minuteOf(call) < 3) stage.setKillSwitch('on');
}

export const GUARDS_IN_TIME: readonly Mutation[] = [
  {
    name: 'the newest round convicts right before the call',
    takenAway: 'the round that was decided on is taken for the newest',
    expected: 'evidence',
    plan: onePlan({}, { happenings: [sicken(1, FIRST), heal(3, FIRST)] }),
    chaos: { faultAt: (call) => (call.name === 'CreateSchedule' ? 'slow' : undefined) },
    alter: newestRoundOnce,
  },
  {
    name: 'evidence from before a spared removal does not count',
    takenAway: 'spared removals are forgotten',
    expected: 'evidence',
    plan: onePlan({}, { happenings: [sicken(1, FIRST), killSwitchSet(3, 'off')] }),
    chaos: { meddle: switchedOn },
    alter: withOpenCases((incident) => ({
      ...incident,
      ejections: incident.ejections.filter((ejection) => ejection.abandonedAt === undefined),
    })),
  },
  {
    name: 'a cause that was present expires',
    // One inspection reads both: a cause that is old comes with loads that are, and they alone
    // refuse the renewal.
    takenAway: 'it was always found just now, and the survivors were read with it',
    expected: 'renewal-needs-evidence',
    plan: onePlan({}, { minutes: 20, happenings: [sicken(1, FIRST), idle(5, FIRST), causeEnds(8, FIRST)] }),
    chaos: { faultAt: (call) => (call.name === 'hosts.inspect' && minuteOf(call) > 8 ? 'throttled' : undefined) },
    alter: withOpenCases((incident, now) => (incident.causeStatus === 'present' ? readNow(incident, now) : incident)),
  },
];
