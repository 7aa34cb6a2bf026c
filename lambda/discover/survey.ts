/** One group as it stands before a round: what ELB says, where each target can be probed, and what is remembered of it. */
import { isRegistered, isTargetCase } from '../../core/case';
import { targetKey, type Case, type LbTarget, type Round, type Target, type TargetGroup } from '../../core/model';
import type { SweepPorts } from '../ports';

export interface Survey {
  readonly group: TargetGroup;
  readonly lbView: readonly LbTarget[];
  /** Newest first. */
  readonly history: readonly Round[];
  /** What is to be probed: targets in service, and those we have taken out. */
  readonly targets: readonly Target[];
  /** Keys of the targets that are out by our own hand. */
  readonly out: readonly string[];
  readonly addresses: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** Rounds of memory that the judge takes. */
export const HISTORY_ROUNDS = 20;

export async function survey(ports: SweepPorts, group: TargetGroup, openCases: readonly Case[]): Promise<Survey> {
  const [health, history] = await Promise.all([ports.loadBalancing.health(group.arn), ports.rounds.latest(group.arn, HISTORY_ROUNDS)]);
  const lbView = withSince(health, history[0], ports.clock.now());
  const outCases = openCases.filter(isTargetCase).filter((value) => value.groupArn === group.arn && value.state === 'out');
  const inService = lbView.filter((entry) => entry.state === 'healthy' || entry.state === 'unhealthy').map((entry) => entry.target);
  const out = outCases.filter((value) => !inService.some((target) => targetKey(target) === targetKey(value.target)));
  const targets = [...inService, ...out.map((value) => value.target)];
  const addresses = {
    ...(await addressesOf(ports, group, targets)),
    ...Object.fromEntries(out.flatMap((value) => (value.address === undefined ? [] : [[targetKey(value.target), value.address]]))),
  };
  return {
    group,
    lbView,
    history,
    targets,
    out: out.map((value) => targetKey(value.target)),
    addresses,
    notes: notesOn(targets, addresses),
  };
}

/** When each target came into its state: carried on from the round before, or now. */
function withSince(health: readonly LbTarget[], before: Round | undefined, now: number): LbTarget[] {
  if (before === undefined) return [...health];
  const earlier = new Map(before.lbView.map((entry) => [targetKey(entry.target), entry]));
  return health.map((entry) => {
    const known = earlier.get(targetKey(entry.target));
    if (known?.state !== entry.state) return { ...entry, sinceAt: now };
    return known.sinceAt === undefined ? entry : { ...entry, sinceAt: known.sinceAt };
  });
}

async function addressesOf(ports: SweepPorts, group: TargetGroup, targets: readonly Target[]): Promise<Record<string, string>> {
  if (group.targetType === 'ip') return Object.fromEntries(targets.map((target) => [targetKey(target), target.id]));
  if (group.targetType !== 'instance') return {};
  const instances = await ports.hosts.describe(targets.map((target) => target.id));
  return Object.fromEntries(
    targets.flatMap((target) =>
      instances.get(target.id)?.address === undefined ? [] : [[targetKey(target), instances.get(target.id)?.address ?? '']],
    ),
  );
}

function notesOn(targets: readonly Target[], addresses: Readonly<Record<string, string>>): string[] {
  const lost = targets.filter((target) => addresses[targetKey(target)] === undefined).map((target) => target.id);
  return lost.length === 0 ? [] : [`no address for ${lost.join(', ')}: not known to Systems Manager, not probed`];
}

/** Time in its present state, for targets in service; undefined: longer than we have looked. */
export function ageOf(lbView: readonly LbTarget[], target: Target, now: number): number | undefined {
  const entry = lbView.find((candidate) => targetKey(candidate.target) === targetKey(target));
  return entry?.sinceAt === undefined || !isRegistered(entry) ? undefined : now - entry.sinceAt;
}
