/**
 * One run of a function, and what may go wrong with each call it makes. A killed run simply never
 * hears again: no `finally` runs in it.
 */
import type { SettableClock } from '../world/clock';

/**
 * What a run asks of the world: an AWS call by its operation's name, or a call of the records or
 * the prober.
 */
export interface Call {
  /** Counted from 1 over the whole chaos run. */
  readonly number: number;
  readonly by: Invocation;
  readonly name: string;
  readonly input: unknown;
}

/**
 * `hang`: answered after the function's time-out. `slow`: answered when another round has been
 * measured. `stale`, `ancient` and `empty`: an old, a very old, or no, target health; of an event,
 * that EventBridge did not take it.
 */
export const FAULTS = ['crash-before', 'crash-after', 'throttled', 'timeout-after', 'hang', 'slow', 'stale', 'ancient', 'empty'] as const;
export type Fault = (typeof FAULTS)[number];

export interface Surroundings {
  readonly clock: SettableClock;
  number(): number;
  faultAt(call: Call): Fault | undefined;
  /** Before a call takes effect, and after it did. */
  before(call: Call): void;
  after(call: Call, answer: unknown): void;
}

/** What the SDK throws when the service refuses for now, or when no answer came. */
export class ChaosError extends Error {
  override readonly name = 'ChaosError';
}

const HANG_MS = 280_000;

const SLOW_MS = 75_000;

export class Invocation {
  private killed = false;

  constructor(
    readonly kind: 'sweep' | 'respond' | 'restore',
    /** How far this function's clock is ahead. */
    readonly skewMs: number,
    private readonly around: Surroundings,
  ) {}

  get dead(): boolean {
    return this.killed;
  }

  /** The function's end, at any point: whatever it awaits stays unanswered. */
  kill(): void {
    this.killed = true;
  }

  now(): number {
    return this.around.clock.now() + this.skewMs;
  }

  sleep(ms: number): Promise<void> {
    return this.alive(new Promise((resolve) => this.around.clock.at(this.around.clock.now() + ms, resolve)));
  }

  /** Makes one call. @throws what the effect throws, and ChaosError for a fault. */
  async call<Answer>(name: string, input: unknown, effect: (fault: Fault | undefined) => Answer): Promise<Answer> {
    if (this.killed) return never();
    const call: Call = { number: this.around.number(), by: this, name, input };
    const fault = this.around.faultAt(call);
    if (fault === 'crash-before') return this.crash();
    if (fault === 'throttled') throw new ChaosError(`${name} was throttled`);
    if (fault === 'hang') await this.sleep(HANG_MS);
    if (fault === 'slow') await this.sleep(SLOW_MS);
    this.around.before(call);
    const answer = await effect(fault);
    this.around.after(call, answer);
    if (fault === 'crash-after') return this.crash();
    if (fault === 'timeout-after') throw new ChaosError(`${name} was not answered in time`);
    return this.alive(Promise.resolve(answer));
  }

  private crash(): Promise<never> {
    this.kill();
    return never();
  }

  private async alive<Answer>(answer: Promise<Answer>): Promise<Answer> {
    const value = await answer;
    return this.killed ? never() : value;
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
