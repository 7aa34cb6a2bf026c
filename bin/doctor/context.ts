/**
 * What the checks look at: the configuration and the account. Each thing is read once, when the
 * first check asks; where it cannot be read every check that needs it is told why.
 */
import { configOf, type Config, type GroupConfig } from '../../core/config';
import type { Account, Identity } from '../account/account';
import { awsCommand, placeOf, type Place } from '../account/aws-command';
import type { AccountSecurityGroup, AccountSubnet } from '../account/ec2';
import type { AccountGroup } from '../account/load-balancing';
import type { Peer } from '../account/traffic';
import { Reads, type Reading } from '../account/unread';
import { candidatesOf } from '../init/candidates';
import { surveyed, type SurveyedGroup } from '../init/survey';
import type { Round } from '../../core/model';
import type { StackRecord } from '../../lambda/stack-record';

/** A configured group as the account has it. */
export interface WatchedGroup extends SurveyedGroup {
  readonly config: GroupConfig;
}

export interface Deployed {
  readonly record: StackRecord;
  /** The newest round of a group; undefined where there is none. */
  readonly latestRound: (groupArn: string) => Promise<Round | undefined>;
}

export interface Context {
  readonly config: Config;
  /** What the configuration is called, and where it was read. */
  readonly configFrom: string;
  readonly account: Account;
  readonly place: Place;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly identity: () => Promise<Identity>;
  /** The groups that the configuration selects, as far as they exist. */
  readonly groups: () => Promise<readonly AccountGroup[]>;
  readonly watched: () => Promise<readonly WatchedGroup[]>;
  /** Of the prober. */
  readonly subnets: () => Promise<readonly AccountSubnet[]>;
  /** By id: the prober's, the targets' and the load balancers'. */
  readonly securityGroups: () => Promise<ReadonlyMap<string, AccountSecurityGroup>>;
  /** The prober, as the targets see it. */
  readonly prober: () => Promise<Peer>;
  /** Undefined where no stack of the configuration's name is deployed. */
  readonly deployed: () => Promise<Deployed | undefined>;
  /** An AWS command to copy. */
  readonly aws: (words: string) => string;
}

export interface ContextParts {
  readonly config: Config;
  readonly configFrom: string;
  readonly account: Account;
  readonly identity: Identity;
  readonly now: number;
  readonly deployed: () => Promise<Deployed | undefined>;
}

export function contextOf({ config, configFrom, account, identity, now, deployed }: ContextParts): Context {
  const place = placeOf(identity.region);
  const groups = once(async () => (await account.loadBalancing.groups()).filter((group) => configOf(config, group) !== undefined));
  const watched = once(() => watchedGroups(config, account, groups));
  const subnets = once(() => account.network.subnets(config.network.subnetIds));
  return {
    config,
    configFrom,
    account,
    place,
    now,
    identity: () => Promise.resolve(identity),
    groups,
    watched,
    subnets,
    securityGroups: once(async () => account.network.securityGroups(namedGroups(config, await watched()))),
    prober: once(async () => ({
      securityGroupIds: config.network.securityGroupIds,
      cidrs: (await subnets()).flatMap(({ cidr }) => cidr ?? []),
    })),
    deployed: once(deployed),
    aws: (words) => awsCommand(words, place),
  };
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= read());
}

/** Every read is needed: one that is denied is this check's own result. */
class NeededReads extends Reads {
  override tolerant<T>(_reading: Reading, _otherwise: T, read: () => Promise<T>): Promise<T> {
    return read();
  }
}

async function watchedGroups(config: Config, account: Account, groups: () => Promise<readonly AccountGroup[]>): Promise<WatchedGroup[]> {
  const candidates = candidatesOf(await groups(), await account.loadBalancing.balancers());
  const described = new Map(
    (await account.loadBalancing.describe(candidates.map(({ group }) => group))).map((group) => [group.arn, group]),
  );
  const found: WatchedGroup[] = [];
  for (const candidate of candidates) {
    const own = configOf(config, candidate.group);
    if (own === undefined) continue;
    found.push({ ...(await surveyed(account, new NeededReads(), candidate, described.get(candidate.group.arn))), config: own });
  }
  return found;
}

function namedGroups({ network }: Config, watched: readonly WatchedGroup[]): string[] {
  return [
    ...network.securityGroupIds,
    ...network.admittedBy.map(({ securityGroupId }) => securityGroupId),
    ...watched.flatMap(({ targets, candidate }) => [
      ...targets.flatMap(({ securityGroupIds }) => securityGroupIds),
      ...candidate.balancers.flatMap(({ securityGroupIds }) => securityGroupIds),
    ]),
  ];
}
