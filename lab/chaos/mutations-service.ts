/**
 * Guards of a replacement, taken away by lying about its service, its task or the load balancer, or
 * by leaving out a step. A task of six is slow, and nobody registers it again.
 */
import type { EcsTask, ServiceView } from '../../core/model';
import { killSwitchSet } from './base-plans';
import { serviceGroup, servicePlan, SLOW } from './base-plans-service';
import { aboutServices, lying } from './lies';
import type { Alteration, Mutation } from './mutation';
import { deployed, serviceScaled, sickTaskProtected, sickTaskStopped, somebodyStops, taskSickens } from './service-happenings';

function service(fields: (view: ServiceView['service']) => Partial<ServiceView['service']>): () => Alteration {
  return aboutServices((view) => ({ ...view, service: { ...view.service, ...fields(view.service) } }));
}

/** It always looks at rest: what is left of the others is its counts, and the reverse. */
const AT_REST = { deployments: [{ id: 'ecs-svc/0', status: 'PRIMARY', rolloutState: 'COMPLETED', failedTasks: 0 }], events: [] };

const OURS = { 'sickbay:enforce': 'Sickbay' };

export const REPLACEMENT: readonly Mutation[] = [
  {
    name: 'a service at rest',
    guardrail: 'service-deployment',
    takenAway: 'its deployments look completed, its counts complete',
    expected: 'frozen',
    plan: servicePlan({ happenings: [SLOW, deployed(3)] }, { maximumPercent: 400 }, { startsInMs: [400_000, 400_000] }),
    alter: service(({ desired }) => ({ ...AT_REST, running: desired, pending: 0 })),
  },
  {
    name: 'as many run as are desired',
    guardrail: 'service-counts',
    takenAway: 'it looks complete',
    expected: 'frozen',
    plan: servicePlan({ happenings: [SLOW, somebodyStops(2, 3)] }, {}, { replacesAfterMs: [400_000, 400_000] }),
    alter: service(({ desired }) => ({ running: desired, pending: 0, events: [] })),
  },
  {
    name: 'room under the minimum percent',
    guardrail: 'service-percent',
    takenAway: 'a minimum of 0 %',
    expected: 'service-minimum',
    plan: servicePlan({}, { minimumHealthyPercent: 100 }),
    alter: service(() => ({ minimumHealthyPercent: 0 })),
  },
  {
    name: 'protection',
    guardrail: 'task-protected',
    takenAway: 'every task looks unprotected',
    expected: 'task-protected',
    plan: servicePlan({ happenings: [SLOW, sickTaskProtected(2, 120)] }),
    alter: aboutServices((view) => ({ ...view, tasks: view.tasks.map((task) => ({ ...task, protection: { state: 'unprotected' } })) })),
  },
  {
    name: 'the tag of the service',
    takenAway: 'it looks tagged',
    expected: 'mode',
    plan: servicePlan({}, { tagged: false }),
    alter: aboutServices((view) => ({
      service: { ...view.service, tags: OURS },
      tasks: view.tasks.map((task) => ({ ...task, tags: OURS })),
    })),
  },
  {
    name: 'one replacement of a service an hour',
    guardrail: 'budget-service-hour',
    takenAway: '100 an hour',
    expected: 'budget',
    plan: servicePlan({ minutes: 34, happenings: [SLOW, taskSickens(16, 1)] }),
    alter: () => (given, config) => ({
      ports: given,
      config: { ...config, limits: { ...config.limits, replacementsPerServiceHour: 100 } },
    }),
  },
  {
    name: 'drained before it is stopped',
    takenAway: 'what drains looks gone, and the delay is none',
    expected: 'drain-first',
    plan: servicePlan(),
    alter: lying(({ loadBalancing }) => ({
      loadBalancing: {
        ...loadBalancing,
        health: async (arn) => (await loadBalancing.health(arn)).filter(({ state }) => state !== 'draining'),
        describe: async (groups) =>
          (await loadBalancing.describe(groups)).map((one) => ({
            ...one,
            attributes: { ...one.attributes, 'deregistration_delay.timeout_seconds': '0' },
          })),
      },
    })),
  },
  {
    name: 'the stop is scheduled first',
    takenAway: 'nothing is scheduled, and it looks as if it were',
    expected: 'restore-first',
    plan: servicePlan(),
    alter: lying(({ scheduledStops }) => ({
      scheduledStops: { ...scheduledStops, create: async () => undefined, move: async () => undefined, exists: async () => true },
    })),
  },
  {
    name: 'the scheduled stop is cancelled when it is called off',
    takenAway: 'it is not, and it looks as if it were',
    expected: 'task-protected',
    plan: servicePlan({ minutes: 20, happenings: [SLOW, sickTaskProtected(4, 120)] }),
    alter: lying(({ scheduledStops }) => ({
      scheduledStops: { ...scheduledStops, cancel: async () => undefined, exists: async () => false },
    })),
  },
  {
    name: 'its address is still its own when it is registered again',
    takenAway: 'the stopped task looks as if it still ran there',
    expected: 'other-holder',
    plan: servicePlan(
      {
        groups: [serviceGroup({ attributes: { 'deregistration_delay.timeout_seconds': '180' } })],
        happenings: [SLOW, sickTaskStopped(3), killSwitchSet(3, 'on')],
      },
      {},
      { reusesAddresses: 1, replacesAfterMs: [6_000, 6_000], startsInMs: [600_000, 600_000] },
    ),
    alter: () => {
      const seen = new Map<string, EcsTask>();
      return aboutServices((view) => {
        for (const task of view.tasks) if (task.lastStatus === 'RUNNING' && !seen.has(task.arn)) seen.set(task.arn, task);
        const ghosts = [...seen.values()].filter(({ arn }) => view.tasks.find((task) => task.arn === arn)?.lastStatus !== 'RUNNING');
        const isTaken = ({ targets }: EcsTask) => targets.some(({ id }) => ghosts.some((ghost) => ghost.targets[0]?.id === id));
        return { ...view, tasks: [...view.tasks.filter((task) => !isTaken(task)), ...ghosts] };
      })();
    },
  },
  {
    name: 'a replacement is well before it is called so',
    takenAway: 'every target looks clean once a task was stopped',
    expected: 'replacement-verified',
    plan: servicePlan({ minutes: 20 }, {}, { startsSick: 1 }),
    alter: () => (given, config, stage) => ({
      ports: {
        ...given,
        rounds: {
          latest: async (arn, limit) => {
            const rounds = await given.rounds.latest(arn, limit);
            if (stage.checker.replacements.stopped.length === 0) return rounds;
            return rounds.map((round) => ({
              ...round,
              verdicts: round.verdicts.map((verdict) => ({ ...verdict, verdict: 'clean' as const, cold: false, medianMs: 40 })),
            }));
          },
        },
      },
      config,
    }),
  },
  {
    name: 'the kill switch before a stop',
    takenAway: 'it looks off',
    expected: 'kill-switch',
    plan: servicePlan({ happenings: [SLOW, killSwitchSet(3, 'on')] }),
    alter: lying(({ killSwitch }) => ({
      killSwitch: {
        read: async () => {
          await killSwitch.read();
          return { state: 'off' as const };
        },
      },
    })),
  },
  {
    name: 'the floor',
    takenAway: 'minHealthy of 1',
    expected: 'floor',
    plan: servicePlan({ groups: [serviceGroup({ minHealthy: 6 })] }),
    alter: () => (given, config) => ({
      ports: given,
      config: { ...config, targetGroups: config.targetGroups.map((entry) => ({ ...entry, minHealthy: 1 })) },
    }),
  },
  {
    name: 'fewer tasks, and none is scaled in by us',
    takenAway: 'the service looks as large as before',
    expected: 'frozen',
    plan: servicePlan({ happenings: [SLOW, serviceScaled(3, 2)] }, {}, { startsInMs: [300_000, 300_000] }),
    alter: service(({ running }) => ({ ...AT_REST, desired: running, pending: 0 })),
  },
];
