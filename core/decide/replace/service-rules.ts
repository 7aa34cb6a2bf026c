/**
 * What has to hold of a service of ECS before one of its tasks is replaced, whichever task it is:
 * for the guardrails, and for who sets it up.
 */
import type { GuardrailCheck, ServiceView } from '../../model';

export interface ServiceRule {
  readonly guardrail: GuardrailCheck['guardrail'];
  readonly limit: string;
  /** What is in the way; `now` in epoch ms. */
  readonly look: (view: ServiceView, now: number) => string[];
}

/** What of the service is in the way of a replacement, in the order of the guardrails. */
export function obstaclesOf(view: ServiceView, now: number): string[] {
  return SERVICE_RULES.flatMap(({ look }) => look(view, now));
}

function rule(guardrail: ServiceRule['guardrail'], limit: string, look: ServiceRule['look']): ServiceRule {
  return { guardrail, limit, look };
}

/**
 * Deregistration drains what comes through this target group alone: what comes another way is cut
 * when the task stops.
 */
const noOtherTraffic = rule('service-other-traffic', 'requests through this target group alone', ({ service }) => [
  ...(service.targetGroupArns.length === 1 ? [] : [`registers in ${service.targetGroupArns.length} places`]),
  ...service.otherWays,
]);

/**
 * CODE_DEPLOY and EXTERNAL keep task sets of their own, a DAEMON has one task an instance, and the
 * newer strategies move traffic between two target groups: none is replaced by a rolling scheduler.
 */
const understood = rule('service-scheduling', 'REPLICA, by ECS, ROLLING', ({ service: { schedulingStrategy, controller, strategy } }) => [
  ...(schedulingStrategy === 'REPLICA' ? [] : [`scheduling strategy ${schedulingStrategy}`]),
  ...(controller === 'ECS' ? [] : [`deployment controller ${controller}`]),
  ...(strategy === 'ROLLING' ? [] : [`deployment strategy ${strategy}`]),
]);

const atRest = rule('service-deployment', 'one deployment, PRIMARY and COMPLETED', ({ service: { deployments } }) => {
  const isOne = deployments.length === 1 && deployments[0]?.status === 'PRIMARY' && deployments[0].rolloutState === 'COMPLETED';
  const told = deployments.map(({ status, rolloutState = 'no rollout state' }) => `${status} ${rolloutState}`);
  return isOne ? [] : [told.join(', ') || 'no deployment'];
});

/** With fewer than three there are no peers to have measured it against, nor to carry its load. */
const LEAST_DESIRED = 3;

const complete = rule(
  'service-counts',
  `as many running as desired, at least ${LEAST_DESIRED}, none pending`,
  ({ service: { desired, running, pending } }) => {
    const isWhole = running === desired && pending === 0 && desired >= LEAST_DESIRED;
    return isWhole ? [] : [`${running} running and ${pending} pending of ${desired}`];
  },
);

/**
 * StopTask does not ask for them (they bind deployments and the replacement of unhealthy tasks;
 * DeploymentConfiguration, API reference), so we do: its owner says how many may be missing.
 */
const roomInPercent = rule('service-percent', "room for one less by the service's own percentages", ({ service }) => {
  const { desired, running, minimumHealthyPercent: least, maximumPercent: most } = service;
  if (least === undefined || most === undefined) return ['its percentages are not told'];
  const must = Math.ceil((desired * least) / 100 - 1e-9);
  const may = Math.floor((desired * most) / 100 + 1e-9);
  return [
    ...(running - 1 >= must ? [] : [`minimumHealthyPercent ${least}: ${must} of ${desired} have to run`]),
    ...(may >= desired ? [] : [`maximumPercent ${most}: at most ${may} of ${desired} may run`]),
  ];
});

/** ECS says so in events of the service (developer guide, "Amazon ECS service event messages"). */
const TROUBLE = /unable to|circuit breaker|rolling back|failed|unhealthy/i;

/** Events from before do not speak of the present. */
const TROUBLE_MS = 900_000;

const startsTasks = rule('service-failing', 'no task failed to start, no circuit breaker at work', ({ service }, now) => [
  ...service.deployments.filter(({ failedTasks }) => failedTasks > 0).map(({ failedTasks }) => `${failedTasks} failed tasks`),
  ...service.deployments.filter(({ rolloutState }) => rolloutState === 'FAILED').map(() => 'a deployment FAILED'),
  ...service.events
    .filter(({ at, says }) => now - at < TROUBLE_MS && TROUBLE.test(says))
    .slice(0, 1)
    .map(({ says }) => says.slice(0, 120)),
]);

export const SERVICE_RULES: readonly ServiceRule[] = [noOtherTraffic, understood, atRest, complete, roomInPercent, startsTasks];
