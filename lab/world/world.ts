import { Ids, LAB_ACCOUNT, type Account } from './account';
import { Automation, type AutomationSettings } from './automation';
import { AutoScaling } from './autoscaling';
import { AwsError } from './aws-error';
import { ChangeCalendars } from './change-calendars';
import type { Clock } from './clock';
import { Alarms, type AwsEvent } from './cloudwatch-alarms';
import { Metrics } from './cloudwatch-metrics';
import { Ec2 } from './ec2';
import { Ecs } from './ecs';
import type { EcsSettings } from './ecs-control';
import { Elb } from './elb';
import type { ElbHabits } from './elb-health';
import { Iam } from './iam';
import { EventBus } from './event-bus';
import { Instances } from './instances';
import { LogGroups } from './log-groups';
import { Network } from './network';
import { ParameterStore } from './parameter-store';
import type { SchedulerPorts } from './schedule-delivery';
import { withLowerCaseNames } from './schedule-target';
import { Scheduler, type SchedulerSettings } from './scheduler';
import { S3 } from './s3';
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
   * Carries out universal targets, and the steps of runbooks. Without one they act on this world
   * directly; the front door has one that also logs the call.
   */
  readonly invokeAs?: SchedulerPorts['invokeAs'];
  /** Takes every event of the default bus: of alarms that change state, and those that were put. */
  readonly onEvent?: (event: AwsEvent) => void;
  /** Starts an instance for an Auto Scaling group, in this zone where one is given. */
  readonly launch?: (groupName: string, zone?: string) => string | undefined;
  readonly scheduler?: Partial<SchedulerSettings>;
  readonly ssm?: SsmSettings;
  readonly automation?: Partial<AutomationSettings>;
  readonly elb?: ElbHabits;
  readonly ecs?: EcsSettings;
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
  readonly ecs: Ecs;
  readonly ssm: Ssm;
  readonly automation: Automation;
  readonly calendars: ChangeCalendars;
  readonly parameters: ParameterStore;
  readonly scheduler: Scheduler;
  readonly sns: Sns;
  readonly eventBus: EventBus;
  readonly s3: S3;
  readonly metrics: Metrics;
  readonly logs: LogGroups;
  readonly alarms: Alarms;
}

export function createWorld(options: WorldOptions): World {
  const { clock, account = LAB_ACCOUNT } = options;
  const ids = new Ids();
  const instances = new Instances();
  const elb = new Elb(account, ids, clock, instances, options.elb);
  const autoScaling = new AutoScaling(account, ids, clock, instances, elb, options.launch);
  const network = new Network();
  const ecs = new Ecs({ account, ids, clock, instances, network, elb, ...options.ecs });
  const ssm = new Ssm(ids, clock, instances, options.shell ?? { run: (id) => Promise.reject(notThere(id)) }, options.ssm);
  const parameters = new ParameterStore(account, clock);
  const calendars = new ChangeCalendars(clock);
  const late: { scheduler?: Scheduler } = {};
  const calls: Calls = {
    'elasticloadbalancingv2:registerTargets': (input) => elb.registerTargets(input),
    'autoscaling:exitStandby': (input) => autoScaling.exitStandby(input),
    'ecs:stopTask': (input) => ecs.stopTask(withLowerCaseNames(input)),
    'ssm:sendCommand': (input) => ssm.sendCommand(input),
    'ssm:listCommandInvocations': (input) => ssm.listCommandInvocations(input),
    'ssm:getCommandInvocation': (input) => ssm.getCommandInvocation(input),
    'ssm:getParameter': (input) => parameters.getParameter(input),
    'ssm:getCalendarState': (input) => calendars.getCalendarState(input),
    'scheduler:createSchedule': (input) => late.scheduler?.createSchedule(input),
  };
  const invokeAs = options.invokeAs ?? ((_role, service, action, input) => directly(calls, service, action, input));
  const ports: SchedulerPorts = {
    invokeAs,
    invokeFunction: options.invokeFunction ?? ((functionArn) => Promise.reject(notThere(functionArn))),
  };
  const scheduler = new Scheduler(account, ids, clock, ports, options.scheduler);
  late.scheduler = scheduler;
  return {
    account,
    clock,
    instances,
    ec2: new Ec2(instances, network),
    iam: new Iam(account),
    elb,
    autoScaling,
    ecs,
    ssm,
    automation: new Automation(account, ids, clock, invokeAs, options.automation),
    calendars,
    parameters,
    scheduler,
    sns: new Sns(account, ids, clock),
    eventBus: new EventBus(account, ids, clock, options.onEvent),
    s3: new S3(),
    metrics: new Metrics(clock),
    logs: new LogGroups(account, ids, clock),
    alarms: new Alarms(account, ids, clock, options.onEvent ?? (() => undefined)),
  };
}

function notThere(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `nothing in this world runs ${what}`);
}

type Calls = Readonly<Record<string, (input: never) => unknown>>;

/** A call of a universal target or of a runbook's step, without a wire. */
async function directly(calls: Calls, service: string, action: string, input: unknown): Promise<unknown> {
  const call = calls[`${service}:${action}`];
  if (!call) throw new AwsError('ValidationException', `${service}:${action} is not in this world`);
  return call(input as never);
}
