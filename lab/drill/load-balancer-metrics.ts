/**
 * The load balancer tells CloudWatch what it measured, as an ALB does: of the group, only while
 * requests flow, and no metric that is zero; and delivers its access logs to a log group.
 */
import type { Fleet } from '../fleet/fleet';
import type { LogRecord } from '../world/insights';
import type { World } from '../world/world';
import type { LoggedRequest } from '../fleet/load-balancer';
import { GROUP_ARN, LOAD_BALANCER, LOG_GROUP } from './config';

const DIMENSIONS = { TargetGroup: GROUP_ARN.split(':').at(-1) ?? GROUP_ARN, LoadBalancer: LOAD_BALANCER };

/** An ALB tells each minute; this one each second, because a drill's minute is that short. */
const EVERY_MS = 1_000;

/** Begins to tell. Returns how to end it. */
export function tellMetrics(world: World, fleet: Fleet): () => void {
  const telling = setInterval(() => tell(world, fleet), EVERY_MS);
  return () => clearInterval(telling);
}

function tell({ metrics, logs, clock }: World, fleet: Fleet): void {
  for (const request of fleet.loadBalancer?.takeRequests() ?? [])
    logs.deliver(LOG_GROUP, recordOf(request), { at: request.at, ingestedAt: clock.now() });
  const feed = (name: string, value: number) => metrics.feed('AWS/ApplicationELB', name, DIMENSIONS, value);
  for (const { latencyMs, serverErrors, connectionErrors } of fleet.loadBalancer?.takeResponseTimes() ?? []) {
    for (const ms of latencyMs) feed('TargetResponseTime', ms / 1000);
    feed('RequestCount', latencyMs.length + connectionErrors);
    if (serverErrors > 0) feed('HTTPCode_Target_5XX_Count', serverErrors);
    if (connectionErrors > 0) feed('TargetConnectionErrorCount', connectionErrors);
  }
}

/** The fields of a record that the lab knows something of, named as they are delivered. */
function recordOf({ at, target, address, targetProcessingS, status, userAgent, path }: LoggedRequest): LogRecord {
  return {
    type: 'http',
    time: new Date(at).toISOString(),
    elb: LOAD_BALANCER,
    target_port: `${address}:${target.port}`,
    target_processing_time: targetProcessingS < 0 ? '-1' : targetProcessingS.toFixed(3),
    elb_status_code: String(status),
    target_status_code: targetProcessingS < 0 ? '-' : String(status),
    request_line: `GET http://checkout.example.com:80${path} HTTP/1.1`,
    user_agent: userAgent,
    target_group_arn: GROUP_ARN,
  };
}
