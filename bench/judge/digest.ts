import { createHash, type Hash } from 'node:crypto';
import type { Judgement } from '../../core/model';

/**
 * SHA-256 of judgements, in the order in which they are added: equal for two editions that judge
 * alike to the last bit.
 */
export class Digest {
  private readonly hash: Hash = createHash('sha256');
  private judgements = 0;

  readonly add = (judgement: Judgement): void => {
    this.hash.update(`${JSON.stringify(canonical(judgement))}\n`);
    this.judgements += 1;
  };

  /** "11288 judgements, sha256 ...". Nothing may be added afterwards. */
  describe(): string {
    return `${this.judgements} judgements, sha256 ${this.hash.digest('hex')}`;
  }
}

/**
 * With its fields in alphabetical order, so that the order in which code fills them in is none of
 * the digest's.
 */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, field]) => [key, canonical(field)]),
  );
}
