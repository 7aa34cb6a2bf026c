import type { AccountSecurityGroup } from '../../account/ec2';
import { letsIn, letsOut, type Peer } from '../../account/traffic';
import { FREE_ADDRESSES } from '../../init/propose-network';
import { counted, listed } from '../../init/proposal';
import { fail, ok, orOk, skip, warn, type Check, type Result } from '../check';
import type { Context, WatchedGroup } from '../context';

type Groups = ReadonlyMap<string, AccountSecurityGroup>;

const of = (groups: Groups, ids: readonly string[]): AccountSecurityGroup[] => ids.flatMap((id) => groups.get(id) ?? []);

function ingress(context: Context, groupId: string, port: number, source: string): string {
  return context.aws(`ec2 authorize-security-group-ingress --group-id ${groupId} --protocol tcp --port ${port} --source-group ${source}`);
}

/** The subnets of the prober. */
export const subnets: Check = {
  name: 'subnets',
  run: async (context) => {
    const { config, watched } = context;
    const [found, groups] = [await context.subnets(), await watched()];
    const missing = config.network.subnetIds.filter((id) => !found.some((subnet) => subnet.id === id));
    const vpcs = [...new Set(groups.flatMap(({ candidate }) => candidate.group.vpcId ?? []))];
    const elsewhere = found.filter(({ vpcId }) => vpcs.length > 0 && !vpcs.includes(vpcId));
    const full = found.filter(({ freeAddresses }) => freeAddresses === 0);
    const tight = found.filter(({ freeAddresses }) => freeAddresses > 0 && freeAddresses < FREE_ADDRESSES);
    const lonely = found.length === 1 && missing.length === 0;
    return orOk(
      [
        ...missing.map((id) => fail(`there is no subnet ${id}`)),
        ...elsewhere.map(({ id, vpcId }) =>
          warn(`${id} is in ${vpcId}, and the targets in ${listed(vpcs)}: only routes between the two reach them`),
        ),
        ...full.map(({ id }) => fail(`${id} has no free address: the prober cannot start there`)),
        ...tight.map(({ id, freeAddresses }) =>
          warn(`${id} has ${counted(freeAddresses, 'free address')}; ${FREE_ADDRESSES} are comfortable`),
        ),
        ...(lonely ? [warn('one subnet only: there is no second view of a suspect from elsewhere')] : []),
      ],
      found.map(({ id, zone, freeAddresses }) => `${id} (${zone}, ${freeAddresses} free)`).join(', '),
    );
  },
};

/** Whether the targets' security groups let the prober in, and its own lets it out. */
export const proberToTargets: Check = {
  name: 'prober, targets',
  run: async (context) => {
    const [groups, peer, deployed] = [await context.securityGroups(), await context.prober(), await context.deployed()];
    const missing = context.config.network.securityGroupIds
      .filter((id) => !groups.has(id))
      .map((id) => fail(`there is no security group ${id}`));
    if (missing.length > 0) return missing;
    const perGroup = (await context.watched()).flatMap((watched) => pathOf(context, watched, groups, peer, deployed !== undefined));
    const duplicates = deployed === undefined ? duplicated(context, groups) : [];
    return [...perGroup, ...duplicates];
  },
};

function pathOf(context: Context, watched: WatchedGroup, groups: Groups, peer: Peer, isDeployed: boolean): Result[] {
  const { name } = watched.candidate.group;
  const places = placesOf(watched);
  if (places.length === 0) return [skip(`${name}: the security groups of its targets are not known`)];
  const results = places.map((place): Result => {
    const out = letsOut(of(groups, peer.securityGroupIds), place.port, { securityGroupIds: place.securityGroupIds, cidrs: place.cidrs });
    if (out === 'no')
      return fail(
        `${name}: the prober's security group lets nothing out to ${place.port}`,
        context.aws(
          `ec2 authorize-security-group-egress --group-id ${peer.securityGroupIds[0]} --protocol tcp --port ${place.port} --source-group ${place.securityGroupIds[0]}`,
        ),
      );
    const into = letsIn(of(groups, place.securityGroupIds), place.port, peer);
    if (into === 'yes') return ok(`${name}: ${listed(place.securityGroupIds)} admits the prober on ${place.port}`);
    const planned = context.config.network.admittedBy.some(
      ({ securityGroupId, port }) => place.securityGroupIds.includes(securityGroupId) && port === place.port,
    );
    if (planned && !isDeployed) return ok(`${name}: the stack makes the rule on ${place.port} (network.admittedBy)`);
    if (into === 'unknown')
      return warn(`${name}: whether a prefix list of ${listed(place.securityGroupIds)} holds the prober on ${place.port} is not read`);
    return fail(
      `${name}: ${listed(place.securityGroupIds)} does not admit the prober on ${place.port}: every round is blind; add it to network.admittedBy, or`,
      ingress(context, place.securityGroupIds[0] ?? '', place.port, peer.securityGroupIds[0] ?? ''),
    );
  });
  return unique(results);
}

interface Place {
  readonly port: number;
  readonly securityGroupIds: readonly string[];
  readonly cidrs: readonly string[];
}

/** Each set of security groups with each port once. */
function placesOf({ targets, config }: WatchedGroup): Place[] {
  const known = targets.filter(({ securityGroupIds }) => securityGroupIds.length > 0);
  const places = known.map(({ securityGroupIds, port, address }) => ({
    port: config.probe?.port ?? port,
    securityGroupIds,
    cidrs: address === undefined ? [] : [address],
  }));
  return [...new Map(places.map((place) => [`${place.port} ${place.securityGroupIds.join(' ')}`, place])).values()];
}

function unique(results: readonly Result[]): Result[] {
  return [...new Map(results.map((result) => [result.text, result])).values()];
}

/** This very rule: one for a range of ports, or of every protocol, is another one. */
function hasRule(group: AccountSecurityGroup | undefined, port: number, source: string): boolean {
  const rules = group?.ingress ?? [];
  return rules.some(
    ({ protocol, fromPort, toPort, securityGroupIds: from }) =>
      protocol === 'tcp' && fromPort === port && toPort === port && from.includes(source),
  );
}

/**
 * EC2 refuses a rule that is there already (InvalidPermission.Duplicate (M)), and the deployment
 * fails with it.
 */
function duplicated({ config }: Context, groups: Groups): Result[] {
  const { admittedBy, securityGroupIds } = config.network;
  return admittedBy.flatMap(({ securityGroupId, port }) => {
    const there = securityGroupIds.filter((source) => hasRule(groups.get(securityGroupId), port, source));
    return there.map((source) =>
      fail(
        `${securityGroupId} has the rule for ${source} on ${port} already, and the deployment would fail on it: take it out of network.admittedBy`,
      ),
    );
  });
}

/** The client's view of an internal load balancer is sampled by the prober. */
export const proberToBalancer: Check = {
  name: 'prober, balancer',
  run: async (context) => {
    const [groups, peer] = [await context.securityGroups(), await context.prober()];
    const pairs = (await context.watched()).flatMap(({ candidate, listeners }) =>
      candidate.balancers
        .filter(({ scheme, type }) => scheme === 'internal' && type === 'application')
        .map((balancer) => ({
          balancer,
          // One that serves is enough for a client's view; HTTPS goes first
          // (lambda/aws/reach.ts).
          ports: listeners
            .filter(({ balancerArn, protocol }) => balancerArn === balancer.arn && (protocol === 'HTTP' || protocol === 'HTTPS'))
            .map(({ port }) => port),
        })),
    );
    if (pairs.length === 0) return [skip('no internal Application Load Balancer: the view of clients is sampled from outside')];
    return unique(
      pairs.map(({ balancer, ports }): Result => {
        const open = ports.filter((port) => letsIn(of(groups, balancer.securityGroupIds), port, peer) === 'yes');
        if (open.length > 0) return ok(`${balancer.name} (internal) admits the prober on ${listed(open.map(String))}`);
        const text = `${balancer.name} (internal) does not admit the prober on ${listed(ports.map(String)) || 'any port'}: what its clients see is not sampled`;
        const [port, group] = [ports[0], balancer.securityGroupIds[0]];
        return port === undefined || group === undefined
          ? warn(text)
          : fail(text, ingress(context, group, port, peer.securityGroupIds[0] ?? ''));
      }),
    );
  },
};
