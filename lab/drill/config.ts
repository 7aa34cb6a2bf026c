/**
 * The configuration that the drill deploys: the same schema as everybody's, with short durations so
 * that an hour of care takes a minute. Only the schedule's rate is sped up by the lab itself;
 * everything else here is what an operator could write.
 */
import { realpathSync } from 'node:fs';
import type { ConfigInput } from '../../core/config';
import { PAGE } from '../fleet/fleet';
import { CALL } from '../fleet/calls';
import { SHOP_PORT } from '../fleet/hosts';

export const GROUP_ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout-tg/73e2d6bc24d8a067';

/** The stack, and the value of the tag by which the drill's groups let it remove their targets. */
export const STACK = 'Sickbay';

/** In the scenes that are owned by one. */
export const AUTO_SCALING_GROUP = { name: 'checkout-asg', minSize: 2 } as const;

/** As CloudWatch names it. */
export const LOAD_BALANCER = 'app/checkout/50dc6c495c0c9188';

/** Where it delivers its access logs. */
export const LOG_GROUP = '/aws/alb/checkout';

/** `rate(1 minute)` becomes one round every six seconds. */
export const RATE_FACTOR = 10;

export const DEREGISTRATION_DELAY_S = 5;

/**
 * The lease of an address ends two minutes after its deregistration delay (core/decide/drain.ts).
 */
const ADDRESS_LEASE_CAP_S = 240;

/** In what a scene's configuration differs. */
export interface SceneConfig {
  readonly owner?: 'static' | 'asg';
  readonly watchS?: number;
  /** With the weekly review, whose first one begins at once. */
  readonly reviews?: true;
  /** Whether the load balancer's access logs are a second view. */
  readonly accessLogs?: true;
  /**
   * The hosts are registered by their addresses: by hand, or as the pods of a cluster whose
   * controller tags the target group.
   */
  readonly addresses?: 'static' | 'kubernetes';
  /** Whether the report may be stopped, by the lab's operator. */
  readonly stop?: true;
  /** The shop's users and targets speak gRPC. */
  readonly calls?: true;
  /** Tasks of ECS serve, and not hosts. */
  readonly tasks?: 'FARGATE' | 'EC2';
}

/** A scene as far as its deployment goes. */
export interface Configured {
  readonly config?: SceneConfig;
}

/** Of the person at the terminal: the one approver. */
export const OPERATOR_ARN = 'arn:aws:iam::123456789012:role/operator';

/** Of somebody with the same permissions who is none. */
export const DEVELOPER_ARN = 'arn:aws:iam::123456789012:role/developer';

export const CALENDAR = 'Freeze';

/**
 * In the scenes in which it is stopped: whether it stays away is known after two of its periods,
 * and a month is longer than a drill.
 */
export const OFTEN = '* * * * *';

export function drillConfig(scene: SceneConfig): ConfigInput {
  const { owner = 'static', watchS = 6, reviews, accessLogs, stop, calls, addresses, tasks } = scene;
  const allowed = stop === undefined ? {} : { stop: { mode: 'propose' as const, allow: [ALLOWED] } };
  return {
    ...CONFIG,
    audit: { everyDays: reviews === true ? 7 : 0 },
    targetGroups: CONFIG.targetGroups.map((group) => ({
      ...group,
      owner,
      ...allowed,
      ...(calls === true ? { probe: PROBE_OF_CALLS } : {}),
      ...(tasks === undefined ? {} : OF_TASKS[tasks]),
    })),
    durations: { ...CONFIG.durations, watchS, verifyS: 180, ...(addresses === undefined ? {} : { leaseCapS: ADDRESS_LEASE_CAP_S }) },
    ...(accessLogs === undefined ? {} : { accessLogs: { logGroups: [LOG_GROUP] } }),
    ...(stop === undefined ? {} : { stop: { approvers: [OPERATOR_ARN], changeCalendars: [CALENDAR] } }),
  };
}

/** The user with number 0, in the shop's own encoding. */
const PROBE_OF_CALLS = {
  path: CALL,
  host: 'checkout.example.com',
  timeoutMs: 2000,
  grpc: { request: Buffer.from('0').toString('base64') },
};

/** The service whose tasks serve, where they do. */
export const SERVICE = { cluster: 'shop', service: 'checkout' } as const;

const INSPECTION = { metricsPort: SHOP_PORT, databasePorts: [5432] };

/**
 * Of a task on EC2 what one can serve is declared; on Fargate its page tells how full its pool is.
 */
const OF_TASKS = {
  EC2: { owner: 'ecs', ecs: SERVICE, capacity: { requestsPerSecondPerTarget: 500 } },
  FARGATE: { owner: 'ecs', ecs: SERVICE, inspection: { ...INSPECTION, page: { port: SHOP_PORT } } },
} as const;

const ALLOWED = {
  executable: realpathSync(process.execPath),
  user: 'root',
  arguments: '^/[^ ]+/shop/bin/generate_monthly_report( .*)?$',
  parent: 'cron' as const,
};

const CONFIG: ConfigInput = {
  stack: STACK,
  mode: 'enforce',
  targetGroups: [
    {
      arn: GROUP_ARN,
      probe: { path: PAGE, host: 'checkout.example.com', timeoutMs: 2000 },
      inspection: INSPECTION,
    },
  ],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
  durations: {
    graceS: 5,
    evidenceS: 5,
    staleS: 20,
    minRoundGapS: 3,
    startWindowS: 3,
    leaseS: 30,
    leaseCapS: 120,
    dwellS: 5,
    inspectionWaitS: 20,
  },
  limits: { cleanRounds: 2 },
  latencyAlarms: [{ loadBalancer: LOAD_BALANCER, thresholdMs: 1000 }],
};
