/**
 * Whether security groups let a connection through. Rules only ever allow, and those of all groups
 * of an interface count together (VPC user guide, "Security group rules"). Network ACLs and routes
 * are not looked at.
 */
import type { AccountSecurityGroup, TrafficRule } from './ec2';

/** Who connects: the security groups of its interface, and the subnets it may stand in. */
export interface Peer {
  readonly securityGroupIds: readonly string[];
  /** IPv4 blocks, each of which may be its address's. */
  readonly cidrs: readonly string[];
}

/** `unknown`: only a prefix list may allow it, and what is in one is not read. */
export type Passage = 'yes' | 'no' | 'unknown';

/** Whether every connection from `peer` to a TCP port is let in. */
export function letsIn(groups: readonly AccountSecurityGroup[], port: number, peer: Peer): Passage {
  return passage(
    groups.flatMap(({ ingress }) => ingress),
    port,
    peer,
  );
}

/** Whether every connection to a TCP port of `peer` is let out. */
export function letsOut(groups: readonly AccountSecurityGroup[], port: number, peer: Peer): Passage {
  return passage(
    groups.flatMap(({ egress }) => egress),
    port,
    peer,
  );
}

function passage(all: readonly TrafficRule[], port: number, { securityGroupIds, cidrs }: Peer): Passage {
  const rules = all.filter((rule) => isAbout(rule, port));
  if (rules.some((rule) => rule.securityGroupIds.some((id) => securityGroupIds.includes(id)))) return 'yes';
  const blocks = rules.flatMap((rule) => rule.cidrs);
  if (cidrs.length > 0 && cidrs.every((cidr) => blocks.some((block) => contains(block, cidr)))) return 'yes';
  return rules.some((rule) => rule.prefixListIds.length > 0) ? 'unknown' : 'no';
}

function isAbout({ protocol, fromPort, toPort }: TrafficRule, port: number): boolean {
  if (protocol === '-1') return true;
  // 6 is TCP's number (IpPermission, EC2 API reference: a name or a number).
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return fromPort === undefined || toPort === undefined || (fromPort <= port && port <= toPort);
}

/** Whether an IPv4 block holds all of another one. IPv6 blocks hold none. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [blockOf(outer), blockOf(inner)];
  return a !== undefined && b !== undefined && a.from <= b.from && b.to <= a.to;
}

function blockOf(cidr: string): { readonly from: number; readonly to: number } | undefined {
  const [, address = '', bits = '32'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(cidr) ?? [];
  if (address === '') return undefined;
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const from = Math.floor(value / size) * size;
  return { from, to: from + size - 1 };
}
