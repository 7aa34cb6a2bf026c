/** Which target groups can be watched, and why others cannot. */
import type { GroupConfig } from '../../core/config';
import { isOfNetwork, onlyObserved, spokenTo } from '../../core/spoken';
import { agentInFront } from '../../core/target-optimizer';
import type { AccountBalancer, AccountGroup } from '../account/load-balancing';
import { placeOfForeign } from '../account/foreign-arn';
import { CommandError, EXIT } from '../exit';

export interface Candidate {
  readonly group: AccountGroup;
  readonly balancers: readonly AccountBalancer[];
  /** Why it cannot be watched at all. */
  readonly refused?: string;
  /** Why nothing will be removed from it, though it is measured and alerted on. */
  readonly observedOnly?: string;
  /** Why it is not taken unless it is named. */
  readonly notByItself?: string;
}

/** Every group of the Region, those that can be watched first, then by name. */
export function candidatesOf(groups: readonly AccountGroup[], balancers: readonly AccountBalancer[]): Candidate[] {
  const byArn = new Map(balancers.map((balancer) => [balancer.arn, balancer]));
  return groups
    .map((group) =>
      candidate(
        group,
        group.loadBalancerArns.flatMap((arn) => byArn.get(arn) ?? []),
      ),
    )
    .sort((a, b) => rank(a) - rank(b) || a.group.name.localeCompare(b.group.name));
}

function rank({ refused, notByItself }: Candidate): number {
  if (refused !== undefined) return 2;
  return notByItself === undefined ? 0 : 1;
}

function candidate(group: AccountGroup, balancers: readonly AccountBalancer[]): Candidate {
  const refused = refusal(group);
  const remark = remarkOn(group);
  // Its ARN may be there while the load balancer could not be listed.
  const notByItself = group.loadBalancerArns.length > 0 ? undefined : 'no load balancer forwards to it, so its targets are unused';
  return {
    group,
    balancers,
    ...(refused === undefined ? {} : { refused }),
    ...(remark === undefined ? {} : { observedOnly: remark }),
    ...(notByItself === undefined ? {} : { notByItself }),
  };
}

function refusal(group: AccountGroup): string | undefined {
  // Behind a Network Load Balancer the operator says what is spoken.
  const spoken = spokenTo(group, isOfNetwork(group) ? { protocol: 'HTTP' } : {});
  return spoken.ok ? undefined : spoken.why;
}

/**
 * Why nothing is removed from a group that is measured, by what is configured of it so far
 * (guardrail `target-unsupported`); of addresses their owner says more.
 */
export function remarkOn(group: AccountGroup, config: Pick<GroupConfig, 'nlb' | 'owner' | 'probe'> = {}): string | undefined {
  const { protocol, port, targetControlPort } = group;
  const why = onlyObserved(group, config);
  if (why !== undefined)
    return `a Network Load Balancer's group (${protocol}): measured where "probe.protocol" says what is spoken, and alerted on; ${why}`;
  if (agentInFront(group, port, config.probe?.port) === undefined) return undefined;
  return `Target Optimizer (control port ${targetControlPort}): measured and alerted on, nothing is removed unless probe.port leads past its agents`;
}

/** So many names stand in a message. */
const NAMED = 20;

/**
 * The groups that were asked for by ARN or name, each once, in that order.
 * @throws CommandError with the value and the allowed ones.
 */
export function named(candidates: readonly Candidate[], asked: readonly string[]): Candidate[] {
  const found = asked.map((text) => {
    const one = candidates.find(({ group }) => group.arn === text || group.name === text);
    if (one === undefined) {
      const elsewhere = placeOfForeign(text, candidates[0]?.group.arn);
      throw new CommandError(`--target-group: got "${text}"; allowed: ${allowed(candidates)}${elsewhere}`, EXIT.usage);
    }
    if (one.refused !== undefined) throw new CommandError(`--target-group: got "${text}": ${one.refused}`, EXIT.usage);
    return one;
  });
  return [...new Set(found)];
}

function allowed(candidates: readonly Candidate[]): string {
  const names = candidates.filter(({ refused }) => refused === undefined).map(({ group }) => group.name);
  if (names.length === 0) return 'none, no target group here can be watched';
  return names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ');
}

/** What is taken when nothing is named. */
export function byThemselves(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ refused, notByItself }) => refused === undefined && notByItself === undefined);
}

/**
 * The one VPC of the groups: the prober stands in one.
 * @throws CommandError that lists the groups of each VPC.
 */
export function vpcOf(chosen: readonly Candidate[]): string {
  const byVpc = new Map<string, string[]>();
  for (const { group } of chosen) byVpc.set(group.vpcId ?? '', [...(byVpc.get(group.vpcId ?? '') ?? []), group.name]);
  const [first, ...others] = byVpc.keys();
  if (first === undefined || first === '') throw new CommandError('no VPC is known for these target groups', EXIT.usage);
  if (others.length === 0) return first;
  const lines = [...byVpc].map(([vpc, names]) => `  ${vpc}: ${names.slice(0, NAMED).join(', ')}`);
  const text = `the groups are in ${byVpc.size} VPCs, and one stack's prober stands in one: use --target-group for those of one VPC, and another configuration for the others`;
  throw new CommandError([text, ...lines].join('\n'), EXIT.usage);
}
