import { MersenneTwister } from './mersenne-twister';

/**
 * Random variates of a seeded stream. The order of draws is part of the benchmark: do not reorder
 * calls.
 */
export class Dice {
  private readonly twister: MersenneTwister;

  constructor(seed: string) {
    this.twister = new MersenneTwister(seed);
  }

  /** In [0, 1). */
  unit(): number {
    return this.twister.random();
  }

  uniform(a: number, b: number): number {
    return a + (b - a) * this.unit();
  }

  logUniform(a: number, b: number): number {
    return Math.exp(this.uniform(Math.log(a), Math.log(b)));
  }

  /** From a to b, both included. */
  integer(a: number, b: number): number {
    return a + Math.floor(this.unit() * (b - a + 1));
  }

  pick<T>(items: readonly T[]): T {
    return itemAt(items, Math.floor(this.unit() * items.length));
  }

  chance(p: number): boolean {
    return this.unit() < p;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return radius * Math.cos(2 * Math.PI * this.unit());
  }

  /** Student's t with 5 degrees of freedom, scaled to variance 1. */
  heavyNormal(): number {
    const z = this.normal();
    let squares = 0;
    for (let i = 0; i < 5; i++) squares += square(this.normal());
    return z / Math.sqrt(squares / 5) / Math.sqrt(5 / 3);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  weighted<T>(items: readonly T[], weights: readonly number[]): T {
    let x = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [i, weight] of weights.entries()) {
      x -= weight;
      if (x < 0) return itemAt(items, i);
    }
    return itemAt(items, items.length - 1);
  }

  /** `count` different items. */
  sample<T>(items: readonly T[], count: number): T[] {
    const rest = [...items];
    for (let j = 0; j < count; j++) {
      const m = j + Math.floor(this.unit() * (rest.length - j));
      const swapped = itemAt(rest, j);
      rest[j] = itemAt(rest, m);
      rest[m] = swapped;
    }
    return rest.slice(0, count);
  }
}

function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index} of ${items.length}`);
  return item;
}

function square(x: number): number {
  return x * x;
}
