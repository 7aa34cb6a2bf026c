import { Ids, LAB_ACCOUNT, type Account } from './account';
import { AutoScaling } from './autoscaling';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { Alarms, type AwsEvent } from './cloudwatch-alarms';
import { Metrics } from './cloudwatch-metrics';
import { Ec2 } from './ec2';
import { Elb, type ElbHabits } from './elb';
import { Iam } from './iam';
import { EventBus } from './event-bus';
import { Instances } from './instances';
import { Network } from './network';
import { ParameterStore } from './parameter-store';
import type { SchedulerPorts } from './schedule-delivery';
import { Scheduler, type SchedulerSettings } from './scheduler';
import { Sns } from './sns';
import { Ssm, type SsmSettings } from './ssm';
import type { HostShell } from './ssm-invocation';

export interface WorldOptions {
  readonly clock: Clock;
  readonly account?: Account;
  /** Runs commands in hosts. Without one every command fails. */
  readonly shell?: HostShell;
  /** Takes an event for a function, as Scheduler hands it over: accepted, not yet run. */
  readonly invokeFunction?: SchedulerPorts['invokeFunction'];
  /**
   * Carries out universal targets. Without one they act on this world directly; the front door has
   * one that also logs the call.
   */
  readonly invokeAs?: SchedulerPorts['invokeAs'];
  /** Takes the events of alarms that change state. */
  readonly onEvent?: (event: AwsEvent) => void;
  /** Starts an instance for an Auto Scaling group, in this zone where one is given. */
  readonly launch?: (groupName: string, zone?: string) => string | undefined;
  readonly scheduler?: Partial<SchedulerSettings>;
  readonly ssm?: SsmSettings;
  readonly elb?: ElbHabits;
}

/**
 * What the AWS services do, in one process, behind one clock. No sockets, no SDK clients, no real
 * time of its own.
 */
export interface World {
  readonly account: Account;
  readonly clock: Clock;
  readonly instances: Instances;
  readonly ec2: Ec2;
  readonly iam: Iam;
  readonly elb: Elb;
  readonly autoScaling: AutoScaling;
  readonly ssm: Ssm;
  readonly parameters: ParameterStore;
  readonly scheduler: Scheduler;
  readonly sns: Sns;
  readonly eventBus: EventBus;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
}

export function createWorld(options: WorldOptions): World {
  const { clock, account = LAB_ACCOUNT } = options;
  const ids = new Ids();
  const instances = new Instances();
  const elb = new Elb(account, ids, clock, instances, options.elb);
  const autoScaling = new AutoScaling(account, ids, clock, instances, elb, options.launch);
  const ports: SchedulerPorts = {
    invokeAs: options.invokeAs ?? ((_role, service, action, input) => directly(elb, autoScaling, service, action, input)),
    invokeFunction: options.invokeFunction ?? ((functionArn) => Promise.reject(notThere(functionArn))),
  };
  return {
    account,
    clock,
    instances,
    ec2: new Ec2(instances, new Network()),
    iam: new Iam(account),
    elb,
    autoScaling,
    ssm: new Ssm(ids, clock, instances, options.shell ?? { run: (id) => Promise.reject(notThere(id)) }, options.ssm),
    parameters: new ParameterStore(account, clock),
    scheduler: new Scheduler(account, ids, clock, ports, options.scheduler),
    sns: new Sns(account, ids, clock),
    eventBus: new EventBus(ids),
    metrics: new Metrics(clock),
    alarms: new Alarms(account, ids, clock, options.onEvent ?? (() => undefined)),
  };
}

function notThere(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `nothing in this world runs ${what}`);
}

/** A universal target's call, without a wire. */
async function directly(elb: Elb, autoScaling: AutoScaling, service: string, action: string, input: unknown): Promise<unknown> {
  const calls: Readonly<Record<string, () => unknown>> = {
    'elasticloadbalancingv2:registerTargets': () => elb.registerTargets(input as Parameters<Elb['registerTargets']>[0]),
    'autoscaling:exitStandby': () => autoScaling.exitStandby(input as Parameters<AutoScaling['exitStandby']>[0]),
  };
  const call = calls[`${service}:${action}`];
  if (!call) throw new AwsError('ValidationException', `universal target ${service}:${action} is not in this world`);
  return call();
}
