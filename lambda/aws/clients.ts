/**
 * The only place that builds SDK clients. Reads are retried by the SDK; a client for mutations
 * makes exactly one attempt, because a repeated removal is a new decision that needs a fresh look
 * at the world.
 */
import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clock } from './clock';
import { pace, tokenBucket } from './pace';

const READS = { maxAttempts: 3 };
const ONE_ATTEMPT = { maxAttempts: 1 };

/** Paced: a sweep of hundreds of groups would have the whole account throttled. */
export function readLoadBalancing(): ElasticLoadBalancingV2Client {
  const client = new ElasticLoadBalancingV2Client(READS);
  client.middlewareStack.use(pace(tokenBucket(clock)));
  return client;
}

export const changeLoadBalancing = () => new ElasticLoadBalancingV2Client(ONE_ATTEMPT);
/** Paced: the sweep looks the addresses of a whole fleet up. */
export function readInstances(): EC2Client {
  const client = new EC2Client(READS);
  client.middlewareStack.use(pace(tokenBucket(clock)));
  return client;
}

export const readAutoScaling = () => new AutoScalingClient(READS);
export const changeAutoScaling = () => new AutoScalingClient(ONE_ATTEMPT);
export const systemsManager = () => new SSMClient(READS);

export const cloudWatch = () => new CloudWatchClient(READS);
export const cloudWatchLogs = () => new CloudWatchLogsClient(READS);
export const scheduler = () => new SchedulerClient(READS);
export const topic = () => new SNSClient(READS);
export const eventBus = () => new EventBridgeClient(READS);
export const dynamo = () => new DynamoDBClient(READS);

/**
 * A synchronous invoke of the prober lasts as long as its round; it is repeated by its caller,
 * once, or not at all.
 */
export const functions = () => new LambdaClient(ONE_ATTEMPT);

/** Paced: the responder reads the declared services in each round in which something is due. */
export function readServices(): ECSClient {
  const client = new ECSClient(READS);
  client.middlewareStack.use(pace(tokenBucket(clock)));
  return client;
}

export const changeServices = () => new ECSClient(ONE_ATTEMPT);
