/**
 * Rules of order and limits of a replacement that are taken away: what is on record and what is
 * read before each call, how often a task is deregistered, and what stands between one replacement
 * and the next.
 */
import type { Case, EcsTask } from '../../core/model';
import { servicePlan, SLOW } from './base-plans-service';
import type { Plan } from './happenings';
import { aboutServices, lying } from './lies';
import type { Mutation } from './mutation';
import { intentsLost, readOnce } from './mutations-order';
import { agentLost, operatorAsks, sickTaskProtected, somebodyStops, taskHeals, taskSickens } from './service-happenings';

/** The open cases are changed on their way to the responder. */
function cases(change: (incident: Case) => Case[]): Mutation['alter'] {
  return lying(({ cases: given }) => ({ cases: { ...given, open: async () => (await given.open()).flatMap(change) } }));
}

function lost(isIntent: (replacement: NonNullable<Extract<Case, { about: 'target' }>['replacement']>) => boolean): Mutation['alter'] {
  return () => intentsLost(({ replacement }) => replacement !== undefined && isIntent(replacement));
}

/** Beyond the hourly limit: what stands between two replacements besides it. */
const AN_HOUR_LATER: Partial<Plan> = { minutes: 74 };

/** The newest of six. */
const SUCCESSOR = 5;

export const REPLACEMENT_ORDER: readonly Mutation[] = [
  {
    name: 'intent before a task is deregistered',
    takenAway: 'it is not stored',
    expected: 'intent-first',
    plan: servicePlan(),
    alter: lost(({ outAt, calledOffAt }) => outAt === undefined && calledOffAt === undefined),
  },
  {
    name: 'intent before a task is stopped',
    takenAway: 'it is not stored',
    expected: 'intent-first',
    plan: servicePlan(),
    alter: lost(
      ({ stopIntentAt, stoppedAt, calledOffAt }) => stopIntentAt !== undefined && stoppedAt === undefined && calledOffAt === undefined,
    ),
  },
  {
    name: 'intent before a task is registered again',
    takenAway: 'it is not stored',
    expected: 'intent-first',
    plan: servicePlan({ happenings: [SLOW, sickTaskProtected(4, 120)] }),
    alter: lost(({ registerIntentAt, returnedAt }) => registerIntentAt !== undefined && returnedAt === undefined),
  },
  {
    name: 'target health is read again before a task is moved or stopped',
    takenAway: 'what the run read first is taken for true',
    expected: 'fresh-look',
    plan: servicePlan(),
    alter: lying(({ loadBalancing }) => ({ loadBalancing: { ...loadBalancing, health: readOnce((arn) => loadBalancing.health(arn)) } })),
  },
  {
    name: 'its service is read again before a task is moved or stopped',
    takenAway: 'what the run read first is taken for true',
    expected: 'fresh-look',
    plan: servicePlan(),
    alter: lying(({ ecs }) => {
      let first: ReturnType<typeof ecs.read> | undefined;
      return { ecs: { ...ecs, read: (...asked) => (first ??= ecs.read(...asked)) } };
    }),
  },
  {
    name: 'the kill switch is read again before a task is moved or stopped',
    takenAway: 'what the run read first is taken for true',
    expected: 'kill-switch',
    plan: servicePlan(),
    alter: lying(({ killSwitch }) => {
      const read = readOnce(() => killSwitch.read());
      return { killSwitch: { read: () => read('') } };
    }),
  },
  {
    name: 'a task is deregistered three times at most',
    takenAway: 'only the last time is remembered',
    expected: 'contested',
    plan: servicePlan({ minutes: 20 }, {}, { registersAgainMs: [0, 0] }),
    alter: cases((incident) => {
      const { replacement } = incident;
      return [
        replacement === undefined
          ? incident
          : { ...incident, replacement: { ...replacement, deregisteredAt: replacement.deregisteredAt.slice(-1) } },
      ];
    }),
  },
  {
    name: 'a person who wants the task to go on is heard',
    takenAway: 'nobody seems to have asked',
    expected: 'request-kept',
    plan: servicePlan({ happenings: [SLOW, operatorAsks(3, 0, 'restore')] }),
    alter: cases((incident) => {
      const { replacement } = incident;
      if (replacement === undefined) return [incident];
      const { restoreAskedBy: _by, calledOffAt: _at, calledOffBecause: _because, scheduleCancelledAt: _cancelled, ...asIf } = replacement;
      return [{ ...incident, replacement: asIf }];
    }),
  },
  {
    name: 'a hold before a stop',
    takenAway: 'holds are not read',
    expected: 'held',
    plan: servicePlan({ happenings: [SLOW, operatorAsks(3, 0, 'hold')] }),
    alter: cases((incident) => (incident.about === 'hold' ? [] : [incident])),
  },
  {
    name: 'the container host is at rest',
    guardrail: 'host-draining',
    takenAway: 'every agent looks connected',
    expected: 'frozen',
    plan: servicePlan({ happenings: [SLOW, ...[1, 2, 3, 4, 5, 6].map((number) => agentLost(2, number))] }),
    alter: aboutServices((view) => ({
      ...view,
      tasks: view.tasks.map((task): EcsTask =>
        task.host === undefined ? task : { ...task, host: { ...task.host, agentConnected: true } },
      ),
    })),
  },
  {
    name: 'a service that starts its tasks',
    guardrail: 'service-failing',
    takenAway: 'its events tell of nothing',
    expected: 'frozen',
    plan: servicePlan({ minutes: 12, happenings: [somebodyStops(0, 3), taskSickens(2, 0)] }, {}, { placementFails: 0.7 }),
    alter: aboutServices((view) => ({ ...view, service: { ...view.service, events: [] } })),
  },
  {
    name: 'a replacement that failed is the breaker of its service',
    guardrail: 'replacement-open',
    takenAway: 'its case is not read',
    expected: 'budget',
    plan: servicePlan({ ...AN_HOUR_LATER, happenings: [SLOW, taskHeals(40, SUCCESSOR), taskSickens(64, 1)] }, {}, { startsSick: 1 }),
    alter: cases((incident) => (incident.replacement?.failedAt === undefined ? [incident] : [])),
  },
  {
    name: 'what took the place of a sick task is not replaced',
    guardrail: 'replacement-repeats',
    takenAway: 'closed cases are forgotten',
    expected: 'budget',
    plan: servicePlan({ ...AN_HOUR_LATER, happenings: [SLOW, taskSickens(64, SUCCESSOR)] }),
    alter: lying(({ cases: given }) => ({ cases: { ...given, closedSince: async () => [] } })),
  },
];
