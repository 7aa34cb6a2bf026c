/** What a deployment of the template would have made, in concrete names. */
import type { Json } from './intrinsics';

/** How often and for how long a service goes on trying to deliver. */
export interface Retry {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeS: number;
}

export interface AsyncConfig extends Retry {
  readonly onFailureArn?: string;
}

export interface FunctionDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** Directory of the unpacked deployment package. */
  readonly handlerDir: string;
  /** `file.export`, as Lambda writes it. */
  readonly handler: string;
  readonly runtime: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutS: number;
  /** Calls at once; undefined where the template reserves none. */
  readonly reservedConcurrency?: number;
  readonly memoryMb: number;
  readonly roleArn: string;
  readonly logGroup: string;
  /** Names by which it can be invoked beside its own. */
  readonly aliases: readonly string[];
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
  /** Undefined where the template leaves Lambda's defaults: two retries, six hours. */
  readonly asyncConfig?: AsyncConfig;
}

export interface RoleDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly trust: Json;
  readonly managedPolicyArns: readonly string[];
  readonly policies: readonly { readonly name: string; readonly document: Json }[];
}

export interface KeyDescription {
  readonly name: string;
  /** `S`, `N` or `B`. */
  readonly type: string;
}

export interface TableDescription {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  readonly partitionKey: KeyDescription;
  readonly sortKey?: KeyDescription;
  readonly ttlAttribute?: string;
}

export interface ScheduleDescription {
  readonly name: string;
  readonly expression: string;
  readonly state: string;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
  /** Undefined where the template leaves Scheduler's defaults. */
  readonly retry?: Retry;
}

/** One target of one EventBridge rule. Without `input` the event itself is handed on. */
export interface RuleDescription {
  readonly name: string;
  readonly pattern: Json;
  readonly state: string;
  readonly targetArn: string;
  readonly input?: string;
  readonly retry?: Retry;
}

/** An alarm on one metric; the lab sets its state, nothing evaluates it. */
export interface AlarmDescription {
  readonly name: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
}

export interface Assembly {
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly functions: readonly FunctionDescription[];
  readonly roles: readonly RoleDescription[];
  readonly tables: readonly TableDescription[];
  readonly schedules: readonly ScheduleDescription[];
  readonly rules: readonly RuleDescription[];
  readonly alarms: readonly AlarmDescription[];
  readonly documents: readonly { readonly name: string; readonly type: string; readonly content: Json }[];
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly topics: readonly { readonly name: string; readonly arn: string }[];
  readonly buckets: readonly { readonly name: string; readonly arn: string }[];
  readonly queues: readonly { readonly name: string; readonly arn: string; readonly url: string }[];
  readonly scheduleGroups: readonly { readonly name: string; readonly arn: string }[];
}
