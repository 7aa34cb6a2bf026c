/**
 * The load balancer tells CloudWatch what it measured, as an ALB does: of the group, only while
 * requests flow, and no metric that is zero.
 */
import type { Fleet } from '../fleet/fleet';
import type { World } from '../world/world';
import { GROUP_ARN, LOAD_BALANCER } from './config';

const DIMENSIONS = { TargetGroup: GROUP_ARN.split(':').at(-1) ?? GROUP_ARN, LoadBalancer: LOAD_BALANCER };

/** An ALB tells each minute; this one each second, because a drill's minute is that short. */
const EVERY_MS = 1_000;

/** Begins to tell. Returns how to end it. */
export function tellMetrics(world: World, fleet: Fleet): () => void {
  const telling = setInterval(() => tell(world, fleet), EVERY_MS);
  return () => clearInterval(telling);
}

function tell({ metrics }: World, fleet: Fleet): void {
  const feed = (name: string, value: number) => metrics.feed('AWS/ApplicationELB', name, DIMENSIONS, value);
  for (const { latencyMs, serverErrors, connectionErrors } of fleet.loadBalancer?.takeResponseTimes() ?? []) {
    for (const ms of latencyMs) feed('TargetResponseTime', ms / 1000);
    feed('RequestCount', latencyMs.length + connectionErrors);
    if (serverErrors > 0) feed('HTTPCode_Target_5XX_Count', serverErrors);
    if (connectionErrors > 0) feed('TargetConnectionErrorCount', connectionErrors);
  }
}
