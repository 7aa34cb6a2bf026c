import type { JudgedTarget } from '../../core/model';
import type { BenignTarget } from './benign-target';
import type { Dice } from './dice';
import { type Disturbance, type Disturbed, startDisturbances } from './disturbances';
import { HEAVY, MIDDLE, type Profile, profile, QUIET, quantileAt } from './profiles';
import { benchError } from './predict';

const SIZES = [2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 40];
const SIZE_WEIGHTS = [6, 10, 12, 8, 12, 12, 10, 8, 8, 8, 4];
const ROUND_MS = 60_000;
const MINUTES_A_DAY = 1440;

/** A healthy group that lives for a long time, with everything that happens to healthy groups. */
export class BenignFleet implements Disturbed {
  readonly targets: BenignTarget[] = [];
  readonly zones: readonly string[];
  readonly timeoutMs: number;
  disturbances: Disturbance[] = [];
  /** What the releases so far changed, in y: a target that joins runs the newest version. */
  version = 0;
  private readonly profile: Profile;
  private readonly dispersion: number;
  private readonly scale: number;
  private readonly offsetSd: number;
  private readonly effectSd: number;
  private readonly correlation: number;
  private readonly day: number;
  private readonly pause: { readonly rate: number; readonly ms: number };
  private readonly errorRate: number;
  private readonly crons: boolean;
  private readonly zoneMs: ReadonlyMap<string, number>;
  private readonly types: { readonly ratio: number; readonly part: number; readonly hidden: boolean } | undefined;
  private common = 0;
  private born = 0;

  constructor(readonly dice: Dice) {
    this.profile = profile(dice.pick([...QUIET, ...QUIET, ...QUIET, ...MIDDLE, ...MIDDLE, ...HEAVY]));
    this.dispersion = dice.uniform(0.6, 1);
    this.scale = this.profile.p50 > 80 ? 1 : dice.weighted([1, 2, 5], [5, 3, 2]);
    this.timeoutMs = Math.max(dice.pick([2000, 3000, 5000]), 1000 * Math.ceil((this.profile.p50 * this.scale * 12) / 1000));
    const [offsetSd, effectSd] = dice.weighted(
      [
        [0.04, 0.05],
        [0.08, 0.09],
        [0.14, 0.22],
      ] as const,
      [5, 4, 1],
    );
    this.offsetSd = offsetSd;
    this.effectSd = effectSd;
    this.correlation = dice.uniform(0.2, 0.45);
    this.day = dice.uniform(0, 0.8);
    this.pause = { rate: dice.pick([0, 0.002, 0.005, 0.015, 0.03]), ms: dice.logUniform(40, 250) };
    this.errorRate = dice.pick([0.0001, 0.0004, 0.004]);
    this.crons = dice.chance(0.3);
    this.zones = ['a', 'b', 'c'].slice(0, dice.integer(2, 3));
    this.zoneMs = new Map(this.zones.map((zone) => [zone, zone === 'a' ? 0 : dice.uniform(0.3, 1.8)]));
    this.types = dice.chance(0.15) ? { ratio: dice.uniform(1.6, 2.2), part: dice.uniform(0.25, 0.6), hidden: dice.chance(0.4) } : undefined;
    const size = dice.weighted(SIZES, SIZE_WEIGHTS);
    for (let k = 0; k < size; k++) this.addTarget(-1, Infinity);
  }

  addTarget(registered: number, leaves: number): void {
    const { dice, types } = this;
    const small = types !== undefined && dice.chance(types.part);
    this.targets.push({
      key: `i-${(this.born++).toString(16).padStart(8, '0')}:8080`,
      zone: this.zones[this.targets.length % this.zones.length] ?? 'a',
      type: types?.hidden === true ? undefined : small ? 'small' : 'std',
      offset: dice.normal() * this.offsetSd + (small ? Math.log(types.ratio) : 0),
      load: this.day * dice.uniform(0.8, 1.2),
      cron: this.crons ? { minute: dice.integer(0, MINUTES_A_DAY - 1), level: Math.log(dice.uniform(1.2, 2.2)) } : undefined,
      effect: dice.heavyNormal() * this.effectSd,
      registered,
      started: registered,
      warmUp: registered < 0 ? 1 : dice.uniform(1.5, 6),
      leaves,
      release: this.version,
    });
  }

  /** The samples of a round; `samplesOf` says how many a target gets. */
  probe(round: number, samplesOf: (key: string) => number): JudgedTarget[] {
    const { dice } = this;
    this.disturbances = this.disturbances.filter((disturbance) => round < disturbance.until);
    startDisturbances(this, round);
    this.common = 0.6 * this.common + dice.normal() * 0.06;
    const stall = dice.chance(0.015) ? { ms: dice.logUniform(40, 250), fraction: dice.uniform(0.05, 0.25) } : undefined;
    const present = this.targets.filter((target) => round < target.leaves);
    this.targets.splice(0, this.targets.length, ...present);
    return present.map((target) => this.probeTarget(target, round, samplesOf(target.key), stall));
  }

  private probeTarget(
    target: BenignTarget,
    round: number,
    count: number,
    stall: { ms: number; fraction: number } | undefined,
  ): JudgedTarget {
    const { dice } = this;
    target.effect = this.correlation * target.effect + Math.sqrt(1 - this.correlation ** 2) * dice.heavyNormal() * this.effectSd;
    const factor = Math.exp(this.level(target, round));
    const pause = dice.chance(this.pause.rate) ? dice.weighted([1, 2], [80, 20]) : 0;
    const pauseAt = dice.integer(0, Math.max(0, count - pause));
    const pauseMs = this.pause.ms * dice.logUniform(0.4, 3);
    const samples: JudgedTarget['samples'][number][] = [];
    for (let j = 0; j < count; j++) {
      const extra =
        (j >= pauseAt && j < pauseAt + pause ? pauseMs * dice.uniform(0.6, 1) : 0) +
        (stall !== undefined && dice.chance(stall.fraction) ? stall.ms : 0);
      samples.push(this.sample(target, factor, extra));
    }
    const age = round - Math.max(target.registered, -1);
    return {
      key: target.key,
      zone: target.zone,
      ...(target.type === undefined ? {} : { type: target.type }),
      ...(target.registered < 0 ? {} : { ageMs: age * ROUND_MS }),
      samples,
    };
  }

  /** Everything that moves a target's level in a round, in y. */
  private level(target: BenignTarget, round: number): number {
    const minute = round % MINUTES_A_DAY;
    let level = this.common + target.offset + target.effect + target.release;
    level += target.load * (0.5 - 0.5 * Math.cos((2 * Math.PI * minute) / MINUTES_A_DAY));
    if (target.cron?.minute === minute) level += target.cron.level;
    if (target.started >= 0) level += Math.log(1 + (target.warmUp - 1) * Math.exp(-1.2 * (round - target.started)));
    for (const disturbance of this.disturbances) level += disturbance.level?.(target, round) ?? 0;
    return level;
  }

  private sample(target: BenignTarget, factor: number, extraMs: number): JudgedTarget['samples'][number] {
    const { dice } = this;
    const middle = this.profile.p50;
    const shape = (quantileAt(this.profile.healthy, dice.unit()) / middle) ** this.dispersion;
    let ms = middle * shape * this.scale * factor + (this.zoneMs.get(target.zone) ?? 0) + extraMs;
    if (dice.chance(0.0004)) ms += 1000;
    if (dice.chance(this.errorRate)) return { error: benchError(dice.pick(['503@2', '502@3', 'R', 'T'])) };
    for (const disturbance of this.disturbances) {
      const changed = disturbance.sample?.(target, ms, dice);
      if (typeof changed === 'string') return { error: benchError(changed) };
      ms = changed ?? ms;
    }
    return ms >= this.timeoutMs ? { error: { kind: 'timeout', phase: 'wait' } } : { latencyMs: ms };
  }
}
