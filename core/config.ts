/**
 * The one configuration schema: parsed at synth and again at cold start. Unknown keys are errors.
 * `parseConfig` gives every mistake one message with the path, the value got and the values
 * allowed.
 */
import * as z from 'zod/mini';
import { ConfigError, mistakesOf } from './config/mistakes';
import { ecs } from './config/ecs';
import { groupStop, stackStop } from './config/stop';
import { strict, integer, decimal, text, choice, list, distinct, PRINCIPAL_ARN } from './config/values';
import { GRPC_HEALTH_PATH } from './grpc';
import { GRPC_MATCHER, GRPC_METHOD } from './spoken';

export { ConfigError, type ConfigMistake } from './config/mistakes';

const PORT = integer(1, 65535);
const BASE64 = /^(?=.{0,4096}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PATH = text(/^\/[\x21-\x7e]{0,1023}$/, 'a path that starts with "/", without spaces, at most 1024 characters');
/** RFC 1123 host name, with an optional port. */
const HOST = text(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?$/, 'a host name, such as "checkout.example.com"');
const GROUP_ARN = text(
  /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
  'the ARN of a target group, such as "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef"',
);

/** The message of a gRPC call. Without it the call has an empty one. */
const grpc = strict({
  service: z.optional(text(/^[A-Za-z0-9_.\-/]{0,200}$/, 'the name of a service, as its health service knows it')),
  request: z.optional(text(BASE64, 'the bytes of a message in base64, at most 4096 characters')),
}).check(
  z.refine((value) => value.service === undefined || value.request === undefined, {
    path: ['request'],
    error: 'nothing beside "service", of which the message is made',
  }),
);

const HTTP_MATCHER = /^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?)*$/;

const probe = strict({
  path: PATH,
  host: z.optional(HOST),
  method: z._default(choice('GET', 'HEAD'), 'GET'),
  samples: z._default(integer(3, 20), 10),
  timeoutMs: z._default(integer(100, 10_000), 5_000),
  matcher: z.optional(
    text(
      new RegExp(`${HTTP_MATCHER.source}|${GRPC_MATCHER.source}`),
      'status codes as ELB writes them: "200", "200,202" or "200-299", in gRPC "0", "0,5" or "0-5"',
    ),
  ),
  port: z.optional(PORT),
  protocol: z.optional(choice('HTTP', 'HTTPS')),
  protocolVersion: z.optional(choice('HTTP1', 'HTTP2', 'GRPC')),
  grpc: z.optional(grpc),
  serverName: z.optional(HOST),
  ca: z.optional(text(/^-----BEGIN CERTIFICATE-----/, 'certificates in PEM')),
}).check(
  ...(['serverName', 'ca'] as const).map((key) =>
    z.refine<{ protocol?: string | undefined; serverName?: unknown; ca?: unknown }>(
      (value) => value.protocol !== 'HTTP' || value[key] === undefined,
      { path: [key], error: 'nothing where "protocol" is "HTTP"' },
    ),
  ),
  z.refine((value) => value.grpc === undefined || (value.protocolVersion ?? 'GRPC') === 'GRPC', {
    path: ['grpc'],
    error: 'nothing where "protocolVersion" is not "GRPC"',
  }),
  z.refine((value) => !isGrpc(value) || GRPC_METHOD.test(value.path), {
    path: ['path'],
    error: 'a gRPC method, such as "/grpc.health.v1.Health/Check"',
  }),
  z.refine((value) => !isGrpc(value) || value.method === 'GET', { path: ['method'], error: 'nothing in gRPC: a call is always a POST' }),
  z.refine((value) => value.matcher === undefined || !isGrpc(value) || GRPC_MATCHER.test(value.matcher), {
    path: ['matcher'],
    error: 'gRPC statuses from 0 to 99: "0", "0,5" or "0-5"',
  }),
  z.refine((value) => value.grpc?.service === undefined || value.path === GRPC_HEALTH_PATH, {
    path: ['grpc', 'service'],
    error: `nothing unless "path" is "${GRPC_HEALTH_PATH}"`,
  }),
);

/** Said so, or as good as said: whether the group is one is known at its first round. */
function isGrpc(value: { protocolVersion?: string | undefined; grpc?: unknown }): boolean {
  return value.protocolVersion === 'GRPC' || value.grpc !== undefined;
}

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

const inspection = strict({
  metricsPort: z.optional(PORT),
  metricsPath: z._default(PATH, '/metrics'),
  databasePorts: z._default(list(PORT, 0, 8, 'ports'), []),
  pool: z.optional(pool),
}).check(
  z.refine((value) => value.pool === undefined || value.metricsPort !== undefined, {
    path: ['metricsPort'],
    error: 'the port of the metrics, which "pool" is read from',
  }),
);

const tag = strict({
  key: text(/^.{1,128}$/, 'a tag key of 1 to 128 characters'),
  value: text(/^.{0,256}$/, 'a tag value of at most 256 characters'),
});

/**
 * What one target can serve, where neither pools nor CPU say how full it is: measured in a load
 * test, by the operator.
 */
const capacity = strict({
  requestsPerSecondPerTarget: decimal(0.1, 1_000_000),
});

const targetGroup = strict({
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
  z.refine((group) => group.owner !== 'ecs' || group.tag === undefined, {
    path: ['tag'],
    error: '"arn", where "owner" is "ecs": a service is declared for one target group',
  }),
);

const latencyAlarm = strict({
  /** As CloudWatch names it in the dimension `LoadBalancer`: the end of its ARN. */
  loadBalancer: text(
    /^app\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/,
    'the end of an Application Load Balancer\'s ARN, such as "app/checkout/0123456789abcdef"',
  ),
  /** Above this the p99 of a minute is an alarm. */
  thresholdMs: integer(1, 600_000),
});

const FORMAT = choice('text', 'amazon-q', 'json');

/**
 * How alerts are written on each topic: for people, as a custom notification of Amazon Q Developer
 * in chat applications, or as the event of docs/events.md.
 */
const alertFormat = strict({
  page: z._default(FORMAT, 'text'),
  notify: z._default(FORMAT, 'text'),
});

const SECURITY_GROUP = text(/^sg-[0-9a-f]{8,17}$/, 'a security group id, such as "sg-0123456789abcdef0"');

const admission = strict({
  securityGroupId: SECURITY_GROUP,
  /** On which the targets are probed. */
  port: PORT,
});

const network = strict({
  subnetIds: distinct(text(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id, such as "subnet-0123456789abcdef0"'), 1, 16, 'subnet ids'),
  securityGroupIds: distinct(SECURITY_GROUP, 1, 5, 'security group ids'),
  /**
   * Whether the prober may reach IPv6 addresses. Lambda demands that every subnet then has both
   * IPv4 and IPv6.
   */
  ipv6: z._default(z.boolean({ error: 'true or false' }), false),
  /** Security groups of the targets in which the stack makes the rule that admits the prober. */
  admittedBy: z._default(
    list(admission, 0, 50, 'security groups with a port').check(
      z.refine((rules) => new Set(rules.map(({ securityGroupId, port }) => `${securityGroupId} ${port}`)).size === rules.length, {
        error: 'each security group once with each port',
      }),
    ),
    [],
  ),
});

/**
 * Every duration, in seconds. The minima are small because the drill plays an hour in a minute;
 * docs/runbook.md says what each costs.
 */
const durations = strict({
  /** After registration or a change of state a target is measured, never convicted. */
  graceS: z._default(integer(0, 3600), 300),
  /** Evidence must span at least this before an ejection. */
  evidenceS: z._default(integer(5, 600), 60),
  /** No action rests on a round that ended longer ago than this. */
  staleS: z._default(integer(10, 120), 120),
  /** Rounds closer together than this count as one. */
  minRoundGapS: z._default(integer(1, 60), 30),
  /** No probe starts later than this in a round. */
  startWindowS: z._default(integer(1, 15), 15),
  /** An ejection ends by itself after this, unless it is renewed. */
  leaseS: z._default(integer(10, 3600), 900),
  /** A relapse doubles the lease up to this. */
  leaseCapS: z._default(integer(10, 3600), 3600),
  /** A target that is out must have been clean for at least this before it is restored. */
  dwellS: z._default(integer(5, 3600), 180),
  /** After a restore a relapse within this ejects again at once. */
  watchS: z._default(integer(5, 7200), 900),
  /**
   * A task that took the place of a stopped one must be healthy and fast within this, or a person
   * is paged.
   */
  verifyS: z._default(integer(10, 7200), 1500),
  /** How long the responder waits for the hosts' answers. */
  inspectionWaitS: z._default(integer(5, 60), 30),
});

const audit = strict({
  /** Days between two reviews; 0: none. */
  everyDays: z._default(integer(0, 30), 7),
});

/**
 * Log groups that the load balancers deliver their access logs to, as JSON (CloudWatch Logs,
 * vended logs). Real requests then speak for and against a removal.
 */
const accessLogs = strict({
  logGroups: distinct(
    text(/^[A-Za-z0-9._/#-]{1,512}$/, 'the name of a log group of this account, such as "/aws/alb/checkout"'),
    1,
    10,
    'names of log groups',
  ),
  /** A query that has read more is stopped, MiB: each is paid for by what it reads. */
  maxScannedMiB: z._default(integer(10, 100_000), 2_000),
});

const reports = strict({
  /** Days that the report of a case is kept in the stack's bucket; 0: no bucket and no reports. */
  keepDays: z._default(integer(0, 3650), 365),
});

const limits = strict({
  /** Clean rounds before a restore. */
  cleanRounds: z._default(integer(2, 20), 3),
  /** Healthy targets left after a removal, as a fraction of the set registered before we began. */
  healthyFraction: z._default(decimal(0.6, 1), 0.6),
  /** Targets out by us at once, as a fraction of the same set. Below 20 targets it is one. */
  outFraction: z._default(decimal(0.01, 0.2), 0.2),
  /** Ceiling of the survivors' projected use. */
  capacityCeiling: z._default(decimal(0.1, 0.7), 0.7),
  ejectionsPerGroupHour: z._default(integer(1, 2), 2),
  ejectionsPerStackHour: z._default(integer(1, 3), 3),
  /** Tasks of one service of ECS that may be replaced within an hour. */
  replacementsPerServiceHour: z._default(integer(1, 3), 1),
});

/** As CloudFormation wants a stack's name (CreateStack, API reference, StackName). */
const STACK_NAME = text(
  /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
  'a name of letters, digits and hyphens that starts with a letter, at most 128 characters',
);

/** Twice what a removal takes to be felt behind a Network Load Balancer, and one minute. */
const NETWORK_LEAST_S = 300;

const schema = strict({
  /**
   * Names this Sickbay: its stack, and the value of the tag `sickbay:enforce` by which a group
   * allows it, and no other, to remove targets.
   */
  stack: z._default(STACK_NAME, 'Sickbay'),
  mode: z._default(choice('observe', 'enforce'), 'observe'),
  /**
   * Seconds between two sweeps. Above 500 target groups a group's turn comes less often
   * (core/batch.ts).
   */
  intervalS: z._default(
    z.literal([60, 120, 180, 240, 300], { error: '60, 120, 180, 240 or 300: EventBridge Scheduler knows minutes' }),
    60,
  ),
  targetGroups: list(targetGroup, 1, 2000, 'target groups'),
  network,
  /**
   * Hosts may be inspected only where the instance carries this tag: IAM requires it for each
   * SendCommand.
   */
  inspectionTag: z._default(tag, { key: 'sickbay:inspect', value: 'true' }),
  /** Existing CloudWatch alarms whose change to ALARM starts a round at once. */
  alarmNames: z._default(distinct(text(/^.{1,255}$/, 'the name of a CloudWatch alarm'), 0, 100, 'alarm names'), []),
  /**
   * Load balancers that get an alarm of their own on the p99 of their latency: it starts a round of
   * the groups behind them at once.
   */
  latencyAlarms: z._default(list(latencyAlarm, 0, 100, 'latency alarms'), []),
  /**
   * IAM roles and users who may ask the responder for something (hold, release, restore,
   * close-breaker, a test alert), beside those whose own policies let them invoke its alias for
   * operators.
   */
  operators: z._default(distinct(PRINCIPAL_ARN, 0, 20, 'ARNs of IAM roles or users'), []),
  /** Addresses that the alert topic mails to. */
  alertEmails: z._default(distinct(text(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'), 0, 20, 'e-mail addresses'), []),
  alertFormat: z.prefault(alertFormat, {}),
  /** How alerts name the account beside its id: its alias, or what your people call it. */
  accountName: z.optional(text(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/, 'letters, digits, spaces, dots, hyphens and underscores, at most 63')),
  audit: z.prefault(audit, {}),
  stop: z.optional(stackStop),
  reports: z.prefault(reports, {}),
  accessLogs: z.optional(accessLogs),
  durations: z.prefault(durations, {}),
  limits: z.prefault(limits, {}),
}).check(
  z.refine((config) => config.durations.leaseS <= config.durations.leaseCapS, {
    path: ['durations', 'leaseCapS'],
    error: 'at least durations.leaseS',
  }),
  // One minute goes with every duration: nothing can be had more often. A longer interval must
  // leave time to see and to act.
  z.refine((config) => config.intervalS === 60 || config.durations.leaseS >= 4 * config.intervalS, {
    path: ['intervalS'],
    error: 'at most a quarter of durations.leaseS: a lease is renewed in its second half, by one of two sweeps',
  }),
  z.refine((config) => config.intervalS === 60 || config.durations.watchS >= 2 * config.intervalS, {
    path: ['intervalS'],
    error: 'at most half of durations.watchS: a relapse must be seen within it',
  }),
  z.refine((config) => config.alertEmails.length === 0 || Object.values(config.alertFormat).every((format) => format === 'text'), {
    path: ['alertEmails'],
    error: 'nothing where "alertFormat" has "amazon-q" or "json": that is JSON for machines, and mails go to both topics',
  }),
  z.refine((config) => new Set(config.targetGroups.map(selector)).size === config.targetGroups.length, {
    path: ['targetGroups'],
    error: 'each target group or tag once',
  }),
  z.refine((config) => new Set(config.targetGroups.flatMap(({ arn }) => accountOf(arn) ?? [])).size <= 1, {
    path: ['targetGroups'],
    error: 'target groups of one account and Region: a stack acts in its own',
  }),
  // A removal and a return each take about two minutes to be felt there: what is shorter is over
  // before it began.
  ...(['leaseS', 'watchS'] as const).map((key) =>
    z.refine<{ durations: { leaseS: number; watchS: number }; targetGroups: { nlb?: string | undefined }[] }>(
      ({ durations: { [key]: seconds }, targetGroups }) => seconds >= NETWORK_LEAST_S || targetGroups.every(({ nlb }) => nlb === undefined),
      { path: ['durations', key], error: `at least ${NETWORK_LEAST_S}, where a target group has "nlb": "act"` },
    ),
  ),
  z.refine((config) => config.stop !== undefined || config.targetGroups.every(({ stop }) => stop === undefined), {
    path: ['stop'],
    error: '"approvers", where a target group has "stop": nothing is stopped without a person',
  }),
  z.refine((config) => new Set(config.latencyAlarms.map(({ loadBalancer }) => loadBalancer)).size === config.latencyAlarms.length, {
    path: ['latencyAlarms'],
    error: 'each load balancer once',
  }),
);

export type Config = z.infer<typeof schema>;
/** What an operator writes: defaults may be left out. */
export type ConfigInput = z.input<typeof schema>;
export type GroupConfig = Config['targetGroups'][number];
export type AlertFormat = Config['alertFormat']['page'];

/**
 * Whether any group's targets are declared to be tasks of ECS: otherwise nothing of it is deployed.
 */
export function replacesTasks({ targetGroups }: Pick<Config, 'targetGroups'>): boolean {
  return targetGroups.some(({ owner }) => owner === 'ecs');
}

/** Whether any group may have a stop proposed: otherwise nothing of it is deployed. */
export function proposesStops({ targetGroups }: Pick<Config, 'targetGroups'>): boolean {
  return targetGroups.some(({ stop }) => stop !== undefined);
}

/** Region and account of an ARN: `us-east-1:123456789012`. */
export function accountOf(arn: string | undefined): string | undefined {
  // What is no ARN has a message of its own.
  return arn?.startsWith('arn:') === true ? arn.split(':').slice(3, 5).join(':') : undefined;
}

/**
 * Region and account of the target groups that are named by their ARNs, as
 * `us-east-1:123456789012`; undefined where tags alone select them.
 */
export function accountOfConfig({ targetGroups }: Pick<Config, 'targetGroups'>): string | undefined {
  return accountOf(targetGroups.find(({ arn }) => arn !== undefined)?.arn);
}

function selector(group: { arn?: string | undefined; tag?: { key: string; value: string } | undefined }): string {
  return group.arn ?? `tag ${group.tag?.key}=${group.tag?.value}`;
}

/**
 * The configuration with every default filled in.
 * @throws ConfigError with one mistake for each unknown key and each bad value.
 */
export function parseConfig(input: unknown): Config {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.flatMap((issue) => mistakesOf(issue, input)));
}

/**
 * The configuration of one target group: by ARN first, then by the first tag that selects it;
 * undefined when none does.
 */
export function configOf(
  config: Config,
  group: { readonly arn: string; readonly tags: Readonly<Record<string, string>> },
): GroupConfig | undefined {
  return (
    config.targetGroups.find((entry) => entry.arn === group.arn) ??
    config.targetGroups.find((entry) => entry.tag !== undefined && group.tags[entry.tag.key] === entry.tag.value)
  );
}
