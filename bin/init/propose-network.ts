/** Where the prober stands, and how the targets come to admit it. Pure. */
import type { ConfigInput } from '../../core/config';
import type { AccountSecurityGroup, AccountSubnet } from '../account/ec2';
import { letsIn, letsOut, type Peer } from '../account/traffic';
import { CommandError, EXIT } from '../exit';
import { counted, listed, type Proposed } from './proposal';
import type { AccountSurvey, SurveyedGroup, SurveyedTarget } from './survey';

export type NetworkInput = ConfigInput['network'];

export interface NetworkGiven {
  readonly subnetIds?: readonly string[];
  readonly securityGroupId?: string;
}

/** By this name a group of its own for the prober is found again. */
export const PROBER_GROUP_NAME = 'sickbay-prober';

/**
 * Lambda keeps one interface for each pair of subnet and security groups, and makes more as it
 * scales (Lambda developer guide, "Understanding Hyperplane Elastic Network Interfaces (ENIs)"); so
 * many free addresses are room for both probers and for what else starts there.
 */
export const FREE_ADDRESSES = 8;

/**
 * More zones than two add nothing: the second prober stands in the last subnet, the first in the
 * others.
 */
const MOST_SUBNETS = 3;

export function proposeNetwork(
  survey: AccountSurvey,
  given: NetworkGiven,
): { readonly network: NetworkInput; readonly proposed: Proposed[] } {
  const subnets = subnetsFor(survey, given);
  const peerOf = (securityGroupIds: readonly string[]): Peer => ({
    securityGroupIds,
    cidrs: subnets.chosen.flatMap(({ cidr }) => cidr ?? []),
  });
  const prober = proberGroups(survey, given, peerOf);
  const admission = admissionOf(survey, peerOf(prober.ids));
  return {
    network: {
      subnetIds: subnets.chosen.map(({ id }) => id),
      securityGroupIds: [...prober.ids],
      ...(admission.rules.length === 0 ? {} : { admittedBy: admission.rules }),
    },
    proposed: [...subnets.proposed, ...prober.proposed, ...admission.proposed],
  };
}

// ---------------------------------------------------------------- subnets

function subnetsFor(
  survey: AccountSurvey,
  { subnetIds }: NetworkGiven,
): { readonly chosen: readonly AccountSubnet[]; readonly proposed: Proposed[] } {
  if (subnetIds !== undefined) return givenSubnets(survey, subnetIds);
  const targets = survey.groups.flatMap((group) => group.targets);
  const home = new Set(targets.flatMap(({ subnetId }) => subnetId ?? []));
  const zones = new Set(targets.flatMap(({ zone }) => zone ?? []));
  const roomy = survey.subnets.filter(({ freeAddresses }) => freeAddresses >= FREE_ADDRESSES);
  const ranked = byNearness(roomy, home, zones);
  const onePerZone = ranked.filter((subnet, index) => ranked.findIndex(({ zone }) => zone === subnet.zone) === index);
  const chosen = onePerZone.slice(0, MOST_SUBNETS).filter((subnet, index) => index < 2 || zones.has(subnet.zone));
  if (chosen.length === 0) throw new CommandError(noSubnet(survey), EXIT.lacking);
  const why = chosen.map((subnet) => whySubnet(subnet, home, zones));
  return { chosen, proposed: [subnetsProposed(chosen, why.join('; '))] };
}

function whySubnet({ id, zone, freeAddresses }: AccountSubnet, home: ReadonlySet<string>, zones: ReadonlySet<string>): string {
  const place = home.has(id) ? 'targets stand in it' : zones.has(zone) ? 'the zone of targets' : `zone ${zone}`;
  return `${id}: ${place}, ${freeAddresses} free addresses`;
}

/** Those with targets in them first, then those in a zone of targets, then those with most room. */
function byNearness(subnets: readonly AccountSubnet[], home: ReadonlySet<string>, zones: ReadonlySet<string>): readonly AccountSubnet[] {
  return [...subnets].sort(
    (a, b) =>
      Number(home.has(b.id)) - Number(home.has(a.id)) ||
      Number(zones.has(b.zone)) - Number(zones.has(a.zone)) ||
      b.freeAddresses - a.freeAddresses ||
      a.id.localeCompare(b.id),
  );
}

function subnetsProposed(chosen: readonly AccountSubnet[], why: string): Proposed {
  const value = chosen.map(({ id, zone }) => `${id} (${zone})`).join(', ');
  if (chosen.length > 1) return { key: 'network.subnetIds', value, why };
  return {
    key: 'network.subnetIds',
    value,
    why: `${why}. One subnet only: there is no second view of a suspect from elsewhere`,
    attention: true,
  };
}

function givenSubnets(
  { subnets, vpcId }: AccountSurvey,
  ids: readonly string[],
): { readonly chosen: AccountSubnet[]; readonly proposed: Proposed[] } {
  const chosen = ids.map((id) => {
    const found = subnets.find((subnet) => subnet.id === id);
    if (found !== undefined) return found;
    const allowed = subnets.map((subnet) => `${subnet.id} (${subnet.zone})`);
    throw new CommandError(`--subnet: got "${id}"; allowed, of ${vpcId}: ${allowed.join(', ') || 'none'}`, EXIT.usage);
  });
  return { chosen, proposed: [subnetsProposed(chosen, 'given with --subnet')] };
}

function noSubnet({ subnets, vpcId }: AccountSurvey): string {
  const full = subnets.map(({ id, freeAddresses }) => `${id} has ${freeAddresses}`);
  return `no subnet of ${vpcId} has ${FREE_ADDRESSES} free addresses for the prober: ${full.join(', ') || 'none could be read'}; name some with --subnet`;
}

// ---------------------------------------------------------------- the prober's security group

interface Prober {
  readonly ids: readonly string[];
  readonly proposed: readonly Proposed[];
}

const KEY = 'network.securityGroupIds';

/**
 * A group that was given, else one that was made for the prober, else those of the load balancers
 * where the targets admit them: never one that other things use, which a rule would let in as well.
 */
function proberGroups(survey: AccountSurvey, { securityGroupId }: NetworkGiven, peerOf: (ids: readonly string[]) => Peer): Prober {
  const { securityGroups, vpcId } = survey;
  if (securityGroupId !== undefined) return givenGroup(survey, securityGroupId);
  const own = securityGroups.find(({ name }) => name === PROBER_GROUP_NAME);
  if (own !== undefined)
    return { ids: [own.id], proposed: [{ key: KEY, value: own.id, why: `its name is ${PROBER_GROUP_NAME}: made for the prober` }] };
  const shared = admittedBalancers(survey, peerOf);
  if (shared.length === 0) throw new CommandError(noProberGroup(vpcId), EXIT.lacking);
  const why = `${counted(shared.length, 'group')} of the load balancer, which the targets admit already: no rule has to be made`;
  return { ids: shared, proposed: [{ key: KEY, value: shared.join(', '), why }] };
}

/** A function has at most five groups (VpcConfig, Lambda API reference). */
const MOST_GROUPS = 5;

/** Groups of the load balancers by which every target is reached; none where one is not. */
function admittedBalancers(survey: AccountSurvey, peerOf: (ids: readonly string[]) => Peer): string[] {
  const chosen = new Set<string>();
  for (const surveyed of survey.groups) {
    const ids = surveyed.candidate.balancers.flatMap(({ securityGroupIds }) => securityGroupIds);
    const passing = ids.find((id) => reachesAll(survey, surveyed, id, peerOf([id])));
    if (passing === undefined) return [];
    chosen.add(passing);
  }
  return chosen.size <= MOST_GROUPS ? [...chosen] : [];
}

function reachesAll(survey: AccountSurvey, { targets }: SurveyedGroup, id: string, peer: Peer): boolean {
  const known = targets.filter(({ securityGroupIds }) => securityGroupIds.length > 0);
  const source = survey.securityGroups.filter((group) => group.id === id);
  return (
    known.length > 0 &&
    known.every(
      (target) =>
        letsIn(groupsOf(survey, target), target.port, peer) === 'yes' &&
        letsOut(source, target.port, {
          securityGroupIds: target.securityGroupIds,
          cidrs: target.address === undefined ? [] : [target.address],
        }) === 'yes',
    )
  );
}

function groupsOf({ securityGroups }: AccountSurvey, { securityGroupIds }: SurveyedTarget): AccountSecurityGroup[] {
  return securityGroups.filter(({ id }) => securityGroupIds.includes(id));
}

/**
 * The command by which a group of its own is made: what may be admitted without letting in anything
 * else.
 */
export function createGroupCommand(vpcId: string): string {
  return `ec2 create-security-group --group-name ${PROBER_GROUP_NAME} --description 'Sickbay measures targets from here' --vpc-id ${vpcId}`;
}

function noProberGroup(vpcId: string): string {
  return `no security group for the prober in ${vpcId}: none is named ${PROBER_GROUP_NAME}, and the targets do not admit the load balancer's by its group; make one and run this again (it is found by its name), or name one with --security-group:\n  aws ${createGroupCommand(vpcId)}`;
}

// ---------------------------------------------------------------- the rule

function givenGroup({ securityGroups, vpcId }: AccountSurvey, given: string): Prober {
  if (securityGroups.some(({ id }) => id === given))
    return { ids: [given], proposed: [{ key: KEY, value: given, why: 'given with --security-group' }] };
  const names = securityGroups.map(({ id, name }) => `${id} (${name})`);
  throw new CommandError(`--security-group: got "${given}"; allowed, of ${vpcId}: ${listed(names, 20) || 'none'}`, EXIT.usage);
}

/** So many ports of one group are a range of ports that something hands out. */
const MOST_PORTS = 5;

function admissionOf(
  survey: AccountSurvey,
  peer: Peer,
): { readonly rules: NonNullable<NetworkInput['admittedBy']>; readonly proposed: Proposed[] } {
  const rules: { securityGroupId: string; port: number }[] = [];
  const proposed: Proposed[] = [];
  for (const { candidate, targets } of survey.groups) {
    const group = candidate.group.name;
    const ports = [...new Set(targets.map(({ port }) => port))];
    if (ports.length > MOST_PORTS) {
      proposed.push({
        key: 'network.admittedBy',
        group,
        why: `its targets have ${ports.length} ports, which something hands out: admit ${listed(peer.securityGroupIds)} on their range yourself`,
        attention: true,
      });
      continue;
    }
    const closed = targets.filter(
      (target) => target.securityGroupIds.length > 0 && letsIn(groupsOf(survey, target), target.port, peer) !== 'yes',
    );
    for (const target of closed) {
      const securityGroupId = entryOf(
        survey,
        target,
        candidate.balancers.flatMap(({ securityGroupIds }) => securityGroupIds),
      );
      if (rules.some((rule) => rule.securityGroupId === securityGroupId && rule.port === target.port)) continue;
      rules.push({ securityGroupId, port: target.port });
      const name = survey.securityGroups.find(({ id }) => id === securityGroupId)?.name ?? securityGroupId;
      const why = `${name}, which the targets carry, does not admit the prober on ${target.port}: the stack makes the rule`;
      proposed.push({ key: 'network.admittedBy', group, value: `${securityGroupId} on ${target.port}`, why });
    }
    if (closed.length === 0) proposed.push(withoutRule(group, targets));
  }
  return { rules, proposed };
}

function withoutRule(group: string, targets: readonly SurveyedTarget[]): Proposed {
  const blank = targets.filter(({ securityGroupIds }) => securityGroupIds.length === 0);
  if (targets.length === 0)
    return { key: 'network.admittedBy', group, why: 'it has no targets yet: admit the prober when it has', attention: true };
  if (blank.length === 0) return { key: 'network.admittedBy', group, why: 'its targets admit the prober already' };
  const why = `the security groups of ${listed(blank.map(({ id }) => id))} are not known: see that they admit the prober`;
  return { key: 'network.admittedBy', group, why, attention: true };
}

/** Of a target's groups the one that admits its load balancer, else the first. */
function entryOf(survey: AccountSurvey, target: SurveyedTarget, balancerGroups: readonly string[]): string {
  const admits = groupsOf(survey, target).find(
    (one) => letsIn([one], target.port, { securityGroupIds: balancerGroups, cidrs: [] }) === 'yes',
  );
  return admits?.id ?? target.securityGroupIds[0] ?? '';
}
