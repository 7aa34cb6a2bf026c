/** What is read of the chosen groups before anything is proposed. */
import type { DeclaredService, LbTarget, ObservedOwner, ServiceView, TargetGroup } from '../../core/model';
import type { Account } from '../account/account';
import type { LatencyAlarm } from '../account/cloudwatch';
import type { AccountInstance, AccountInterface, AccountSecurityGroup, AccountSubnet } from '../account/ec2';
import type { AccountListener } from '../account/load-balancing';
import type { Reads } from '../account/unread';
import type { Candidate } from './candidates';

export interface SurveyedTarget {
  readonly id: string;
  readonly port: number;
  readonly state: string;
  readonly address?: string;
  readonly zone?: string;
  readonly subnetId?: string;
  /** Empty where they are not known. */
  readonly securityGroupIds: readonly string[];
  readonly instance?: AccountInstance;
  readonly interface?: AccountInterface;
}

/** A service of ECS that names the target group. */
export interface FoundService {
  readonly declared: DeclaredService;
  /** Undefined where it could not be read. */
  readonly view?: ServiceView;
  /** Epoch milliseconds. */
  readonly readAt: number;
}

export interface SurveyedGroup {
  readonly candidate: Candidate;
  readonly targets: readonly SurveyedTarget[];
  readonly listeners: readonly AccountListener[];
  /** By target id; undefined where it could not be read. */
  readonly owners: ReadonlyMap<string, ObservedOwner> | undefined;
  /** Of ECS, that register in it; undefined where nobody looked or could not. */
  readonly services?: readonly FoundService[];
}

/** What the account is called. Without it all goes on: it is told, and that is all. */
export interface SurveyedAlias {
  readonly name?: string;
  /** Why it is not known; absent where there is none. */
  readonly failed?: string;
}

export interface AccountSurvey {
  readonly alias: SurveyedAlias;
  readonly vpcId: string;
  readonly groups: readonly SurveyedGroup[];
  readonly subnets: readonly AccountSubnet[];
  readonly securityGroups: readonly AccountSecurityGroup[];
  readonly alarms: readonly LatencyAlarm[];
}

/** Reads what the proposals rest on; what may not be read is kept in `reads` and left out. */
export async function surveyOf(account: Account, reads: Reads, chosen: readonly Candidate[], vpcId: string): Promise<AccountSurvey> {
  const asked = aliasOf(account, reads);
  const described = await reads.tolerant(
    { action: 'elasticloadbalancing:DescribeTargetGroupAttributes', lost: 'who registers the targets (owner) is not proposed' },
    [],
    () => account.loadBalancing.describe(chosen.map(({ group }) => group)),
  );
  const groups = await surveyedGroups(account, reads, chosen, new Map(described.map((group) => [group.arn, group])));
  const network = await networkOf(account, reads, vpcId);
  const alarms = await reads.tolerant({ action: 'cloudwatch:DescribeAlarms', lost: 'your latency alarms are not proposed' }, [], () =>
    account.latencyAlarms(),
  );
  return { alias: await asked, vpcId, groups, ...network, alarms };
}

async function networkOf({ network }: Account, reads: Reads, vpcId: string): Promise<Pick<AccountSurvey, 'subnets' | 'securityGroups'>> {
  const subnets = await reads.tolerant({ action: 'ec2:DescribeSubnets', lost: 'subnets for the prober are not proposed' }, [], () =>
    network.subnetsOf([vpcId]),
  );
  const securityGroups = await reads.tolerant(
    { action: 'ec2:DescribeSecurityGroups', lost: 'a security group for the prober and the rule that admits it are not proposed' },
    [],
    () => network.securityGroupsOf([vpcId]),
  );
  return { subnets, securityGroups };
}

async function surveyedGroups(
  account: Account,
  reads: Reads,
  chosen: readonly Candidate[],
  described: ReadonlyMap<string, TargetGroup>,
): Promise<SurveyedGroup[]> {
  const services = await servicesOf(account, reads, chosen);
  const groups: SurveyedGroup[] = [];
  for (const candidate of chosen) {
    const { arn } = candidate.group;
    const group = await surveyed(account, reads, candidate, described.get(arn));
    groups.push({ ...group, ...(services === undefined ? {} : { services: services.get(arn) ?? [] }) });
  }
  return groups;
}

/** By the ARN of the group; undefined where the services of the account may not be listed. */
async function servicesOf(
  { services }: Account,
  reads: Reads,
  chosen: readonly Candidate[],
): Promise<ReadonlyMap<string, readonly FoundService[]> | undefined> {
  const registering = await reads.tolerant<ReadonlyMap<string, readonly DeclaredService[]> | undefined>(
    { action: 'ecs:ListClusters, ListServices and DescribeServices', lost: 'whether a service of ECS registers the targets' },
    undefined,
    () => services.registering(),
  );
  if (registering === undefined) return undefined;
  const found = new Map<string, FoundService[]>();
  for (const { group } of chosen)
    for (const declared of registering.get(group.arn) ?? []) {
      const view = await reads.tolerant(
        {
          action: 'ecs:ListTasks, DescribeTasks, GetTaskProtection, DescribeContainerInstances and DescribeTaskDefinition',
          lost: "whether the targets are all tasks of their service (owner: 'ecs')",
        },
        undefined,
        () => services.view(declared),
      );
      found.set(group.arn, [...(found.get(group.arn) ?? []), { declared, readAt: Date.now(), ...(view === undefined ? {} : { view }) }]);
    }
  return found;
}

/**
 * Never rejects: IAM answers from one endpoint of the partition, which a network may not reach
 * although it reaches the Region.
 */
async function aliasOf(account: Account, reads: Reads): Promise<SurveyedAlias> {
  const reading = { action: 'iam:ListAccountAliases', lost: 'alerts name the account by its id alone (accountName)' };
  try {
    return await reads.tolerant<SurveyedAlias>(reading, { failed: 'not permitted' }, async () => {
      const name = await (await account.iam()).accountAlias();
      return name === undefined ? {} : { name };
    });
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}

export async function surveyed(
  account: Account,
  reads: Reads,
  candidate: Candidate,
  described: TargetGroup | undefined,
): Promise<SurveyedGroup> {
  const { group } = candidate;
  const health = await reads.tolerant<LbTarget[]>(
    { action: 'elasticloadbalancing:DescribeTargetHealth', lost: 'the targets, and all that is proposed from them' },
    [],
    () => account.loadBalancing.health(group.arn),
  );
  const targets = await located(account, reads, candidate, health);
  const listeners: AccountListener[] = [];
  for (const arn of group.loadBalancerArns)
    listeners.push(
      ...(await reads.tolerant(
        { action: 'elasticloadbalancing:DescribeListeners', lost: 'the hosts and pages that listener rules name are not proposed' },
        [],
        () => account.loadBalancing.listeners(arn),
      )),
    );
  const owners =
    described === undefined
      ? undefined
      : await account.owners.observe(
          described,
          health.map(({ target }) => target),
        );
  return { candidate, targets, listeners, owners };
}

/** Where the targets stand: instances by EC2, IP addresses by the interfaces that have them. */
async function located({ network }: Account, reads: Reads, { group }: Candidate, health: readonly LbTarget[]): Promise<SurveyedTarget[]> {
  const ids = health.map(({ target }) => target.id);
  const isIp = group.targetType === 'ip';
  const instances = isIp
    ? new Map<string, AccountInstance>()
    : await reads.tolerant(
        { action: 'ec2:DescribeInstances', lost: "the targets' addresses, zones, security groups and tags" },
        new Map<string, AccountInstance>(),
        () => network.instances(ids),
      );
  const interfaces = !isIp
    ? new Map<string, AccountInterface>()
    : await reads.tolerant(
        { action: 'ec2:DescribeNetworkInterfaces', lost: "the IP targets' subnets and security groups" },
        new Map<string, AccountInterface>(),
        () => network.interfaces(ids, group.vpcId ?? ''),
      );
  return health.map(({ target: { id, port, availabilityZone }, state }) => {
    const [instance, one] = [instances.get(id), interfaces.get(id)];
    const place = instance ?? one;
    const address = isIp ? id : instance?.address;
    const zone = place?.zone ?? availabilityZone;
    return {
      id,
      port,
      state,
      ...(address === undefined ? {} : { address }),
      ...(zone === undefined ? {} : { zone }),
      ...(place?.subnetId === undefined ? {} : { subnetId: place.subnetId }),
      securityGroupIds: place?.securityGroupIds ?? [],
      ...(instance === undefined ? {} : { instance }),
      ...(one === undefined ? {} : { interface: one }),
    };
  });
}
