/**
 * The SDK clients that the real adapters use, with the lab's world behind their `send` instead of a
 * wire.
 */
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  ElasticLoadBalancingV2Client,
  InvalidTargetException,
  TargetGroupNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ResourceNotFoundException, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { AwsError } from '../world/aws-error';
import { withLowerCaseNames } from '../world/schedule-target';
import type { World } from '../world/world';

type Operation = (world: World, input: never) => unknown;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeTargetGroups: ({ elb }, input) => elb.describeTargetGroups(input),
  DescribeTargetGroupAttributes: ({ elb }, input) => elb.describeTargetGroupAttributes(input),
  DescribeTags: ({ elb }, input) => elb.describeTags(input),
  DescribeTargetHealth: ({ elb }, input) => elb.describeTargetHealth(input),
  DescribeLoadBalancers: ({ elb }, input) => elb.balancers.describeLoadBalancers(input),
  DescribeListeners: ({ elb }, input) => elb.balancers.describeListeners(input),
  DescribeRules: ({ elb }, input) => elb.balancers.describeRules(input),
  RegisterTargets: ({ elb }, input) => elb.registerTargets(input),
  DeregisterTargets: ({ elb }, input) => elb.deregisterTargets(input),
  DescribeInstances: ({ ec2 }, input) => ec2.describeInstances(input),
  DescribeNetworkInterfaces: ({ ec2 }, input) => ec2.describeNetworkInterfaces(input),
  DescribeAutoScalingInstances: ({ autoScaling }, input) => autoScaling.describeAutoScalingInstances(input),
  DescribeAutoScalingGroups: ({ autoScaling }, input) => autoScaling.describeAutoScalingGroups(input),
  DescribeInstanceRefreshes: ({ autoScaling }, input) => autoScaling.describeInstanceRefreshes(input),
  DescribeLifecycleHooks: ({ autoScaling }, input) => autoScaling.describeLifecycleHooks(input),
  EnterStandby: ({ autoScaling }, input) => autoScaling.enterStandby(input),
  ExitStandby: ({ autoScaling }, input) => autoScaling.exitStandby(input),
  DescribeServices: ({ ecs }, input) => ecs.describeServices(input),
  ListTasks: ({ ecs }, input) => ecs.listTasks(input),
  DescribeTasks: ({ ecs }, input) => ecs.describeTasks(input),
  DescribeTaskDefinition: ({ ecs }, input) => ecs.describeTaskDefinition(input),
  DescribeContainerInstances: ({ ecs }, input) => ecs.describeContainerInstances(input),
  GetTaskProtection: ({ ecs }, input) => ecs.getTaskProtection(input),
  StopTask: ({ ecs }, input) => ecs.stopTask(withLowerCaseNames(input)),
  GetParameter: ({ parameters }, input) => parameters.getParameter(input),
  CreateSchedule: ({ scheduler }, input) => scheduler.createSchedule(input),
  UpdateSchedule: ({ scheduler }, input) => scheduler.updateSchedule(input),
  GetSchedule: ({ scheduler }, input) => scheduler.getSchedule(input),
  DeleteSchedule: ({ scheduler }, input) => scheduler.deleteSchedule(input),
  GetMetricData: ({ metrics }, input) => metrics.getMetricData(input),
  StartQuery: ({ logs }, input) => logs.startQuery(input),
  GetQueryResults: ({ logs }, input) => logs.getQueryResults(input),
  StopQuery: ({ logs }, input) => logs.stopQuery(input),
  Publish: ({ sns }, input) => sns.publish(input),
  PutEvents: ({ eventBus }, input) => eventBus.putEvents(input),
};

/**
 * Carries out one operation. @throws the SDK's own exception where an adapter knows it by class.
 */
export function operate(world: World, operation: string, input: unknown): unknown {
  const run = OPERATIONS[operation];
  if (run === undefined) throw new Error(`chaos knows no operation ${operation}; known: ${Object.keys(OPERATIONS).join(', ')}`);
  try {
    return run(world, input as never);
  } catch (error) {
    throw error instanceof AwsError ? asSdkError(error) : error;
  }
}

function asSdkError(error: AwsError): Error {
  const { message } = error;
  if (error.code === 'TargetGroupNotFound') return new TargetGroupNotFoundException({ message, $metadata: {} });
  if (error.code === 'InvalidTarget') return new InvalidTargetException({ message, $metadata: {} });
  if (error.code === 'ResourceNotFoundException') return new ResourceNotFoundException({ message, Message: message, $metadata: {} });
  return error;
}

const REGION = { region: 'us-east-1' };
const REAL = {
  ec2: new EC2Client(REGION),
  ecs: new ECSClient(REGION),
  elb: new ElasticLoadBalancingV2Client(REGION),
  autoScaling: new AutoScalingClient(REGION),
  scheduler: new SchedulerClient(REGION),
  ssm: new SSMClient(REGION),
  sns: new SNSClient(REGION),
  events: new EventBridgeClient(REGION),
  cloudWatch: new CloudWatchClient(REGION),
  logs: new CloudWatchLogsClient(REGION),
};

export type Send = (operation: string, input: unknown) => Promise<unknown>;

/** Clients whose every command goes to `send`, by the operation's name. */
export function clientsOver(send: Send): typeof REAL {
  const over = <Client extends object>(real: Client): Client =>
    Object.assign(Object.create(real) as Client, {
      send: (command: { readonly input: unknown }) => send(command.constructor.name.replace(/Command$/, ''), command.input),
    });
  return {
    ec2: over(REAL.ec2),
    ecs: over(REAL.ecs),
    elb: over(REAL.elb),
    autoScaling: over(REAL.autoScaling),
    scheduler: over(REAL.scheduler),
    ssm: over(REAL.ssm),
    sns: over(REAL.sns),
    events: over(REAL.events),
    cloudWatch: over(REAL.cloudWatch),
    logs: over(REAL.logs),
  };
}
