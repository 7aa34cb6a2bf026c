import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText } from '../contrast';
import { cpuCount, memoryGb } from '../machine';
import { isFull } from '../pool-evidence';
import { factsAlone, settingFacts } from '../release';
import { conclude, type View } from '../view';

/** A smaller pool than every peer's: the one number of the configuration whose effect on the wait is known. */
function smallerPool({ sickPool, peerPools }: View): Evidence[] {
  if (sickPool === undefined || peerPools.length === 0 || peerPools.some(({ max }) => max <= sickPool.max)) return [];
  const sizes = [...new Set(peerPools.map(({ max }) => max))].join(', ');
  const full = isFull(sickPool);
  return [
    { weight: 'strong', says: `the pool has ${sickPool.max} connections; peers ${sizes}` },
    ...(full ? [{ weight: 'strong', says: `it is full: ${sickPool.active} of ${sickPool.max}` } as const] : []),
  ];
}

/** A smaller machine than every peer: a larger one, or another kernel, slows nothing down. */
function smallerMachine({ sick, peers }: View): Evidence[] {
  const sizes = [
    { label: 'CPUs', both: contrast({ sick, alike: peers }, cpuCount) },
    { label: 'memory in GB', both: contrast({ sick, alike: peers }, (host) => memoryGb(host) || undefined) },
  ];
  const less = sizes.filter(({ both }) => both.here !== undefined && both.peers.length > 0 && both.here < Math.min(...both.peers));
  return less.map(({ label, both }, index) => ({ weight: index === 0 ? 'moderate' : 'weak', says: contrastText(label, both, String) }));
}

/** Configured otherwise than every peer. */
export function configDrift(view: View): Finding | undefined {
  const settings = factsAlone(view.sick, view.peers, settingFacts)
    .slice(0, 3)
    .map(({ fact, peers }) => ({ weight: 'moderate', says: `${fact.name} is ${fact.value}; peers ${peers}` }) as const);
  return conclude({ cause: 'config-drift', support: [...smallerPool(view), ...settings, ...smallerMachine(view)] });
}
