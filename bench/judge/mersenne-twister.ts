import { createHash } from 'node:crypto';

/**
 * MT19937 (Matsumoto and Nishimura 1998), seeded by a string and read as doubles exactly as
 * CPython's `random.Random(text)` does, so that scenarios are the same bytes as those of the Python
 * generator they were first published with.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(624);
  private index = 624;

  constructor(seed: string) {
    this.initByArray(seedWords(seed));
  }

  /** A double in [0, 1) with 53 random bits. */
  random(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  private next(): number {
    if (this.index >= 624) this.twist();
    let y = this.state[this.index++] ?? 0;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  private twist(): void {
    const { state } = this;
    const word = (i: number): number => state[i % 624] ?? 0;
    for (let i = 0; i < 624; i++) {
      const y = (word(i) & 0x80000000) | (word(i + 1) & 0x7fffffff);
      state[i] = word(i + 397) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }

  private initByArray(key: readonly number[]): void {
    const { state } = this;
    state[0] = 19_650_218;
    for (let i = 1; i < 624; i++) state[i] = Math.imul(1_812_433_253, mixed(state[i - 1] ?? 0)) + i;
    let i = 1;
    const step = (by: (before: number) => number): void => {
      state[i] = by(mixed(state[i - 1] ?? 0));
      i += 1;
      if (i < 624) return;
      state[0] = state[623] ?? 0;
      i = 1;
    };
    for (let k = 0; k < Math.max(624, key.length); k++) {
      const j = k % key.length;
      step((before) => ((state[i] ?? 0) ^ Math.imul(before, 1_664_525)) + (key[j] ?? 0) + j);
    }
    for (let k = 0; k < 623; k++) step((before) => ((state[i] ?? 0) ^ Math.imul(before, 1_566_083_941)) - i);
    state[0] = 0x80000000;
  }
}

function mixed(word: number): number {
  return word ^ (word >>> 30);
}

/**
 * CPython seeds with the text followed by its SHA-512, as one big-endian integer, in 32-bit words
 * from the least significant.
 */
function seedWords(seed: string): number[] {
  const text = Buffer.from(seed, 'utf8');
  const bytes = Buffer.concat([text, createHash('sha512').update(text).digest()]).reverse();
  const words: number[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const word = Buffer.alloc(4);
    bytes.copy(word, 0, at, Math.min(at + 4, bytes.length));
    words.push(word.readUInt32LE(0));
  }
  while (words.length > 1 && words.at(-1) === 0) words.pop();
  return words;
}
