/**
 * The plans with a service of ECS whose crash points are tried exhaustively. One task of six is
 * slow; where nothing else is said its service lets it go.
 */
import { groupDeleted, killSwitchSet } from './base-plans';
import type { Plan } from './happenings';
import { groupArn, type GroupPlan } from './plan';
import { GOOD_HABITS, SERVICE, type HabitPlan, type ServicePlan } from './plan-service';
import { deployed, operatorAsks, sickTaskProtected, sickTaskStopped, taskHeals, taskSickens } from './service-happenings';

export const SLOW = taskSickens(1, 0);

/** Long enough for a drain, a scheduled stop, its retries and the verification. */
const CALM_MINUTES = 90;

/** A task of six is slow from the first minute on, and nobody registers it again. */
export function servicePlan(more: Partial<Plan> = {}, service: Partial<ServicePlan> = {}, habits: Partial<HabitPlan> = {}): Plan {
  return {
    name: 'service',
    groups: [serviceGroup()],
    service: {
      launchType: 'EC2',
      networkMode: 'awsvpc',
      desired: 6,
      minimumHealthyPercent: 50,
      maximumPercent: 200,
      habits: { ...GOOD_HABITS, registersAgainMs: 'never', ...habits },
      ...service,
    },
    minutes: 14,
    calmMinutes: CALM_MINUTES,
    poolInUse: 5,
    happenings: [SLOW],
    ...more,
  };
}

export function serviceGroup(more: Partial<GroupPlan> = {}): GroupPlan {
  return { name: SERVICE, owner: 'ecs', hosts: [], attributes: { 'deregistration_delay.timeout_seconds': '90' }, ...more };
}

const PROTECTED = sickTaskProtected(4, 120);

export const SERVICE_PLANS: readonly Plan[] = [
  servicePlan({ name: 'service-replaced', minutes: 18 }),
  servicePlan({ name: 'service-replaced-at-a-port', minutes: 18 }, { networkMode: 'bridge' }),
  servicePlan({ name: 'service-called-off', happenings: [SLOW, PROTECTED] }),
  servicePlan({ name: 'service-deployed-meanwhile', happenings: [SLOW, deployed(4)] }, {}, { reusesAddresses: 1 }),
  // As ECS is said to: at once, so that its target never shows as gone for long.
  servicePlan({ name: 'service-registers-again', minutes: 20 }, {}, { registersAgainMs: [0, 0] }),
  // After it has drained, right before its task is stopped.
  servicePlan({ name: 'service-registers-again-late', minutes: 20 }, {}, { registersAgainMs: [110_000, 110_000] }),
  servicePlan({ name: 'service-replacement-sick', minutes: 18 }, {}, { startsSick: 1 }),
  // For longer than `durations.verifyS`.
  servicePlan({ name: 'service-replacement-fails-to-start', minutes: 32 }, {}, { startFails: 1 }),
  // The next task gets its address while the switch keeps its own stop from going on.
  servicePlan(
    { name: 'service-task-stopped-by-somebody', happenings: [SLOW, killSwitchSet(3, 'on'), sickTaskStopped(4)] },
    {},
    { reusesAddresses: 1 },
  ),
  servicePlan({ name: 'service-operator-wants-back', happenings: [SLOW, operatorAsks(4, 0, 'restore'), taskHeals(7, 0)] }),
  servicePlan({ name: 'service-operator-gives-up', happenings: [SLOW, operatorAsks(4, 0, 'give-up'), taskHeals(7, 0)] }),
  servicePlan({ name: 'service-group-deleted', happenings: [SLOW, groupDeleted(4, groupArn(SERVICE))] }),
  servicePlan({ name: 'service-stack-deleted', happenings: [SLOW, PROTECTED], deletedFromMinute: 5 }),
  servicePlan({ name: 'service-controller-lost', goneFromMinute: 4 }),
];
