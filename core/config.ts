/**
 * The one configuration schema: parsed at synth and again at cold start. Unknown keys are errors.
 * `parseConfig` gives every mistake one message with the path, the value got and the values
 * allowed.
 */
import * as z from 'zod/mini';
import { ConfigError, mistakesOf } from './config/mistakes';
import { stackStop } from './config/stop';
import { strict, text, choice, list, distinct, PRINCIPAL_ARN, tag } from './config/values';
import { targetGroup } from './config/group';
import { network } from './config/network';
import { durations } from './config/durations';
import { limits } from './config/limits';
import { latencyAlarm, accessLogs } from './config/seen-beside';
import { alertFormat, audit, reports } from './config/telling';

export { ConfigError, type ConfigMistake } from './config/mistakes';

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

/** Whether any group declares a metrics page that is read over the network. */
export function readsPages({ targetGroups }: Pick<Config, 'targetGroups'>): boolean {
  return targetGroups.some(({ inspection }) => inspection?.page !== undefined);
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
