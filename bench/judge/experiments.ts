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
    const own = nats - peersPart(candidate, residuals.length);
    if (own > (best?.nats ?? 0)) best = { nats: own, why: 'level', window: residuals.length, badRounds: slowRounds };`,
        instead: `    if (!isMaterial(candidate, residuals)) continue;
    const own = nats - peersPart(candidate, residuals.length);
    if (own <= 0) continue;
    const longer = own > (best?.top ?? 0) ? { window: residuals.length, badRounds: slowRounds, top: own } : best;
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
];
