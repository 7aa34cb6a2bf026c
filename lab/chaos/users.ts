/** The users of the groups, as the load balancer tells CloudWatch of them. */
import type { Stage } from './roles';

/** Requests a minute and target. */
const USERS_A_TARGET = 100;

const MINUTE_MS = 60_000;

/** How long after a minute's end CloudWatch tells of it, where the plan does not say. */
const METRICS_LATE_S = 90;

/**
 * The minute of users that begins now, spread evenly over what is registered; told some minutes
 * after it has ended.
 */
export function serveUsers({ clock, world, fleet, plan, tasks }: Stage, loadBalancerArn: string): void {
  const at = clock.now();
  for (const arn of world.elb.groupArns()) {
    const ids = world.elb.routable(arn).map((target) => tasks.behind(target));
    const failing = ids.filter((id) => fleet.isFailing(id));
    const dimensions = { TargetGroup: arn.split(':').at(-1) ?? '', LoadBalancer: loadBalancerArn.split(':loadbalancer/')[1] ?? '' };
    const toldAt = at + MINUTE_MS + (plan.metricsLateS ?? METRICS_LATE_S) * 1000;
    const tell = (name: string, value: number) =>
      clock.at(toldAt, () => world.metrics.feed('AWS/ApplicationELB', name, dimensions, value, at));
    if (ids.length > 0) tell('RequestCount', ids.length * USERS_A_TARGET);
    if (failing.length > 0) tell('HTTPCode_Target_5XX_Count', failing.length * USERS_A_TARGET);
    for (const id of ids) tell('TargetResponseTime', fleet.usualMs(id) / 1000);
  }
}
