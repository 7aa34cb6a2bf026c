/**
 * The functions of a Sickbay as the runs start them: by a schedule, an alarm, a wake-up or a
 * person.
 */
import type { Trigger } from '../../core/model';
import type { OperatorRequest } from '../../lambda/contract';
import { restoreAddress, type AddressRestore } from '../../lambda/act/restore-address';
import { respond, type RespondSummary } from '../../lambda/respond';
import { sweep } from '../../lambda/sweep';
import type { Chaos } from './chaos';
import { Invocation, type Surroundings } from './invocation';
import { respondPorts, restorerPorts, sweepPorts } from './ports';
import type { Functions, Stage } from './roles';

/** The responder's time-out (lambda/contract.ts). */
const TIMEOUT_MS = 240_000;

/** lib/restorer.ts */
const RESTORER_TIMEOUT_MS = 30_000;

const MOVES = new Set(['RegisterTargets', 'DeregisterTargets', 'EnterStandby', 'ExitStandby']);

const REMOVALS = new Set(['DeregisterTargets', 'EnterStandby']);

const MINUTE_MS = 60_000;

/** How soon the command line asks again. */
const ASK_AGAIN_MS = 20_000;

export class PlayedFunctions implements Functions {
  /** Errors that runs ended with: a run may fail, its successor settles it. */
  readonly failures: unknown[] = [];
  readonly waiting = new Set<OperatorRequest>();
  readonly deadAddresses = new Set<string>();
  calls = 0;
  steps = 0;

  constructor(
    private readonly stage: Stage,
    private readonly chaos: Chaos,
  ) {}

  /** Started by a schedule; what fails is tried again after one minute, and after two more. */
  startRestorer(payload: unknown, failed = 0): void {
    const invocation = this.invocation('restore');
    this.stage.clock.at(this.stage.clock.now() + RESTORER_TIMEOUT_MS, () => invocation.kill());
    const again = () => {
      if (failed < 2) this.stage.clock.at(this.stage.clock.now() + (failed + 1) * MINUTE_MS, () => this.startRestorer(payload, failed + 1));
      else this.deadAddresses.add((payload as AddressRestore).target.id);
    };
    const timedOut = new Promise((_, reject) =>
      this.stage.clock.at(this.stage.clock.now() + RESTORER_TIMEOUT_MS, () => reject(new Error('timed out'))),
    );
    void Promise.race([restoreAddress(restorerPorts(this.stage, invocation), payload), timedOut]).catch(again);
  }

  startSweep(trigger: Trigger = 'schedule'): void {
    if (this.stage.gone) return;
    const invocation = this.invocation('sweep');
    void this.watch(sweep(sweepPorts(this.stage, invocation), this.stage.deployed, trigger));
  }

  /** Fewer targets, more latency: what is removed may well set an alarm off. */
  private alarm(): void {
    const afterMs = this.stage.isCalm ? undefined : this.chaos.alarmAfterMs?.();
    if (afterMs !== undefined) this.stage.clock.at(this.stage.clock.now() + afterMs, () => this.startSweep('alarm'));
  }

  wakeResponder(): void {
    const times = !this.stage.isCalm && this.chaos.wakesTwice?.() === true ? 2 : 1;
    for (let time = 0; time < times; time++) this.stage.clock.at(this.stage.clock.now() + 500, () => this.startRespond());
  }

  startRespond(): Promise<void> {
    return this.watch(this.respond());
  }

  ask(request: OperatorRequest): void {
    this.waiting.add(request);
    this.askAgain(request);
  }

  private askAgain(request: OperatorRequest): void {
    if (this.stage.gone || !this.waiting.has(request)) return;
    void this.watch(this.answered(request));
    this.stage.clock.at(this.stage.clock.now() + ASK_AGAIN_MS, () => this.askAgain(request));
  }

  private async answered(request: OperatorRequest): Promise<void> {
    const { outcome } = await this.respond(request);
    if (outcome !== 'somebody else is responding') this.waiting.delete(request);
  }

  private respond(request?: OperatorRequest): Promise<RespondSummary> {
    const invocation = this.invocation('respond');
    this.stage.clock.at(this.stage.clock.now() + TIMEOUT_MS, () => invocation.kill());
    const ports = respondPorts(this.stage, invocation);
    const altered = this.chaos.alter?.(ports, this.stage.deployed, this.stage) ?? { ports, config: this.stage.deployed };
    return respond(altered.ports, altered.config, request);
  }

  private watch(run: Promise<unknown>): Promise<void> {
    return run.then(
      () => undefined,
      (error: unknown) => void this.failures.push(error),
    );
  }

  private invocation(kind: Invocation['kind']): Invocation {
    return new Invocation(kind, this.stage.isCalm ? 0 : (this.chaos.skewMs?.() ?? 0), this.surroundings());
  }

  private surroundings(): Surroundings {
    return {
      clock: this.stage.clock,
      number: () => ++this.stage.first.functions.calls,
      faultAt: (call) => {
        const fault = this.stage.isCalm ? undefined : this.chaos.faultAt(call);
        if (fault !== undefined) this.stage.checker.shortfalls.disturbed();
        return fault;
      },
      before: (call) => {
        if (!this.stage.isCalm) this.chaos.meddle?.(call, this.stage);
        this.stage.checker.before(call);
      },
      after: (call, answer) => {
        this.stage.first.functions.steps += 1;
        if (MOVES.has(call.name)) this.stage.look();
        if (REMOVALS.has(call.name)) this.alarm();
        this.stage.checker.after(call, answer);
      },
    };
  }
}
