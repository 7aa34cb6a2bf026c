/** What is seen of the load balancers beside the probes. */
import * as z from 'zod/mini';
import { strict, integer, text, distinct } from './values';

export const latencyAlarm = strict({
  /** As CloudWatch names it in the dimension `LoadBalancer`: the end of its ARN. */
  loadBalancer: text(
    /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    'the end of an Application Load Balancer\'s ARN, such as "app/checkout/0123456789abcdef"',
  ),
  /** Above this the p99 of a minute is an alarm. */
  thresholdMs: integer(1, 600_000),
});

/**
 * Log groups that the load balancers deliver their access logs to, as JSON (CloudWatch Logs,
 * vended logs). Real requests then speak for and against a removal.
 */
export const accessLogs = strict({
  logGroups: distinct(
    text(/^[A-Za-z0-9._/#-]{1,512}$/, 'the name of a log group of this account, such as "/aws/alb/checkout"'),
    1,
    10,
    'names of log groups',
  ),
  /** A query that has read more is stopped, MiB: each is paid for by what it reads. */
  maxScannedMiB: z._default(integer(10, 100_000), 2_000),
});
