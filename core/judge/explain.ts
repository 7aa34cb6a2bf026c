import type { FleetVerdict, TargetVerdict } from '../model';
import type { Veto } from './conviction';
import type { Position } from './positions';
import { fromY } from './reading';

const VETOES: Readonly<Record<Veto, string>> = {
  cold: 'too young to be judged',
  'never-reached': 'never once reached, so the fault may be ours',
  'one-round': 'one round is no evidence',
  'no-peers': 'no peers to compare it with',
  'no-history': 'no history of its own to tell',
  shared: 'but a cause that all share is likelier',
  'too-many': 'but too many look the same',
  'everybody-alike': 'but the others have bad samples as well',
  zone: 'but its zone is slow as well',
};

/** "71x its 3 peers (10.3 s against 0.14 s), 20 of 20 samples bad, 31.0 nats of evidence, 14.6 needed". */
export function sayTarget(verdict: Omit<TargetVerdict, 'says'>, position: Position, veto: Veto | undefined): string {
  const ratio = sayRatio(verdict, position);
  const bad = `${verdict.bad.k} of ${verdict.bad.n} samples bad, ${sayEvidence(verdict)}`;
  return `${ratio === undefined ? '' : `${ratio}, `}${bad}${veto === undefined ? '' : `, ${VETOES[veto]}`}`;
}

export function sayFleet(fleet: FleetVerdict, targets: readonly TargetVerdict[]): string {
  const named = (verdict: TargetVerdict['verdict']): string => sayNames(targets.filter((target) => target.verdict === verdict));
  switch (fleet) {
    case 'convicted':
      return `${named('convicted')} of ${targets.length} targets convicted`;
    case 'suspect':
      return `${named('suspect')} of ${targets.length} targets under suspicion`;
    case 'shared':
      return `a cause shared by the ${targets.length} targets: nobody is singled out`;
    case 'shared-zone':
      return 'a whole zone is slow: nobody is singled out';
    case 'blind':
      return 'the prober cannot be trusted in this round: nobody is judged';
    case 'none':
      return `nothing stands out among ${targets.length} targets`;
  }
}

/** Up to three by name. */
function sayNames(targets: readonly TargetVerdict[]): string {
  const names = targets.slice(0, 3).map((target) => target.key);
  return targets.length > 3 ? `${names.join(', ')} and ${targets.length - 3} more` : names.join(', ');
}

function sayEvidence(verdict: Omit<TargetVerdict, 'says'>): string {
  return `${tenths(verdict.evidenceNats)} nats of evidence, ${tenths(verdict.neededNats)} needed`;
}

function sayRatio(verdict: Omit<TargetVerdict, 'says'>, position: Position): string | undefined {
  const { reference, reading } = position;
  if (verdict.ratio === undefined || reading.level === undefined || reference === undefined) return undefined;
  const peers = position.peers === 1 ? 'its peer' : `its ${position.peers} peers`;
  return `${sayFactor(verdict.ratio)} ${peers} (${saySeconds(fromY(reading.level))} against ${saySeconds(fromY(reference))})`;
}

function sayFactor(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio) : tenths(ratio)}x`;
}

function saySeconds(ms: number): string {
  if (ms >= 1000) return `${tenths(ms / 1000)} s`;
  return ms >= 100 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 10 ? Math.round(ms) : tenths(ms)} ms`;
}

/** With one decimal, as `toFixed(1)` writes it, which takes several times as long: five numbers a target are written in each round. */
function tenths(x: number): string {
  const n = Math.round(10 * x);
  return Number.isSafeInteger(n) && n >= 0 ? `${Math.floor(n / 10)}.${n % 10}` : x.toFixed(1);
}
