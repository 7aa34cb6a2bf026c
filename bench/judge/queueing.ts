import { Dice } from './dice';
import { type HostState, probeHost } from './queueing-host';
import type { Scenario } from './scenario';

/**
 * A second benchmark, unlike the first: nothing is drawn from latency tables. Hosts are queues with
 * workers under load, the network loses packets, and faults are mechanisms: fewer workers, slower
 * service, loss, stalls, a hot spot. Onsets are in sweep 8 to 14.
 */
export function* generateQueueing(seed: number): Generator<Scenario> {
  for (const cls of Object.keys(CLASSES)) {
    for (let i = 0; i < SCENARIOS_A_CLASS; i++) yield queueingScenario(seed, cls, i);
  }
}

/** One scenario of a seed. Throws for a class that there is not. */
export function queueingScenario(seed: number, cls: string, index: number): Scenario {
  const build = CLASSES[cls];
  if (build === undefined) throw new Error(`no scenario class "${cls}", known: ${Object.keys(CLASSES).join(', ')}`);
  return build(new Dice(`queueing/${seed}/${cls}/${index}`)).emit(cls, `${cls}-${String(index).padStart(3, '0')}`);
}

const SCENARIOS_A_CLASS = 12;
const SWEEPS = 24;
const TIMEOUT_MS = 5000;

/** Changes one host in one sweep. */
type Change = (state: HostState, sweep: number, host: number) => HostState;

class QueueingFleet {
  readonly size: number;
  readonly hosts: HostState[];
  readonly zones: string[];
  readonly registered: number[];
  readonly changes: Change[] = [];
  readonly faulty: Record<string, [number, number]> = {};
  readonly ignore: [string, number, number][] = [];
  private readonly samples: number;

  constructor(
    readonly dice: Dice,
    readonly kind: Scenario['kind'],
    load: readonly [number, number] = [0.3, 0.7],
  ) {
    this.size = dice.pick([3, 4, 4, 5, 6, 8, 12, 20]);
    this.samples = dice.pick([5, 10, 10, 20]);
    const workers = dice.pick([2, 4, 8]);
    const serviceMs = dice.logUniform(20, 100);
    const base = {
      workers,
      serviceMs,
      variation: dice.uniform(0.4, 1.2),
      loss: 0.0005,
      arrivalsPerS: (dice.uniform(...load) * workers * 1000) / serviceMs,
    };
    const zones = ['a', 'b', 'c'].slice(0, dice.integer(2, 3));
    this.zones = Array.from({ length: this.size }, (_, k) => zones[k % zones.length] ?? 'a');
    const speeds = this.zones.map(() => Math.exp(0.05 * dice.normal()));
    this.hosts = this.zones.map((zone, k) => ({ ...base, serviceMs: serviceMs * (speeds[k] ?? 1), rttMs: zone === 'a' ? 0.2 : 0.8 }));
    this.registered = this.zones.map(() => -1000);
  }

  pick(): number {
    return this.dice.integer(0, this.size - 1);
  }

  /** Marks a host as sick from a sweep on and changes it. */
  hurt(host: number, on: number, change: (state: HostState, sweep: number) => HostState): this {
    this.faulty[`t${host}`] = [on, SWEEPS];
    this.changes.push((state, sweep, k) => (k === host && sweep >= on ? change(state, sweep) : state));
    return this;
  }

  emit(cls: string, id: string): Scenario {
    const { dice } = this;
    const phase = dice.uniform(0, 6.28);
    const sweeps = Array.from({ length: SWEEPS }, (_, sweep) => {
      const day = (1 + 0.1 * Math.sin((2 * Math.PI * sweep) / 60 + phase)) * Math.exp(0.05 * dice.normal());
      return this.hosts.map((host, k) => {
        if (sweep < (this.registered[k] ?? 0)) return null;
        const loaded = { ...host, arrivalsPerS: host.arrivalsPerS * day };
        const state = this.changes.reduce((now, change) => change(now, sweep, k), loaded);
        return probeHost(state, this.samples, TIMEOUT_MS, dice);
      });
    });
    const verdict = { healthy: 'none', fault: 'eject', shared: 'shared', soft: 'none' }[this.kind];
    const fleet = this.hosts.map((_, k) => ({ id: `t${k}`, az: this.zones[k] ?? 'a', type: 'std', reg: this.registered[k] ?? -1000 }));
    const truth = { verdict, faulty: this.faulty, ignore: this.ignore };
    const p50 = this.hosts[0]?.serviceMs ?? 0;
    return {
      id,
      cls,
      kind: this.kind,
      profile: 'queueing',
      p50,
      n: this.samples,
      timeoutMs: TIMEOUT_MS,
      intervalS: 60,
      fleet,
      truth,
      note: {},
      sweeps,
    };
  }
}

function onset(dice: Dice): number {
  return dice.integer(8, 14);
}

function faster(state: HostState, factor: number): HostState {
  return { ...state, serviceMs: state.serviceMs / factor };
}

/** Fewer workers than its load needs: the pool is held by somebody else. */
function starved(state: HostState, over: number): HostState {
  const needed = (state.arrivalsPerS * state.serviceMs) / 1000;
  const workers = Math.max(1, Math.floor(needed / over));
  return { ...state, workers, arrivalsPerS: Math.max(state.arrivalsPerS, (1.02 * over * workers * 1000) / state.serviceMs) };
}

const CLASSES: Readonly<Record<string, (dice: Dice) => QueueingFleet>> = {
  q_healthy: (dice) => new QueueingFleet(dice, 'healthy'),
  q_busy: (dice) => new QueueingFleet(dice, 'healthy', [0.7, 0.85]),
  q_lossy_network: (dice) => {
    const fleet = new QueueingFleet(dice, 'healthy');
    const loss = dice.uniform(0.005, 0.03);
    fleet.changes.push((state) => ({ ...state, loss }));
    return fleet;
  },
  q_uneven_load: (dice) => {
    const fleet = new QueueingFleet(dice, 'healthy', [0.3, 0.6]);
    const weights = fleet.hosts.map(() => dice.uniform(0.7, 1.3));
    fleet.changes.push((state, _, k) => ({ ...state, arrivalsPerS: state.arrivalsPerS * (weights[k] ?? 1) }));
    return fleet;
  },
  q_rolling_restart: (dice) => {
    const fleet = new QueueingFleet(dice, 'healthy', [0.3, 0.5]);
    const on = onset(dice);
    const cold = dice.uniform(1.5, 3);
    fleet.registered.forEach((_, k) => {
      fleet.registered[k] = on + k < SWEEPS ? on + k : -1000;
    });
    fleet.changes.push((state, sweep, k) =>
      sweep < on + k ? state : faster(state, 1 / (1 + (cold - 1) * Math.exp(-1.2 * (sweep - on - k)))),
    );
    return fleet;
  },
  q_release_faster: (dice) => {
    const fleet = new QueueingFleet(dice, 'healthy');
    const on = onset(dice);
    const factor = dice.uniform(1.5, 3);
    const left = fleet.pick();
    fleet.changes.push((state, sweep, k) => (sweep >= on && k !== left ? faster(state, factor) : state));
    return fleet;
  },
  q_surge: (dice) => {
    const fleet = new QueueingFleet(dice, 'shared', [0.5, 0.7]);
    const on = onset(dice);
    const factor = dice.uniform(1.3, 2);
    fleet.changes.push((state, sweep) => (sweep >= on ? { ...state, arrivalsPerS: state.arrivalsPerS * factor } : state));
    return fleet;
  },
  q_slow_database: (dice) => {
    const fleet = new QueueingFleet(dice, 'shared', [0.2, 0.5]);
    const on = onset(dice);
    const factor = dice.logUniform(1.5, 6);
    fleet.changes.push((state, sweep) => (sweep >= on ? faster(state, 1 / factor) : state));
    return fleet;
  },
  q_half_slow: (dice) => {
    const fleet = new QueueingFleet(dice, 'shared', [0.2, 0.4]);
    const on = onset(dice);
    const factor = dice.uniform(2, 4);
    fleet.changes.push((state, sweep, k) => (sweep >= on && k % 2 === 0 ? faster(state, 1 / factor) : state));
    return fleet;
  },
  q_zone_loss: (dice) => {
    const fleet = new QueueingFleet(dice, 'shared');
    fleet.zones.forEach((_, k) => {
      fleet.zones[k] = k % 2 === 0 ? 'a' : 'b';
    });
    const on = onset(dice);
    const loss = dice.uniform(0.05, 0.3);
    fleet.changes.push((state, sweep, k) => (sweep >= on && fleet.zones[k] === 'a' ? { ...state, loss } : state));
    return fleet;
  },
  q_starved_pool: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault', [0.4, 0.7]);
    const over = dice.uniform(1.02, 1.5);
    return fleet.hurt(fleet.pick(), onset(dice), (state) => starved(state, over));
  },
  q_slow_service: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault');
    const factor = dice.logUniform(2.2, 10);
    return fleet.hurt(fleet.pick(), onset(dice), (state) => faster(state, 1 / factor));
  },
  q_lossy_host: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault');
    const loss = dice.uniform(0.08, 0.4);
    return fleet.hurt(fleet.pick(), onset(dice), (state) => ({ ...state, loss }));
  },
  q_stalls: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault');
    const stall = { everyMs: dice.uniform(3000, 8000), forMs: dice.uniform(800, 2500) };
    return fleet.hurt(fleet.pick(), onset(dice), (state) => ({ ...state, stall }));
  },
  q_hot_host: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault', [0.5, 0.7]);
    const over = dice.uniform(1.05, 1.6);
    return fleet.hurt(fleet.pick(), onset(dice), (state) => ({ ...state, arrivalsPerS: (over * state.workers * 1000) / state.serviceMs }));
  },
  q_slower_and_slower: (dice) => {
    const fleet = new QueueingFleet(dice, 'fault', [0.2, 0.4]);
    const on = onset(dice);
    const host = fleet.pick();
    fleet.ignore.push([`t${host}`, on - 4, on]);
    fleet.changes.push((state, sweep, k) =>
      k === host && sweep >= on - 4 && sweep < on ? faster(state, 1.18 ** -(sweep - on + 4)) : state,
    );
    return fleet.hurt(host, on, (state, sweep) => faster(state, 1.18 ** -Math.min(14, sweep - on + 4)));
  },
};
