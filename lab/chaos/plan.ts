/** What a chaos run is played on: the groups and their configuration. */
import { parseConfig, type Config, type ConfigInput } from '../../core/config';
import type { Hook } from '../world/autoscaling-groups';
import type { ElbHabits } from '../world/elb-health';
import type { ClientAccess } from './fleet';
import { declaredService, type ServicePlan } from './plan-service';

/** The stack that is played; the name is the configuration's default. */
export const STACK = 'Sickbay';

/** Another Sickbay of the same account, where a plan has one. */
export const OTHER_STACK = 'Another';

/**
 * Whether a group allows its removals to the stack that is played. A text is the value of its tag:
 * another stack's name, or a mistake.
 */
export type Tagged = boolean | string;

/**
 * What becomes of the access logs of a minute: all there within two minutes of its end; after ten;
 * in part; each record twice; every other minute after its next; or nothing. Of the answers of a
 * host that is slow, `fast-first` delivers none for ten minutes.
 */
export const LOG_DELIVERIES = ['whole', 'late', 'partial', 'doubled', 'out-of-order', 'fast-first', 'never'] as const;
export type LogDelivery = (typeof LOG_DELIVERIES)[number];

export interface GroupPlan {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly minHealthy?: number;
  /**
   * What the operator declared; `none`: nothing. Groups declared `asg` are attached to the plan's
   * one Auto Scaling group.
   */
  readonly owner?: 'static' | 'asg' | 'ecs' | 'none';
  /** False for a group that is there, and attached, and not in the configuration. */
  readonly configured?: false;
  /** Behind a Network Load Balancer; whether the operator lets it be acted on there. */
  readonly protocol?: 'TCP';
  readonly nlb?: 'act';
  /** Its targets are the hosts' addresses. */
  readonly addresses?: true;
  readonly tagged?: Tagged;
  readonly attributes?: Readonly<Record<string, string>>;
}

/**
 * The Auto Scaling group of all groups that are declared `asg`. Its size is the number of their
 * hosts.
 */
export interface AutoScalingPlan {
  readonly minSize: number;
  /** Two more than there are hosts by default. */
  readonly maxSize?: number;
  readonly hooks?: readonly Hook[];
  /** Processes that are suspended from the start. */
  readonly suspended?: readonly string[];
  readonly tagged?: Tagged;
}

/** A plan without what happens. */
export interface Setting {
  /** The service of the one group that is declared `ecs`, whose hosts are not known beforehand. */
  readonly service?: ServicePlan;
  readonly name: string;
  readonly groups: readonly GroupPlan[];
  readonly mode?: Config['mode'];
  readonly autoScaling?: AutoScalingPlan;
  /** What target health does that it does not promise. */
  readonly elb?: ElbHabits;
  /** Rounds under faults; a calm half hour follows, in which everything must settle. */
  readonly minutes: number;
  /** How long the calm time may last at most; 18 by default. */
  readonly calmMinutes?: number;
  /** Connections in use of 20, on a host that is well. */
  readonly poolInUse?: number;
  /**
   * A second Sickbay watches the same target groups, with records, a configuration and scheduled
   * restores of its own.
   */
  readonly twoStacks?: true;
  /** What our own client gets of the load balancer; it is admitted by default. */
  readonly client?: ClientAccess;
  /** How long after its end CloudWatch tells of a minute: 60 to 180 s, 90 by default. */
  readonly metricsLateS?: number;
  /** Access logs are configured, and delivered like this. */
  readonly accessLogs?: LogDelivery;
  /** The prober has a second subnet, and with it a second prober. */
  readonly secondProber?: true;
  /** The controller dies in this minute, whatever is out. */
  readonly goneFromMinute?: number;
  /** The stack is deleted from this minute on, as soon as its delete guard agrees. */
  readonly deletedFromMinute?: number;
}

export const PORT = 8080;
export const AUTO_SCALING_GROUP = 'web';

/**
 * Of the groups that are attached to the Auto Scaling group: what is on standby has drained well
 * before its lease ends.
 */
const DRAIN_S = 60;
/**
 * A delivery of Scheduler's may be under way for so long before its call is made (I: no bound is
 * documented).
 */
export const DELIVERY_MS = 15_000;

export const SCHEDULE_GROUP = 'sickbay';
export const LOG_GROUP = '/aws/alb/front';
export const SWITCH = '/sickbay/kill-switch';
/** What the scheduled restores of addresses go through. */
export const RESTORE_FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:restore';

export function groupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;
}

/**
 * Short durations, so that an incident fits into a quarter of an hour; every limit is the default
 * one.
 */
const DURATIONS = {
  graceS: 120,
  evidenceS: 60,
  minRoundGapS: 30,
  startWindowS: 5,
  leaseS: 300,
  leaseCapS: 1200,
  dwellS: 60,
  watchS: 180,
  inspectionWaitS: 5,
};

/** The shortest that go with a group of a Network Load Balancer that is acted on. */
const NETWORK_DURATIONS = { leaseS: 300, watchS: 300 };

const SUBNETS = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];

export function configOfPlan(plan: Setting, stack = STACK): Config {
  const input: ConfigInput = {
    stack,
    mode: plan.mode ?? 'enforce',
    targetGroups: plan.groups
      .filter((group) => group.configured !== false)
      .map((group) => ({
        arn: groupArn(group.name),
        probe: { path: '/api/cart', ...(group.protocol === undefined ? {} : { protocol: 'HTTP' as const }) },
        ...(group.nlb === undefined ? {} : { nlb: group.nlb }),
        minHealthy: group.minHealthy ?? 1,
        ...(group.owner === 'none' ? {} : { owner: group.owner ?? ('static' as const) }),
        ...(group.owner === 'ecs' ? declaredService(plan.service) : {}),
      })),
    network: {
      subnetIds: plan.secondProber === true ? SUBNETS : SUBNETS.slice(0, 1),
      securityGroupIds: ['sg-0123456789abcdef0'],
    },
    ...(plan.accessLogs === undefined ? {} : { accessLogs: { logGroups: [LOG_GROUP] } }),
    durations: plan.groups.some(({ nlb }) => nlb !== undefined) ? { ...DURATIONS, ...NETWORK_DURATIONS } : DURATIONS,
    limits: { cleanRounds: 2 },
  };
  return parseConfig(input);
}

/** The groups that Standby takes an instance out of. */
export function attachedGroups(plan: Setting): GroupPlan[] {
  return plan.groups.filter((group) => group.owner === 'asg');
}

/**
 * The tags of a group that is tagged for the stack that is played, unless the plan says otherwise.
 */
export function tagsOf({ tagged = true }: { readonly tagged?: Tagged }): Readonly<Record<string, string>> {
  if (tagged === false) return {};
  return { 'sickbay:enforce': tagged === true ? STACK : tagged };
}

/** Attributes of a group, and the shorter draining of those that are attached. */
export function attributesOf(group: GroupPlan): Readonly<Record<string, string>> {
  return { ...(group.owner === 'asg' ? { 'deregistration_delay.timeout_seconds': String(DRAIN_S) } : {}), ...group.attributes };
}

export function hostNames(count: number, from = 1): string[] {
  return Array.from({ length: count }, (_, index) => `i-${String(index + from).padStart(8, '0')}`);
}
