/**
 * The hosts as they really are: who is slow, how full the pools are. Sickbay learns it only by
 * probing and inspecting.
 */
import type { ClientView, HostCapture, ProbePlan, ProbeReport, Sample, SampleError, SamplePhases, Target } from '../../core/model';
import type { Random } from './random';

const POOL_SIZE = 20;
const SICK_MS = 2_500;
const ALL_SLOW_MS = 1_200;
const WELL_MS = 40;

/** What it takes a client to reach the load balancer. */
const CLIENT_MS = 15;

/** Of a connection that is made at once. */
const CONNECT_MS = 0.5;
/** A lost SYN is sent again after a second (RFC 6298), and after two more. */
const SYN_LOST_MS = 3_000;
/** A request that a limiter holds back. */
const HELD_BACK_MS = 2_400;

/**
 * What is on the path of our probes and of nobody else's requests: it loses the SYN of each
 * connection, or a limiter holds each request back. `both`: the limiter meets every prober,
 * whatever subnet it is in.
 */
export type ProbePath = 'syn-loss' | 'limiter' | 'both';

/**
 * What a client of ours gets of the load balancer: requests of a target each, a refusal each, or it
 * is not asked.
 */
export type ClientAccess = 'admitted' | 'refused' | 'none';

interface Spell {
  readonly from: number;
  until: number;
  /** Fails every request, where others are slow. */
  readonly failing?: true;
}

/** What a host's connection pool has given out, and how much it has. */
export interface PoolLoad {
  readonly inUse: number;
  readonly size: number;
}

export class Fleet {
  /**
   * Why each host is slow is the same for all: its disk is full, and its requests hold the pool.
   */
  private readonly sick = new Map<string, Spell[]>();
  /** Hosts that are well, and that our probes alone do not reach. */
  readonly misread = new Set<string>();
  /** Of hosts that answer fast because nobody uses them: their disk is full still. */
  private readonly causes = new Map<string, Spell[]>();
  /** Hosts that our probes alone find slow, and until when they did. */
  private readonly slowPath = new Map<string, { readonly path: ProbePath; readonly until: number }>();
  private slowForAll: Spell[] = [];
  /** The load of hosts that are not as all others are, oldest first. */
  private readonly loads = new Map<string, (PoolLoad & { readonly from: number })[]>();

  constructor(
    private readonly random: Random,
    private readonly now: () => number,
    /** In use of 20, on a host that is as all others are. */
    private readonly poolInUse: number,
    /** Terminated instances answer nothing. */
    private readonly isRunning: (id: string) => boolean,
    /** Whether the load balancer sends it requests: a host without any is idle. */
    private readonly isUsed: (id: string) => boolean,
    /** Who answers at a target: a host, or a task. */
    private readonly behind: (target: Target) => string = ({ id }) => id,
  ) {}

  /** From now on a host is loaded like this, while it serves. */
  load(id: string, inUse: number, size = POOL_SIZE): void {
    this.loads.set(id, [...(this.loads.get(id) ?? []), { from: this.now(), inUse, size }]);
  }

  sicken(id: string, how: Pick<Spell, 'failing'> = {}): void {
    if (!this.isSick(id)) this.sick.set(id, [...(this.sick.get(id) ?? []), { from: this.now(), until: Infinity, ...how }]);
  }

  /** Whether users get errors from it. */
  isFailing(id: string): boolean {
    return (this.sick.get(id) ?? []).some((spell) => spell.failing === true && spell.until > this.now());
  }

  heal(id: string): void {
    for (const spell of this.sick.get(id) ?? []) spell.until = Math.min(spell.until, this.now());
  }

  keepCause(id: string): void {
    this.causes.set(id, [...(this.causes.get(id) ?? []), { from: this.now(), until: Infinity }]);
  }

  endCause(id: string): void {
    for (const spell of this.causes.get(id) ?? []) spell.until = Math.min(spell.until, this.now());
  }

  endCauses(): void {
    for (const id of this.causes.keys()) this.endCause(id);
  }

  /** Whether its disk was full within the last `withinMs`, whatever its answers were like. */
  hadCause(id: string, withinMs: number): boolean {
    return this.wasSick(id, withinMs) || (this.causes.get(id) ?? []).some((spell) => spell.until > this.now() - withinMs);
  }

  set allSlow(slow: boolean) {
    if (slow && !this.allSlow) this.slowForAll.push({ from: this.now(), until: Infinity });
    if (!slow) for (const spell of this.slowForAll) spell.until = Math.min(spell.until, this.now());
  }

  get allSlow(): boolean {
    return this.slowForAll.some((spell) => spell.until > this.now());
  }

  isSick(id: string): boolean {
    return this.wasSick(id, 0);
  }

  /** Whether the host was sick at any time within the last `withinMs`. */
  wasSick(id: string, withinMs: number): boolean {
    return (this.sick.get(id) ?? []).some((spell) => spell.until > this.now() - withinMs);
  }

  /** Whether it is sick since before that time. */
  wasSickBefore(id: string, at: number): boolean {
    return (this.sick.get(id) ?? []).some((spell) => spell.from < at && spell.until > this.now());
  }

  sickHosts(): string[] {
    return [...this.sick.keys()].filter((id) => this.isSick(id));
  }

  /** Puts something on our probes' path to a host, or takes it away. */
  setSlowPath(id: string, path: ProbePath | undefined): void {
    const before = this.slowPath.get(id);
    if (path !== undefined) this.slowPath.set(id, { path, until: Infinity });
    else if (before?.until === Infinity) this.slowPath.set(id, { ...before, until: this.now() });
  }

  /**
   * Whether our probes, and nobody else's requests, were slow at any time within the last
   * `withinMs`.
   */
  wasSlowToProbes(id: string, withinMs: number): boolean {
    return (this.slowPath.get(id)?.until ?? -Infinity) > this.now() - withinMs;
  }

  clearPaths(): void {
    for (const id of this.slowPath.keys()) this.setSlowPath(id, undefined);
  }

  /** What a prober answers. The `second` one is in another subnet. */
  report(plan: ProbePlan, startedAt: number, second = false): ProbeReport {
    const groups = plan.groups.map((group) => ({
      groupArn: group.groupArn,
      samples: group.targets.flatMap((entry) => this.samples(entry.target, entry.samples, second)),
    }));
    return { v: 1, startedAt, endedAt: this.now(), groups, clients: [], prober: { ok: true, controlMs: 1, busyFraction: 0 } };
  }

  private samples(target: Target, count: number, second: boolean): Sample[] {
    const id = this.behind(target);
    const error = this.errorOf(id, second);
    return Array.from({ length: count }, (_, index): Sample => {
      if (error !== undefined) return { target, offsetMs: index * 100, error };
      const phases = this.phasesOf(id, second);
      return { target, offsetMs: index * 100, latencyMs: phases.connectMs + phases.waitMs + phases.bodyMs, phases };
    });
  }

  private phasesOf(id: string, second: boolean): SamplePhases {
    const path = this.wasSlowToProbes(id, 0) ? this.slowPath.get(id)?.path : undefined;
    const met = path === 'both' || !second ? path : undefined;
    const connectMs = met === 'syn-loss' ? SYN_LOST_MS : CONNECT_MS;
    const heldMs = met === 'limiter' || met === 'both' ? HELD_BACK_MS : 0;
    return { connectMs, waitMs: heldMs + this.answerMs(id), bodyMs: 0.1 };
  }

  /** Of one request: around the usual time. */
  private answerMs(id: string): number {
    return this.usualMs(id) * (0.8 + 0.4 * this.random.next());
  }

  /** What a client of the load balancer sees, whose requests go to these hosts in turn. */
  clientView(groupArn: string, ids: readonly string[], count: number, access: ClientAccess): ClientView {
    const turn = this.random.integer(0, Math.max(0, ids.length - 1));
    const samples = Array.from({ length: count }, (_, index): ClientView['samples'][number] => {
      const id = ids[(turn + index) % ids.length];
      const error: SampleError | undefined =
        access === 'refused' || id === undefined ? { kind: 'status', status: 403 } : this.userError(id);
      return error === undefined && id !== undefined ? { latencyMs: CLIENT_MS + this.answerMs(id) } : { error: error ?? { kind: 'reset' } };
    });
    return { groupArn, samples };
  }

  private errorOf(id: string, second: boolean): SampleError | undefined {
    if (this.misread.has(id) && !second) return { kind: 'reset' };
    return this.userError(id);
  }

  private userError(id: string): SampleError | undefined {
    if (!this.isRunning(id)) return { kind: 'timeout' };
    return this.isFailing(id) ? { kind: 'status', status: 500 } : undefined;
  }

  /** Of an answer, to a probe or to a user. */
  usualMs(id: string): number {
    return this.isSick(id) ? SICK_MS : this.allSlow ? ALL_SLOW_MS : WELL_MS;
  }

  /**
   * What the inspection prints on a host, as far as a verdict on pools and on the disk needs it.
   */
  capture(id: string): HostCapture {
    const capturedAt = this.now();
    if (!this.isRunning(id)) return { host: id, notInspectable: 'the agent does not answer', capturedAt };
    const { inUse, size } = this.loadOf(id).at(-1) ?? this.usual;
    const [active, waiting] = this.isSick(id) ? [size, 45] : [this.isUsed(id) ? inUse : 0, 0];
    const metrics = [`connection_pool_active ${active}`, `connection_pool_max ${size}`, `connection_pool_wait ${waiting}`];
    const disk = this.hadCause(id, 0) ? 'fs\t/\text4\t0.995\t900\t0.020' : 'fs\t/\text4\t0.310\t82914680\t0.020';
    const lines = ['sickbay-inspection 1', '## metrics ok', ...metrics.map((line) => `m\t${line}`), '## disk ok', disk, '## end ok'];
    return { host: id, stdout: `${lines.join('\n')}\n`, capturedAt };
  }

  /**
   * How full the pool of the fullest of these hosts was when it was least loaded within the last
   * `withinMs`: less nobody can have seen.
   */
  leastUse(ids: readonly string[], withinMs: number): number {
    return Math.max(...ids.map((id) => this.leastUseOf(id, withinMs)));
  }

  private leastUseOf(id: string, withinMs: number): number {
    const loads = this.loadOf(id);
    const inForce = loads.filter((_, index) => (loads[index + 1]?.from ?? Infinity) > this.now() - withinMs);
    return Math.min(...inForce.map(({ inUse, size }) => inUse / size));
  }

  private loadOf(id: string): (PoolLoad & { readonly from: number })[] {
    return [this.usual, ...(this.loads.get(id) ?? [])];
  }

  private get usual(): PoolLoad & { readonly from: number } {
    return { from: 0, inUse: this.poolInUse, size: POOL_SIZE };
  }
}
