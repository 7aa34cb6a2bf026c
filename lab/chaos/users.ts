/** The users of the groups, as the load balancer tells CloudWatch of them. */
import { isInstanceId, type Target } from '../../core/model';
import { LOG_GROUP, type LogDelivery } from './plan';
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
export function serveUsers(stage: Stage, loadBalancerArn: string): void {
  const { clock, world, fleet, plan, tasks } = stage;
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
    if (plan.accessLogs !== undefined) for (const target of world.elb.routable(arn)) log(stage, arn, target, plan.accessLogs);
  }
}

/** A host that answers later than this is slow. */
const SLOW_MS = 1_000;

/** The same minute of one target in the access logs, as they are delivered. */
function log({ clock, world, fleet, tasks }: Stage, groupArn: string, target: Target, delivery: LogDelivery): void {
  const address = isInstanceId(target.id) ? world.instances.find(target.id)?.address : target.id;
  if (address === undefined) return;
  const id = tasks.behind(target);
  const [began, tookMs] = [clock.now(), fleet.usualMs(id)];
  const at = began + MINUTE_MS / 2;
  const record = {
    time: new Date(at).toISOString(),
    elb: 'app/front/50dc6c495c0c9188',
    target_port: `${address}:${target.port}`,
    target_processing_time: (tookMs / 1000).toFixed(3),
    elb_status_code: fleet.isFailing(id) ? 500 : 200,
    target_group_arn: groupArn,
    user_agent: 'Mozilla/5.0',
  };
  const isLate = delivery === 'late' || (delivery === 'fast-first' && tookMs > SLOW_MS);
  const isBehind = delivery === 'out-of-order' && Math.floor(began / MINUTE_MS) % 2 === 0;
  const lateMs = isLate ? 10 * MINUTE_MS : isBehind ? 2.5 * MINUTE_MS : MINUTE_MS;
  const copies = delivery === 'never' ? 0 : delivery === 'doubled' ? 2 * USERS_A_TARGET : delivery === 'partial' ? 60 : USERS_A_TARGET;
  world.logs.deliver(LOG_GROUP, record, { at, ingestedAt: began + MINUTE_MS + lateMs, copies });
}
