import type { Dice } from './dice';
import { MIDDLE, profile, type Profile, QUIET, quantileAt } from './profiles';
import type { BenchSample, Scenario } from './scenario';

type Noise = 'quiet' | 'normal' | 'noisy';
type Zone = 'a' | 'b' | 'c';

export interface FleetOptions {
  readonly kind: Scenario['kind'];
  readonly noise?: Noise;
  readonly size?: number;
  readonly sweeps?: number;
  readonly profile?: string;
  readonly hetero?: boolean;
  readonly minSize?: number;
  readonly maxSize?: number;
}

export interface FleetTarget {
  id: string;
  az: Zone;
  type: string | null;
  reg: number;
  prev?: number;
}

/** Changes one sample: sweep, target, sample. */
export type SampleChange = (sweep: number, target: number, x: BenchSample) => BenchSample;
/** Adds to the logarithm of a target's level in a sweep. */
export type LevelChange = (sweep: number, target: number) => number;

const SIZES = [2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 40, 100];
const SIZE_WEIGHTS = [6, 10, 12, 8, 12, 12, 10, 8, 8, 8, 4, 2];
const ZONES: readonly Zone[] = ['a', 'b', 'c'];
/**
 * Persistent offsets of targets and their sweep effects, standard deviations from and to; measured
 * on real peers.
 */
const NOISE = { quiet: [0.02, 0.06, 0.03, 0.08], normal: [0.03, 0.12, 0.05, 0.12], noisy: [0.08, 0.2, 0.18, 0.28] } as const;
const SYN_RETRY = 0.0004;
const STALL = 0.015;

/**
 * A fleet under construction: real latency quantiles, measured noise, and whatever is wrong with
 * it.
 */
export class FleetSimulation {
  readonly size: number;
  readonly sweeps: number;
  readonly samples: number;
  readonly profile: Profile;
  readonly fleet: FleetTarget[];
  readonly note: Record<string, string | number | boolean | { float: number }> = {};
  readonly levels: LevelChange[] = [];
  readonly changes: SampleChange[] = [];
  readonly faulty = new Map<number, [number, number]>();
  readonly ignore: [number, number, number][] = [];
  verdict = 'none';
  scale: number;
  p50: number;
  crossZoneMs: Record<Zone, number>;
  pauseRate: number;
  pauseMs: number;
  errorRate = 0.0004;
  timeoutRate = 0.00005;
  spikeRate = 0.0004;
  private readonly profileName: string;
  private readonly dispersion: number;
  private readonly timeoutMs: number;
  private readonly offsets: number[];
  private readonly common: number[];
  private readonly sweepSd: number;
  private readonly correlation: number;

  constructor(
    readonly dice: Dice,
    readonly cls: string,
    readonly options: FleetOptions,
  ) {
    this.size = options.size ?? drawSize(dice, options.minSize ?? 2, options.maxSize ?? 100);
    this.samples = this.size >= 100 ? 5 : dice.weighted([5, 10, 20], [45, 35, 20]);
    this.sweeps = options.sweeps ?? (this.size >= 100 ? 16 : 24);
    this.profileName = options.profile ?? dice.pick([...QUIET, ...QUIET, ...QUIET, ...MIDDLE, ...MIDDLE]);
    this.profile = profile(this.profileName);
    this.dispersion = dice.uniform(0.6, 1);
    this.scale = dice.weighted([1, 2, 5], [5, 3, 2]);
    if (this.profile.p50 * this.scale > 400) this.scale = 1;
    this.p50 = this.profile.p50 * this.scale;
    this.timeoutMs = Math.max(dice.pick([2000, 3000, 5000]), 1000 * Math.ceil((this.p50 * 12) / 1000));
    const [offsetFrom, offsetTo, sweepFrom, sweepTo] = NOISE[options.noise ?? 'quiet'];
    const offsetSd = dice.uniform(offsetFrom, offsetTo);
    this.sweepSd = dice.uniform(sweepFrom, sweepTo);
    this.correlation = dice.uniform(0.2, 0.45);
    const commonSd = dice.uniform(0.03, 0.15);
    const zones = ZONES.slice(0, dice.integer(this.size < 3 ? 1 : 2, 3));
    this.fleet = Array.from({ length: this.size }, (_, k) => ({
      id: `t${k}`,
      az: zones[k % zones.length] ?? 'a',
      type: 'std',
      reg: -1000,
    }));
    this.crossZoneMs = drawCrossZone(dice, 0.3, 1.8);
    this.offsets = Array.from({ length: this.size }, () => dice.normal() * offsetSd);
    this.common = drawCommon(dice, this.sweeps, commonSd);
    this.pauseRate = dice.pick([0, 0.005, 0.015, 0.03]);
    this.pauseMs = dice.logUniform(40, 250);
    if (options.hetero === true) this.mixTypes();
  }

  /**
   * Marks a target as sick; when the fault ends within the run, the three sweeps after it are not
   * scored.
   */
  mark(target: number, on: number, off: number = this.sweeps): void {
    this.faulty.set(target, [on, Math.min(off, this.sweeps)]);
    if (off < this.sweeps) this.ignore.push([target, off, off + 3]);
    this.verdict = 'eject';
  }

  /** Simulates every sweep. */
  emit(id: string): Scenario {
    const state = {
      effects: Array.from({ length: this.size }, () => this.dice.heavyNormal() * this.sweepSd),
      spells: new Map<number, Spell>(),
    };
    const sweeps = Array.from({ length: this.sweeps }, (_, t) => this.sweep(t, state));
    const idOf = (target: number): string => this.fleet[target]?.id ?? '';
    return {
      id,
      cls: this.cls,
      kind: this.options.kind,
      profile: this.profileName,
      p50: Number(this.p50.toFixed(2)),
      n: this.samples,
      timeoutMs: this.timeoutMs,
      intervalS: 60,
      fleet: this.fleet,
      truth: {
        verdict: this.verdict,
        faulty: Object.fromEntries([...this.faulty].map(([target, window]) => [idOf(target), window])),
        ignore: this.ignore.map(([target, from, to]) => [idOf(target), from, to]),
      },
      note: this.note,
      sweeps,
    };
  }

  private sweep(t: number, state: SweepState): (BenchSample[] | null)[] {
    const { dice } = this;
    const stalled = dice.chance(STALL);
    const stallMs = dice.logUniform(40, 250);
    const stallFraction = dice.uniform(0.05, 0.25);
    const proberSlow = dice.chance(0.03) ? Math.log(dice.uniform(1.1, 1.4)) : 0;
    return this.fleet.map((target, k) => {
      const effect =
        this.correlation * (state.effects[k] ?? 0) + Math.sqrt(1 - this.correlation * this.correlation) * dice.heavyNormal() * this.sweepSd;
      state.effects[k] = effect;
      if (t < target.reg) return null;
      let level = (this.common[t] ?? 0) + (this.offsets[k] ?? 0) + effect + proberSlow;
      if (dice.chance(this.spikeRate)) level += Math.log(dice.logUniform(1.6, 4));
      level += this.spell(t, k, state.spells);
      for (const change of this.levels) level += change(t, k);
      return this.probe(t, k, Math.exp(level), stalled ? { ms: stallMs, fraction: stallFraction } : undefined);
    });
  }

  /** A noisy neighbour of two or three sweeps, once a target. */
  private spell(t: number, k: number, spells: Map<number, Spell>): number {
    const { dice } = this;
    if (dice.chance(0.0004) && !spells.has(k))
      spells.set(k, { from: t, to: t + dice.integer(2, 3), level: Math.log(dice.uniform(1.2, 1.45)) });
    const spell = spells.get(k);
    return spell !== undefined && spell.from <= t && t < spell.to ? spell.level : 0;
  }

  private probe(t: number, k: number, factor: number, stall: { ms: number; fraction: number } | undefined): BenchSample[] {
    const pause = this.dice.chance(this.pauseRate) ? this.drawPause() : undefined;
    const samples: BenchSample[] = [];
    for (let j = 0; j < this.samples; j++) samples.push(this.sample(t, k, j, factor, pause, stall));
    return samples;
  }

  /** A stop-the-world pause during the probes of this sweep: some samples in a row. */
  private drawPause(): Pause {
    const { dice, samples } = this;
    const width = dice.weighted([1, 2, Math.max(2, Math.floor(samples / 2)), samples], [70, 18, 6, 6]);
    const from = dice.integer(0, Math.max(0, samples - width));
    return { from, to: from + width, ms: this.pauseMs * dice.logUniform(0.4, 3) };
  }

  private sample(
    t: number,
    k: number,
    j: number,
    factor: number,
    pause: Pause | undefined,
    stall: { ms: number; fraction: number } | undefined,
  ): BenchSample {
    const { dice } = this;
    const middle = this.profile.p50;
    const shape = (quantileAt(this.profile.healthy, dice.unit()) / middle) ** this.dispersion;
    let ms = middle * shape * this.scale * factor + this.crossZoneMs[this.fleet[k]?.az ?? 'a'] + dice.exponential(0.25);
    if (j === 0) ms += dice.uniform(0.5, 2);
    if (pause !== undefined && pause.from <= j && j < pause.to) ms += pause.ms * dice.uniform(0.6, 1);
    if (stall !== undefined && dice.chance(stall.fraction)) ms += stall.ms;
    if (dice.chance(SYN_RETRY)) ms += 1000;
    const r = dice.unit();
    let x: BenchSample = ms;
    if (r < this.timeoutRate) x = 'T';
    else if (r < this.timeoutRate + this.errorRate) x = dice.pick(['503@2.1', '502@3.4', 'R']);
    for (const change of this.changes) x = change(t, k, x);
    if (typeof x === 'string') return x;
    return x >= this.timeoutMs ? 'T' : Number(x.toPrecision(3));
  }

  /**
   * Part of the fleet is of a smaller instance type, which is hidden from the judge in two of five
   * fleets.
   */
  private mixTypes(): void {
    const { dice } = this;
    const ratio = dice.uniform(1.6, 2.2);
    const hidden = dice.chance(0.4);
    const fraction = dice.uniform(0.25, 0.6);
    const count = Math.min(this.size - 1, Math.max(1, roundHalfEven(this.size * fraction)));
    for (const k of dice.sample([...this.fleet.keys()], count)) {
      this.offsets[k] = (this.offsets[k] ?? 0) + Math.log(ratio);
      const target = this.fleet[k];
      if (target !== undefined) target.type = 'small';
    }
    if (hidden) for (const target of this.fleet) target.type = null;
    this.note['hetero'] = { float: Number(ratio.toFixed(2)) };
    this.note['hidden'] = hidden;
  }
}

interface Pause {
  readonly from: number;
  readonly to: number;
  readonly ms: number;
}

interface Spell {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

interface SweepState {
  readonly effects: number[];
  readonly spells: Map<number, Spell>;
}

/** Milliseconds that each zone is away from the prober, which is in zone a. */
export function drawCrossZone(dice: Dice, from: number, to: number): Record<Zone, number> {
  return { a: 0, b: dice.uniform(from, to), c: dice.uniform(from, to) };
}

/** Python's `round`: halves go to the even neighbour. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function drawSize(dice: Dice, min: number, max: number): number {
  for (;;) {
    const size = dice.weighted(SIZES, SIZE_WEIGHTS);
    if (min <= size && size <= max) return size;
  }
}

function drawCommon(dice: Dice, sweeps: number, sd: number): number[] {
  let level = 0;
  return Array.from({ length: sweeps }, () => {
    level = 0.6 * level + dice.normal() * sd * 0.8;
    return level;
  });
}
