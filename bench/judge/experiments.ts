import type { Edit } from './ablations';

/**
 * Other statistics in place of the product's, tried and not taken; docs/judge.md has what they
 * showed.
 */
export interface Experiment {
  readonly name: string;
  readonly edits: readonly Edit[];
}

export const EXPERIMENTS: readonly Experiment[] = [
  {
    // Shiryaev and Roberts: the sum of the likelihood ratios over all windows, not the largest,
    // against the same threshold.
    name: 'sums over windows',
    edits: [
      {
        file: 'level-evidence.ts',
        text: `    if (nats <= (best?.nats ?? 0) || !isMaterial(candidate, residuals)) continue;
    const own = nats - peersPart(candidate, residuals.length, wavering);
    if (own > (best?.nats ?? 0))
      best = { nats: own, why: 'level', window: residuals.length, badRounds: ratios.filter((ratio) => ratio > 0).length };`,
        instead: `    if (!isMaterial(candidate, residuals)) continue;
    const own = nats - peersPart(candidate, residuals.length, wavering);
    if (own <= 0) continue;
    const badRounds = ratios.filter((ratio) => ratio > 0).length;
    const longer = own > (best?.top ?? 0) ? { window: residuals.length, badRounds, top: own } : best;
    best = { ...longer, why: 'level', nats: Math.log(Math.exp(best?.nats ?? -Infinity) + Math.exp(own)) };`,
      },
      {
        file: 'rate-evidence.ts',
        text: `    if (bound.nats <= (best?.nats ?? 0)) break;`,
        instead: `    if (bound.nats <= 0) break;`,
      },
      {
        file: 'rate-evidence.ts',
        text: `    if (exact !== undefined && exact.nats > (best?.nats ?? 0)) best = exact;`,
        instead: `    if (exact === undefined) continue;
    const larger = exact.nats > (best?.top ?? 0) ? { ...exact, top: exact.nats } : best;
    if (larger !== undefined) best = { ...larger, nats: Math.log(Math.exp(best?.nats ?? -Infinity) + Math.exp(exact.nats)) };`,
      },
    ],
  },
  {
    // A mixture of the two alternatives, and of slow samples and failures, each with probability
    // 1/2, not the larger.
    name: 'averages of alternatives',
    edits: [
      {
        file: 'rate-evidence.ts',
        text: 'return Math.max(sum.apart, sum.ways + lnOwnRate(sum.k, sum.n) - sum.healthy);',
        instead: 'return lnSum(sum.apart, sum.ways + lnOwnRate(sum.k, sum.n) - sum.healthy) - Math.LN2;',
      },
      {
        file: 'rate-evidence.ts',
        text: 'return (failed?.nats ?? 0) > (slow?.nats ?? 0) ? failed : slow;',
        instead: `const larger = (failed?.nats ?? 0) > (slow?.nats ?? 0) ? failed : slow;
  return larger && { ...larger, nats: lnSum(failed?.nats ?? 0, slow?.nats ?? 0) - Math.LN2 };`,
      },
    ],
  },
  {
    // One empirical null a group: how often healthy targets exceed two scales, and by how much, as
    // a generalised Pareto tail (Pickands 1975, Annals of Statistics 3) by moments. Priors: of t5,
    // worth 200 target-rounds and 20 exceedances. In place of the t tail, the echo and the jumps.
    name: 'an empirical null with a Pareto tail',
    edits: [
      {
        file: 'nuisance.ts',
        text: '  if (summary.jumped && newer?.jumped !== true) counts.jump += 1;',
        instead: `  const z = (summary.residual ?? 0) / summary.scale - 2;
  if (z > 0) {
    counts.jump += 1;
    counts.excess = (counts.excess ?? 0) + z;
    counts.excess2 = (counts.excess2 ?? 0) + z * z;
  }`,
      },
      {
        file: 'nuisance.ts',
        text: '    jump: chance(fleet.jump - own.jump, PRIOR_DISTURBANCE.jump),',
        instead: `    jump: ((m, sum, sum2) => {
      const mean = (sum + 20 * 0.9) / (m + 20);
      const square = (sum2 + 20 * 2.7) / (m + 20);
      const xi = Math.min(0.45, Math.max(0.2, 0.5 * (1 - (mean * mean) / Math.max(1e-9, square - mean * mean))));
      return { zeta: (m + 0.05 * 200) / (fleet.rounds - own.rounds + 200), xi, beta: mean * (1 - xi) };
    })(fleet.jump - own.jump, (fleet.excess ?? 0) - (own.excess ?? 0), (fleet.excess2 ?? 0) - (own.excess2 ?? 0)),`,
      },
      {
        file: 'level-evidence.ts',
        text: 'Math.min(1, nuisance.jump + nuisance.lift)',
        instead: '{ ...nuisance.jump, lift: nuisance.lift }',
      },
      {
        file: 'level-evidence.ts',
        text: 'const scale = Math.hypot(noise.scale, ECHO_SPREAD * carried);',
        instead: 'const scale = noise.scale;',
      },
      {
        file: 'level-evidence.ts',
        text: 'const healthy = ((1 - jump) * studentT(Math.max(0, r - carried) / scale, noise.freedom)) / scale + jump * beyond;',
        instead: `const z = r / scale - 2;
  const lift = Math.min(1, jump.lift ?? 0);
  const density = z > 0 ? (jump.zeta / jump.beta) * (1 + (jump.xi * z) / jump.beta) ** (-1 / jump.xi - 1) : studentT(r / scale, noise.freedom);
  const healthy = ((1 - lift) * density) / scale + lift * beyond;`,
      },
    ],
  },
];
