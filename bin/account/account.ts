/**
 * The caller's AWS account in one Region, as commands read it: one adapter for each service beside
 * this file. Credentials and Region are those of the SDK's own chain (environment, then the
 * profile's files), as the AWS CLI takes them. Nothing here changes anything.
 */
import { GetAccountSettingsCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { Owners } from '../../lambda/ports';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { owners } from '../../lambda/aws/owners';
import * as clients from '../../lambda/aws/clients';
import { describeInstances, type ManagedInstance } from '../../lambda/aws/managed-instances';
import { missingFor } from '../aws-options';
import { callerArn } from '../caller';
import { CommandError, EXIT } from '../exit';
import { latencyAlarms, type LatencyAlarm } from './cloudwatch';
import { accountNetwork, type AccountNetwork } from './ec2';
import { iam, type Iam } from './iam';
import { hasLogGroup } from './log-groups';
import { accountLoadBalancing, type AccountLoadBalancing } from './load-balancing';
import { requireProfile } from './profiles';
import { accountServices, type AccountServices } from './services';

export interface Identity {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** Subscriptions of a topic. */
export interface Subscribers {
  readonly confirmed: number;
  readonly pending: number;
}

export interface Account {
  /** @throws without credentials or a Region, and where STS refuses them. */
  identity(): Promise<Identity>;
  readonly loadBalancing: AccountLoadBalancing;
  readonly network: AccountNetwork;
  readonly services: AccountServices;
  /** Who registers targets, as the responder sees it. */
  readonly owners: Owners;
  /** By id; instances that Systems Manager does not manage are absent. */
  managedInstances(ids: readonly string[]): Promise<Map<string, ManagedInstance>>;
  /** The value of a parameter; undefined where there is none. */
  parameter(name: string): Promise<string | undefined>;
  latencyAlarms(): Promise<LatencyAlarm[]>;
  hasLogGroup(name: string): Promise<boolean>;
  iam(): Promise<Iam>;
  subscribers(topicArn: string): Promise<Subscribers>;
  /** Concurrent executions that functions without a reservation share. */
  unreservedConcurrency(): Promise<number>;
}

export function openAccount(): Account {
  const functions = clients.functions();
  const balancing = clients.readLoadBalancing();
  const systemsManager = clients.systemsManager();
  const region = (): Promise<string> => functions.config.region();
  return {
    identity: async () => {
      await requireProfile();
      const missing = await missingFor(functions);
      if (missing.length > 0) throw new CommandError(missing.join('\n'), EXIT.lacking);
      const arn = await callerArn(functions);
      return { arn, account: arn.split(':')[4] ?? '', region: await region() };
    },
    loadBalancing: accountLoadBalancing(balancing),
    network: accountNetwork(clients.readInstances()),
    services: accountServices(clients.readServices()),
    owners: owners(clients.readAutoScaling(), balancing, targetRefs(clients.readInstances())),
    managedInstances: (ids) => describeInstances(systemsManager, ids),
    parameter: async (name) => {
      try {
        return (await systemsManager.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
    latencyAlarms: () => latencyAlarms(clients.cloudWatch()),
    hasLogGroup: (name) => hasLogGroup(clients.cloudWatchLogs(), name),
    iam: async () => iam(functions.config, await region()),
    subscribers: async (topicArn) => {
      const { Attributes = {} } = await clients.topic().send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
      return { confirmed: Number(Attributes['SubscriptionsConfirmed']), pending: Number(Attributes['SubscriptionsPending']) };
    },
    unreservedConcurrency: async () => {
      const { AccountLimit } = await functions.send(new GetAccountSettingsCommand({}));
      return AccountLimit?.UnreservedConcurrentExecutions ?? 0;
    },
  };
}
