/** Questions about one case that more than one stage asks. */
import {
  targetKey,
  type Case,
  type Decision,
  type Ejection,
  type InstanceFacts,
  type LbTarget,
  type Round,
  type Target,
  type TargetCase,
  type TargetRef,
  type TargetVerdict,
} from './model';

export function isTargetCase(incident: Case): incident is TargetCase {
  return incident.about === 'target';
}

/**
 * `2026-01-31T23:59:00.000Z-3340d2be` as `0131T2359-3340d2be`, as tables write it and commands take
 * it.
 */
export function shortCaseId(id: string): string {
  const [, month, day, hour, minute, rest = ''] = /^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):[\d.]+Z-(.+)$/.exec(id) ?? [];
  return month === undefined ? id : `${month}${day}T${hour}${minute}-${rest.slice(-16)}`;
}

/**
 * The latest ejection that was not abandoned; undefined when this case never removed its target.
 */
export function currentEjection(incident: Case): Ejection | undefined {
  return incident.ejections.filter((ejection) => ejection.abandonedAt === undefined).at(-1);
}

/**
 * Who had the target's address when it was taken out, or when the case was opened; undefined for
 * instances.
 */
export function holderOf(incident: TargetCase): TargetRef | undefined {
  return currentEjection(incident)?.targetRef ?? incident.targetRef;
}

/**
 * A removal that was announced and has neither been confirmed nor abandoned: the run that made it
 * died.
 */
export function openIntent(incident: Case): Ejection | undefined {
  const ejection = currentEjection(incident);
  return ejection !== undefined && ejection.confirmedAt === undefined && ejection.restoredAt === undefined ? ejection : undefined;
}

/**
 * A person gave it up: what becomes of it is not ours any more, although its case may still be
 * open.
 */
export function isGivenUp(incident: Case): boolean {
  return currentEjection(incident)?.givenUpAt !== undefined;
}

/**
 * Out by us, or announced to be: an unconfirmed intent counts as out until the world says
 * otherwise.
 */
export function isOut(incident: Case): boolean {
  const ejection = currentEjection(incident);
  return ejection !== undefined && ejection.restoredAt === undefined && ejection.givenUpAt === undefined && incident.state !== 'closed';
}

export function verdictOf(round: Round | undefined, target: Target): TargetVerdict | undefined {
  const key = targetKey(target);
  return round?.verdicts.find((verdict) => verdict.key === key);
}

/** Under suspicion in that round: suspect or convicted. */
export function isSuspected(verdict: TargetVerdict | undefined): boolean {
  return verdict?.verdict === 'convicted' || verdict?.verdict === 'suspect';
}

/**
 * The Availability Zone of a target: ELB's word, or EC2's for its instance; undefined when neither
 * knows.
 */
export function zoneOf(instances: Readonly<Record<string, InstanceFacts>> | undefined, target: Target): string | undefined {
  return target.availabilityZone ?? instances?.[target.id]?.zone;
}

export function lbTargetOf(view: readonly LbTarget[], target: Target): LbTarget | undefined {
  const key = targetKey(target);
  return view.find((entry) => targetKey(entry.target) === key);
}

/** It gets requests, as far as the load balancer's own checks go. */
export function isServing(entry: LbTarget): boolean {
  return entry.state === 'healthy';
}

/**
 * Registered and not on its way out: it gets traffic now or will after its first health checks.
 * `unused` alone says nothing: a target whose group no load balancer uses is registered, one with
 * the reason `Target.NotRegistered` is not (TargetHealth, ELBv2 API reference).
 */
export function isRegistered(entry: LbTarget | undefined): boolean {
  if (entry === undefined || entry.reason === 'Target.NotRegistered') return false;
  return entry.state !== 'draining' && entry.state !== 'unhealthy.draining';
}

/**
 * An unbroken run of clean verdicts, up to the newest round. `sinceAt` is the start of its oldest
 * round.
 */
export interface CleanSpell {
  readonly rounds: number;
  readonly sinceAt?: number;
}

/**
 * The clean spell of one target over `rounds` (newest first). Rounds closer than `minGapMs` to the
 * next one count as one.
 */
export function cleanSpell(rounds: readonly Round[], target: Target, minGapMs: number): CleanSpell {
  let spell: CleanSpell = { rounds: 0 };
  for (const round of rounds) {
    if (verdictOf(round, target)?.verdict !== 'clean') break;
    const apart = spell.sinceAt === undefined || spell.sinceAt - round.startedAt >= minGapMs;
    spell = { rounds: spell.rounds + (apart ? 1 : 0), sinceAt: apart ? round.startedAt : (spell.sinceAt ?? round.startedAt) };
  }
  return spell;
}

/** The groups that these cases are about. */
export function groupsOf(cases: readonly Case[]): Set<string> {
  return new Set(cases.flatMap(({ groupArn }) => groupArn ?? []));
}

/** The name in a target group's ARN; without one it is about the whole stack. */
export function groupName(groupArn: string | undefined): string {
  return groupArn === undefined ? 'the whole stack' : (groupArn.split('/')[1] ?? groupArn);
}

/**
 * The target is out, and its owner does not let it back in: what the decision tells is that a
 * person has to make room, not that a removal was refused.
 */
export function isReturnRefused(incident: Case, { action, blocked }: Decision): boolean {
  return incident.state === 'out' && action === 'page' && blocked.includes('no-way-back');
}
