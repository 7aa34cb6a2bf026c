import type { Dice } from './dice';
import { addedMs, failing, float, realFault, slowAtTimes, slowForGood, warmUp } from './fault-injection';
import { drawCrossZone, FleetSimulation, type FleetOptions, roundHalfEven } from './fleet-simulation';
import { HEAVY, QUIET, WITH_FAULT } from './profiles';
import type { BenchSample, Scenario } from './scenario';

const ERRORS_5XX = ['503@2.4', '500@4.2', '502@3', '503@1.8'];

type Make = (dice: Dice, cls: string) => FleetSimulation;

function make(dice: Dice, cls: string, kind: Scenario['kind'], options: Omit<FleetOptions, 'kind'>): FleetSimulation {
  return new FleetSimulation(dice, cls, { kind, ...options });
}

function plain(options: Omit<FleetOptions, 'kind'>): Make {
  return (dice, cls) => make(dice, cls, 'healthy', options);
}

/** A fault that begins at a sweep drawn first of all. */
function fault(build: (dice: Dice, cls: string, on: number) => FleetSimulation): Make {
  return (dice, cls) => build(dice, cls, dice.integer(7, 13));
}

function anyTarget(sim: FleetSimulation): number {
  return sim.dice.integer(0, sim.size - 1);
}

function quietOrNormal(dice: Dice): 'quiet' | 'normal' {
  return dice.pick(['quiet', 'normal']);
}

/**
 * Every class with how it is made; the order and the draws are those of the published generator.
 */
export const CLASSES: Readonly<Record<string, Make>> = {
  healthy_steady: plain({ noise: 'quiet' }),
  healthy_normal: plain({ noise: 'normal' }),
  healthy_gc: (dice, cls) => {
    const sim = make(dice, cls, 'healthy', { noise: 'normal' });
    sim.pauseRate = dice.uniform(0.05, 0.25);
    sim.pauseMs = dice.logUniform(80, 600);
    sim.spikeRate = 0.004;
    return sim;
  },
  healthy_diurnal: (dice, cls) => {
    const sim = make(dice, cls, 'healthy', { noise: 'normal', sweeps: 30 });
    const height = dice.uniform(0.3, 0.8);
    const phase = dice.uniform(0, 6.28);
    const weights = sim.fleet.map(() => dice.uniform(0.7, 1.3));
    sim.levels.push((t, k) => height * (weights[k] ?? 1) * (0.5 + 0.5 * Math.sin((2 * Math.PI * t) / 30 + phase)));
    return sim;
  },
  healthy_hetero: plain({ noise: 'quiet', hetero: true, minSize: 3 }),
  healthy_az_rtt: (dice, cls) => {
    const sim = make(dice, cls, 'healthy', { noise: 'quiet', minSize: 3 });
    sim.crossZoneMs = drawCrossZone(dice, 1, 6);
    return sim;
  },
  healthy_rollout: rollout,
  healthy_scaleout: scaleOut,
  healthy_noisy: plain({ noise: 'noisy' }),
  healthy_heavytail: (dice, cls) => make(dice, cls, 'healthy', { noise: 'normal', profile: dice.pick(HEAVY) }),
  healthy_errors: (dice, cls) => {
    const sim = make(dice, cls, 'healthy', { noise: 'normal' });
    sim.errorRate = dice.uniform(0.003, 0.02);
    sim.timeoutRate = dice.uniform(0.0005, 0.003);
    return sim;
  },
  healthy_release_slower: releaseSlower,
  healthy_large: (dice, cls) => {
    const noise = quietOrNormal(dice);
    return make(dice, cls, 'healthy', { noise, size: dice.pick([300, 300, 1000]) });
  },
  shared_all_slow: allSlow,
  shared_intermittent: (dice, cls) => {
    const sim = make(dice, cls, 'shared', { noise: 'normal' });
    const on = dice.integer(6, 12);
    const part = dice.uniform(0.15, 0.4);
    const ms = Math.max(60, sim.p50 * dice.logUniform(3, 15));
    sim.changes.push((t, _, x) => (t >= on && typeof x === 'number' && dice.chance(part) ? x + ms * dice.uniform(0.6, 1.6) : x));
    return shared(sim, { p: float(part, 2), on });
  },
  shared_errors: (dice, cls) => {
    const sim = make(dice, cls, 'shared', { noise: 'normal' });
    const on = dice.integer(6, 12);
    const off = on + dice.integer(3, 14);
    const part = dice.uniform(0.08, 0.7);
    const kinds = dice.pick([ERRORS_5XX, ['T'], [...ERRORS_5XX, 'T', 'R']]);
    sim.changes.push((t, _, x) => (on <= t && t < off && dice.chance(part) ? dice.pick(kinds) : x));
    return shared(sim, { p: float(part, 2), on });
  },
  shared_az: zoneSlow,
  perm: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 5, noise: quietOrNormal(dice) });
    slowForGood(sim, anyTarget(sim), on);
    return sim;
  }),
  real_fault: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'normal', profile: dice.pick(WITH_FAULT) });
    if (sim.p50 < 4) {
      sim.scale = 5;
      sim.p50 = sim.profile.p50 * 5;
    }
    realFault(sim, anyTarget(sim), on);
    return sim;
  }),
  intermittent25: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'normal' });
    slowAtTimes(sim, anyTarget(sim), on);
    return sim;
  }),
  tail_only: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'quiet', profile: dice.pick(QUIET) });
    const k = anyTarget(sim);
    const part = dice.uniform(0.1, 0.18);
    slowAtTimes(sim, k, on, part, dice.logUniform(8, 40));
    return sim;
  }),
  ramp: fault((dice, cls) => ramp(dice, cls)),
  error_burst: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 3, noise: 'normal' });
    const k = anyTarget(sim);
    const part = dice.uniform(0.3, 1);
    const kinds = dice.pick([ERRORS_5XX, ['R'], [...ERRORS_5XX, 'R']]);
    failing(sim, k, on, part, kinds, on + dice.integer(6, 20));
    return sim;
  }),
  timeouts: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 3, noise: 'normal' });
    const k = anyTarget(sim);
    failing(sim, k, on, dice.uniform(0.25, 1), ['T']);
    return sim;
  }),
  two_slow: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 8, noise: 'quiet' });
    const [a = 0, b = 0] = dice.sample([...sim.fleet.keys()], 2);
    slowForGood(sim, a, on);
    slowForGood(sim, b, on + dice.integer(0, 3));
    return sim;
  }),
  small_fleet: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { size: dice.pick([2, 2, 3, 3, 4]), noise: 'quiet' });
    const k = anyTarget(sim);
    sim.note['N'] = sim.size;
    if (dice.chance(0.3)) slowAtTimes(sim, k, on);
    else slowForGood(sim, k, on);
    return sim;
  }),
  large_fleet: fault((dice, cls) => {
    const size = dice.pick([300, 300, 1000]);
    const sim = make(dice, cls, 'fault', { size, noise: quietOrNormal(dice) });
    const on = dice.integer(5, 7);
    for (const k of dice.sample([...sim.fleet.keys()], dice.integer(1, 3))) {
      if (dice.chance(0.3)) slowAtTimes(sim, k, on);
      else slowForGood(sim, k, on);
    }
    return sim;
  }),
  slow_in_hetero: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 5, noise: 'quiet', hetero: true });
    const k = anyTarget(sim);
    slowForGood(sim, k, on, dice.logUniform(2.5, 12));
    return sim;
  }),
  slow_in_diurnal: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'normal' });
    const height = dice.uniform(0.3, 0.8);
    sim.levels.push((t) => height * (0.5 + 0.5 * Math.sin((2 * Math.PI * t) / 24)));
    slowForGood(sim, anyTarget(sim), on);
    return sim;
  }),
  never_warms: fault((dice, cls) => neverWarms(dice, cls)),
  on_off: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'quiet' });
    const k = anyTarget(sim);
    const ms = addedMs(sim, dice.logUniform(3, 12));
    const period = dice.integer(3, 4);
    const isOn = (t: number): boolean => t >= on && Math.floor((t - on) / period) % 2 === 0;
    sim.changes.push((t, target, x) => (target === k && isOn(t) && typeof x === 'number' ? x + ms * dice.uniform(0.8, 1.2) : x));
    sim.mark(k, on);
    return sim;
  }),
  no_history: fault((dice, cls) => {
    const sim = make(dice, cls, 'fault', { minSize: 5, noise: 'quiet', sweeps: 10 });
    const k = anyTarget(sim);
    slowForGood(sim, k, 0, dice.logUniform(2.5, 12));
    return sim;
  }),
  soft_mild: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'soft', {
      minSize: 5,
      noise: 'quiet',
      profile: dice.pick(['tt-payment', 'ob-placeorder', 'tt-login', 'tt-route']),
    });
    sim.scale = Math.max(sim.scale, 2);
    sim.p50 = sim.profile.p50 * sim.scale;
    const k = anyTarget(sim);
    slowForGood(sim, k, on, dice.uniform(1.35, 1.7), true);
    return sim;
  }),
  soft_slow_in_shared: fault((dice, cls, on) => {
    const sim = make(dice, cls, 'soft', { minSize: 5, noise: 'quiet' });
    const level = Math.log(dice.uniform(1.8, 3));
    sim.levels.push((t) => (t >= on - 2 ? level : 0));
    const k = anyTarget(sim);
    slowForGood(sim, k, on, dice.uniform(4, 8));
    return sim;
  }),
};

function shared(sim: FleetSimulation, note: Record<string, string | number | { float: number }>, verdict = 'shared'): FleetSimulation {
  sim.verdict = verdict;
  Object.assign(sim.note, note);
  return sim;
}

/**
 * Rolling restart in place: refused for one sweep, then a short cold phase; half of the targets are
 * registered anew.
 */
function rollout(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'healthy', { noise: 'normal', minSize: 3, maxSize: 40 });
  const from = dice.integer(4, 8);
  const step = Math.max(1, roundHalfEven(sim.size / 8));
  const factor = dice.uniform(1.5, 4);
  for (const [k, target] of sim.fleet.entries()) {
    const at = from + Math.floor(k / step);
    if (dice.chance(0.5)) target.reg = at;
    const part = dice.uniform(0.2, 0.8);
    sim.changes.push((t, other, x) => (other === k && t === at && target.reg < 0 && dice.chance(part) ? 'C' : x));
    warmUp(sim, k, at, 4, factor);
  }
  return sim;
}

/** New targets with cold caches. */
function scaleOut(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'healthy', { noise: 'normal', minSize: 4, maxSize: 40 });
  const count = Math.max(1, roundHalfEven(sim.size * dice.uniform(0.1, 0.45)));
  const from = dice.integer(6, 12);
  const factor = dice.uniform(2, 9);
  for (const [k, target] of sim.fleet.entries()) {
    if (k < sim.size - count) continue;
    target.reg = from + dice.integer(0, 2);
    warmUp(sim, k, target.reg, dice.integer(2, 4), factor);
  }
  return sim;
}

/** A new version is slower everywhere, and arrives in batches. */
function releaseSlower(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'healthy', { noise: 'quiet', minSize: 6, maxSize: 40 });
  const level = Math.log(dice.uniform(1.4, 2.6));
  const batches = dice.integer(2, 3);
  const from = dice.integer(5, 8);
  const gap = dice.integer(1, 3);
  for (const [k, target] of sim.fleet.entries()) {
    const at = from + Math.floor((k * batches) / sim.size) * gap;
    if (dice.chance(0.5)) target.reg = at;
    sim.levels.push((t, other) => (other === k && t >= at ? level : 0));
    if (target.reg > 0) target.prev = 1;
  }
  return shared(sim, {});
}

function allSlow(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'shared', { noise: 'normal' });
  const on = dice.integer(6, 12);
  const off = on + dice.integer(5, 20);
  const factor = dice.logUniform(1.8, 10);
  const sd = dice.uniform(0.05, 0.2);
  const lag = sim.fleet.map(() => dice.integer(0, 1));
  const weights = sim.fleet.map(() => Math.exp(dice.normal() * sd));
  sim.levels.push((t, k) =>
    on + (lag[k] ?? 0) <= t && t < off ? Math.log(Math.max(1, factor * (weights[k] ?? 1))) + dice.normal() * 0.08 : 0,
  );
  return shared(sim, { f: float(factor, 2), on });
}

function zoneSlow(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'shared', { noise: 'quiet', minSize: 6 });
  const zones = ['a', 'b', 'c'] as const;
  const zone = dice.pick(zones);
  for (const [k, target] of sim.fleet.entries()) target.az = zones[k % 3] ?? 'a';
  const on = dice.integer(6, 12);
  const ms = addedMs(sim, dice.logUniform(2, 8));
  const errs = dice.chance(0.3);
  const part = dice.uniform(0.2, 0.6);
  sim.changes.push((t, k, x): BenchSample => {
    if (t < on || sim.fleet[k]?.az !== zone) return x;
    if (errs && dice.chance(part)) return dice.chance(0.5) ? 'T' : 'R';
    return typeof x === 'string' ? x : x + ms * dice.uniform(0.8, 1.3);
  });
  return shared(sim, { az: zone, on }, 'shared_az');
}

function ramp(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'fault', { minSize: 4, noise: 'quiet' });
  const k = anyTarget(sim);
  const length = dice.integer(5, 9);
  const factor = Math.max(dice.uniform(4, 10), 1 + 60 / sim.p50);
  const start = dice.integer(5, 7);
  const level = (t: number): number => Math.log(factor) * Math.min(1, Math.max(0, (t - start) / length));
  sim.levels.push((t, target) => (target === k ? level(t) : 0));
  const isMaterial = (t: number): boolean => level(t) >= Math.log(1.8) && sim.p50 * (Math.exp(level(t)) - 1) >= 15;
  const on = Array.from({ length: sim.sweeps }, (_, t) => t).find(isMaterial) ?? sim.sweeps;
  sim.ignore.push([k, start, on]);
  sim.mark(k, on);
  sim.note['f'] = float(factor, 1);
  sim.note['L'] = length;
  return sim;
}

function neverWarms(dice: Dice, cls: string): FleetSimulation {
  const sim = make(dice, cls, 'fault', { minSize: 5, noise: 'normal', maxSize: 40 });
  const k = sim.size - 1;
  const at = dice.integer(5, 8);
  const target = sim.fleet[k];
  if (target !== undefined) target.reg = at;
  const level = Math.log(Math.max(dice.uniform(2.5, 9), 1 + 25 / sim.p50));
  sim.levels.push((t, other) => (other === k && t >= at ? level : 0));
  sim.ignore.push([k, at, at + 5]);
  sim.mark(k, at + 5);
  return sim;
}
