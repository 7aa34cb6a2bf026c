/**
 * One group as it stands before a round: what ELB says, where each target can be probed, and what
 * is remembered of it.
 */
import { holderOf, isRegistered, isTargetCase } from '../../core/case';
import {
  hostIdOf,
  sameHolder,
  targetKey,
  type Case,
  type InstanceFacts,
  type LbTarget,
  type ListedGroup,
  type Round,
  type Target,
  type TargetCase,
} from '../../core/model';
import { errorFields } from '../aws/log';
import type { SweepPorts } from '../ports';
import { holdersOf, type Holders } from './holders';

export interface Survey {
  readonly group: ListedGroup;
  readonly lbView: readonly LbTarget[];
  /** The last round; undefined: there was none. */
  readonly before: Round | undefined;
  /** What the judge remembers of each round, newest first. */
  readonly records: readonly string[];
  /** What is to be probed: targets in service, and those we have taken out. */
  readonly targets: readonly Target[];
  /** Keys of the targets that are out by our own hand. */
  readonly out: readonly string[];
  /** Who is behind addresses, and by what name the judge remembers each target. */
  readonly holders: Pick<Holders, 'refs' | 'judgedAs'>;
  /** What EC2 says, by target id. */
  readonly instances: Readonly<Record<string, InstanceFacts>>;
  readonly addresses: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Rounds of memory that the judge takes. */
export const HISTORY_ROUNDS = 20;

export async function survey(ports: SweepPorts, group: ListedGroup, openCases: readonly Case[]): Promise<Survey> {
  const [health, history] = await Promise.all([ports.loadBalancing.health(group.arn), ports.rounds.latest(group.arn, HISTORY_ROUNDS)]);
  const [before] = history;
  const outCases = openCases.filter(isTargetCase).filter((incident) => incident.groupArn === group.arn && incident.state === 'out');
  const inService = health.filter((entry) => entry.state === 'healthy' || entry.state === 'unhealthy').map((entry) => entry.target);
  const away = outCases.filter((incident) => !inService.some((target) => targetKey(target) === targetKey(incident.target)));
  const holders = await holdersOf(ports, group, [...inService, ...away.map((incident) => incident.target)], history);
  const out = away.filter((incident) => isStillIts(holders, incident));
  const targets = [...inService, ...out.map((incident) => incident.target)];
  const lbView = withSince(health, before, holders, ports.clock.now());
  const { instances, unread } = await instancesOf(ports, group, targets, holders, before);
  const addresses = {
    ...addressesOf(group, targets, instances),
    ...Object.fromEntries(
      out.flatMap((incident) => (incident.address === undefined ? [] : [[targetKey(incident.target), incident.address]])),
    ),
  };
  return {
    group,
    lbView,
    before,
    records: history.map((round) => round.record),
    targets,
    out: out.map((incident) => targetKey(incident.target)),
    holders,
    instances: { ...zonesOfOthers(lbView, history, instances), ...instances },
    addresses,
    notes: [...unread, ...notesOn(group, targets, addresses), ...mitigated(health), ...unknownIn(holders)],
  };
}

/** What answers at the address of a target that is out may be a stranger: it is not measured. */
function isStillIts({ refs }: Holders, incident: TargetCase): boolean {
  return sameHolder(holderOf(incident), refs[targetKey(incident.target)]) !== 'other';
}

/**
 * When each target came into its state: carried on from the round before, or now. With another
 * holder of its address it is another target.
 */
function withSince(health: readonly LbTarget[], before: Round | undefined, holders: Holders, now: number): LbTarget[] {
  if (before === undefined) return [...health];
  const earlier = new Map(before.lbView.map((entry) => [targetKey(entry.target), entry]));
  return health.map((entry) => {
    const known = earlier.get(targetKey(entry.target));
    if (known?.state !== entry.state || holders.hasChanged(entry.target)) return { ...entry, sinceAt: now };
    return known.sinceAt === undefined ? entry : { ...entry, sinceAt: known.sinceAt };
  });
}

/**
 * EC2 is asked once about an instance, and the round remembers the answer: what it says cannot
 * change while the instance serves. An EC2 that does not answer costs the new instances of one
 * group their round, not the whole sweep. What is known of the holder of an address stands under
 * the address.
 */
async function instancesOf(
  ports: SweepPorts,
  group: ListedGroup,
  targets: readonly Target[],
  { refs }: Holders,
  before: Round | undefined,
): Promise<{ readonly instances: Record<string, InstanceFacts>; readonly unread: readonly string[] }> {
  const hosts = new Map(targets.map((target) => [target.id, hostIdOf(target, refs[targetKey(target)])]));
  const complete = (facts: InstanceFacts | undefined): facts is InstanceFacts =>
    facts !== undefined && (group.targetType !== 'instance' || addressFor(group, facts) !== undefined);
  const known = targets.flatMap((target) => {
    const facts = before?.instances?.[target.id];
    const isSame = hosts.get(target.id) === hostIdOf(target, before?.targetRefs?.[targetKey(target)]);
    return complete(facts) && isSame ? [[target.id, facts] as const] : [];
  });
  const instances = Object.fromEntries(known);
  const strangers = [...hosts].flatMap(([id, host]) => (instances[id] !== undefined || host === undefined ? [] : [[id, host] as const]));
  if (strangers.length === 0) return { instances, unread: [] };
  const ids = [...new Set(strangers.map(([, host]) => host))];
  try {
    const described = await ports.instances.describe(ids);
    const found = strangers.flatMap(([id, host]) => {
      const facts = described.get(host);
      return facts === undefined ? [] : [[id, facts] as const];
    });
    return { instances: { ...instances, ...Object.fromEntries(found) }, unread: [] };
  } catch (error) {
    ports.log('instances-unread', { groupArn: group.arn, ...errorFields(error) });
    return { instances, unread: [`EC2 could not be asked about ${ids.join(', ')}: ${errorFields(error).error}`] };
  }
}

/**
 * A target that is registered and not in service, as one whose instance is stopped, still counts
 * where its zone is counted (core/decide/floor.ts), and a zone that is not known is no reason for a
 * restore. An instance that is stopped keeps its zone, that of its network interface (I), and may
 * have another type when it runs again: the zone alone is remembered.
 */
function zonesOfOthers(
  lbView: readonly LbTarget[],
  history: readonly Round[],
  known: Readonly<Record<string, InstanceFacts>>,
): Record<string, InstanceFacts> {
  const others = lbView.filter((entry) => isRegistered(entry) && known[entry.target.id] === undefined);
  return Object.fromEntries(
    others.flatMap(({ target: { id } }) => {
      const zone = history.flatMap((round) => round.instances?.[id]?.zone ?? [])[0];
      return zone === undefined ? [] : [[id, { zone }]];
    }),
  );
}

function addressesOf(
  group: ListedGroup,
  targets: readonly Target[],
  instances: Readonly<Record<string, InstanceFacts>>,
): Record<string, string> {
  const addressOf = ({ id }: Target): string | undefined => (group.targetType === 'ip' ? id : addressFor(group, instances[id]));
  return Object.fromEntries(
    targets.flatMap((target) => (addressOf(target) === undefined ? [] : [[targetKey(target), addressOf(target) ?? '']])),
  );
}

/**
 * An IPv6 target group sends to the primary IPv6 address, every other to the primary private IPv4
 * address.
 */
function addressFor({ ipAddressType }: ListedGroup, facts: InstanceFacts | undefined): string | undefined {
  return ipAddressType === 'ipv6' ? facts?.ipv6 : facts?.address;
}

function notesOn({ ipAddressType }: ListedGroup, targets: readonly Target[], addresses: Readonly<Record<string, string>>): string[] {
  const lost = targets.filter((target) => addresses[targetKey(target)] === undefined).map((target) => target.id);
  return lost.length === 0
    ? []
    : [`no ${ipAddressType === 'ipv6' ? 'primary IPv6 ' : ''}address for ${lost.join(', ')}: not known to EC2, not probed`];
}

/** What moves traffic besides us is told: the share of a target is not what it was. */
function mitigated(health: readonly LbTarget[]): string[] {
  const keys = health.filter((entry) => entry.mitigationInEffect === true).map(({ target }) => targetKey(target));
  return keys.length === 0
    ? []
    : [
        `Automatic Target Weights has moved traffic away from ${keys.slice(0, NAMED).join(', ')}${keys.length > NAMED ? ` and ${keys.length - NAMED} more` : ''}`,
      ];
}

/** So many names stand in a note. */
const NAMED = 5;

/**
 * Each reason once: where EC2 does not answer it is that of a thousand targets. Of a declared
 * service ECS tells it later, to the responder.
 */
function unknownIn({ refs }: Holders): string[] {
  const whys = Object.entries(refs).flatMap(([key, ref]) => (ref.kind === 'unknown' ? [{ key, why: ref.why }] : []));
  const first = whys.filter(({ why }, index) => whys.findIndex((other) => other.why === why) === index);
  return first.map(({ key, why }) => {
    const alike = whys.filter((other) => other.why === why).length;
    return `EC2 does not tell who is behind ${key}${alike === 1 ? '' : ` and ${alike - 1} more`}: ${why}`;
  });
}

/** Time in its present state, for targets in service; undefined: longer than we have looked. */
export function ageOf(lbView: readonly LbTarget[], target: Target, now: number): number | undefined {
  const entry = lbView.find((candidate) => targetKey(candidate.target) === targetKey(target));
  return entry?.sinceAt === undefined || !isRegistered(entry) ? undefined : now - entry.sinceAt;
}
