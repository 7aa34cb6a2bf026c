/** One target group, or those that a tag selects. */
import * as z from 'zod/mini';
import { ecs } from './ecs';
import { groupStop } from './stop';
import { strict, integer, decimal, text, choice, list, PORT, PATH, tag } from './values';
import { probe } from './probe';

const GROUP_ARN = text(
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
  'the ARN of a target group, such as "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef"',
);

const METRIC = text(/^[A-Za-z_:][A-Za-z0-9_:]{0,120}$/, 'the name of a metric, such as "shop_pool_active"');

/**
 * The app's own names for its connection pool, where it exports none of the usual ones
 * (docs/diagnosis.md lists those).
 */
const pool = strict({
  active: METRIC,
  max: METRIC,
  waiting: z.optional(METRIC),
});

/**
 * The application's metrics page, where the prober may read it over the network of a target whose
 * host cannot be inspected: a task on Fargate, an address outside EC2.
 */
const page = strict({
  port: PORT,
  path: z._default(PATH, '/metrics'),
  protocol: z._default(choice('HTTP', 'HTTPS'), 'HTTP'),
});

const inspection = strict({
  metricsPort: z.optional(PORT),
  metricsPath: z._default(PATH, '/metrics'),
  page: z.optional(page),
  databasePorts: z._default(list(PORT, 0, 8, 'ports'), []),
  pool: z.optional(pool),
}).check(
  z.refine((value) => value.pool === undefined || value.metricsPort !== undefined || value.page !== undefined, {
    path: ['metricsPort'],
    error: 'the port of the metrics, which "pool" is read from; or "page"',
  }),
);

/**
 * What one target can serve, where neither pools nor CPU say how full it is: measured in a load
 * test, by the operator.
 */
const capacity = strict({
  requestsPerSecondPerTarget: decimal(0.1, 1_000_000),
});

export const targetGroup = strict({
  arn: z.optional(GROUP_ARN),
  tag: z.optional(tag),
  probe: z.optional(probe),
  inspection: z.optional(inspection),
  owner: z.optional(choice('static', 'asg', 'ecs')),
  ecs: z.optional(ecs),
  /**
   * Of a Network Load Balancer's group: `act` lets targets be removed from it though that takes
   * about 120 s to be felt. Without it the group is observed.
   */
  nlb: z.optional(choice('act')),
  minHealthy: z._default(integer(1, 1000), 1),
  capacity: z.optional(capacity),
  stop: z.optional(groupStop),
}).check(
  z.refine((group) => (group.arn === undefined) !== (group.tag === undefined), { error: 'either "arn" or "tag"' }),
  z.refine((group) => group.owner !== 'ecs' || group.ecs !== undefined, {
    path: ['ecs'],
    error: '"cluster" and "service", where "owner" is "ecs"',
  }),
  z.refine((group) => group.owner === 'ecs' || group.ecs === undefined, { path: ['ecs'], error: 'nothing unless "owner" is "ecs"' }),
  z.refine((group) => group.owner !== 'ecs' || group.nlb === undefined, {
    path: ['nlb'],
    error: 'nothing where "owner" is "ecs": a task is never replaced behind a Network Load Balancer',
  }),
  z.refine((group) => group.owner !== 'ecs' || group.tag === undefined, {
    path: ['tag'],
    error: '"arn", where "owner" is "ecs": a service is declared for one target group',
  }),
);
