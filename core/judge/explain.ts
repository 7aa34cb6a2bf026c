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
  const parts = [
    sayRatio(verdict, position),
    `${verdict.bad.k} of ${verdict.bad.n} samples bad`,
    sayEvidence(verdict),
    veto && VETOES[veto],
  ];
  return parts.filter((part) => part !== undefined).join(', ');
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
  return `${verdict.evidenceNats.toFixed(1)} nats of evidence, ${verdict.neededNats.toFixed(1)} needed`;
}

function sayRatio(verdict: Omit<TargetVerdict, 'says'>, position: Position): string | undefined {
  const { reference, reading } = position;
  if (verdict.ratio === undefined || reading.level === undefined || reference === undefined) return undefined;
  const peers = position.peers === 1 ? 'its peer' : `its ${position.peers} peers`;
  return `${sayFactor(verdict.ratio)} ${peers} (${saySeconds(fromY(reading.level))} against ${saySeconds(fromY(reference))})`;
}

function sayFactor(ratio: number): string {
  return `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1)}x`;
}

function saySeconds(ms: number): string {
  return ms >= 100 ? `${(ms / 1000).toFixed(ms >= 1000 ? 1 : 2)} s` : `${ms.toFixed(ms >= 10 ? 0 : 1)} ms`;
}
