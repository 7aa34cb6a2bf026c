/**
 * Systems Manager Automation with the runbook that stops (lambda/stop/runbook.ts): waits for a
 * person, reads the switch and the calendars, schedules the undo, runs the document on the host.
 * Each step takes a tick, and each may fail.
 */
import type { Stop } from '../../core/model';
import type { Random } from '../chaos/random';
import type { Checker } from './checker';
import { Execution } from './execution';
import type { World } from './world';

const APPROVAL_MS = 900_000;

export class Automation {
  readonly executions: Execution[] = [];
  private readonly byToken = new Map<string, Execution>();

  constructor(
    private readonly world: World,
    private readonly checker: Checker,
    private readonly random: Random,
  ) {}

  /** The same token answers with the same execution. */
  start(stop: Stop): Execution {
    const known = this.byToken.get(stop.clientToken);
    if (known !== undefined) return known;
    const execution = new Execution(`execution-${this.executions.length + 1}`, stop, this.world.now);
    this.executions.push(execution);
    this.byToken.set(stop.clientToken, execution);
    this.checker.started(this.executions, execution);
    return execution;
  }

  find(id: string): Execution {
    const execution = this.executions.find((one) => one.id === id);
    if (execution === undefined) throw new Error(`AutomationExecutionNotFoundException ${id}`);
    return execution;
  }

  /** A person's signal: nobody else has one. */
  signal(execution: Execution, type: 'Approve' | 'Reject', by: string): void {
    if (execution.step !== 'approve' || !execution.isAlive || execution.cancelledIn !== undefined) return;
    if (type === 'Reject') execution.end = 'denied';
    execution.approvedBy = by;
    if (type === 'Reject') return;
    execution.step = 'switch';
    this.checker.approved(execution.stop);
  }

  /**
   * At once, or after a while in which it says that it is being cancelled. What the host was asked
   * for already it may still do.
   */
  cancel(execution: Execution): void {
    if (!execution.isAlive) return;
    execution.cancelledIn ??= this.random.pick([0, 0, 1, 3]);
    if (execution.cancelledIn === 0) execution.end = 'cancelled';
  }

  tick(): void {
    for (const execution of this.executions) if (execution.isAlive) this.advance(execution);
  }

  private advance(execution: Execution): void {
    const { world } = this;
    if (execution.cancelledIn !== undefined) {
      if (--execution.cancelledIn <= 0) execution.end = 'cancelled';
      return;
    }
    const fail = (): void => {
      execution.end = 'failed';
    };
    switch (execution.step) {
      case 'approve':
        if (world.now - execution.startedAt >= APPROVAL_MS) execution.end = 'expired';
        return;
      case 'switch':
        if (world.isSwitchOn || this.random.chance(0.02)) return fail();
        execution.step = 'calendar';
        return;
      case 'calendar':
        if (!world.isCalendarOpen) return fail();
        execution.step = 'schedule';
        return;
      case 'schedule':
        if (this.random.chance(0.03)) return fail();
        world.schedules.set(execution.stop.undoSchedule, {
          at: execution.stop.undoAt,
          hostId: execution.stop.instanceId,
          caseId: execution.stop.caseId,
        });
        execution.step = 'stop';
        return;
      case 'stop':
        return this.stopOnHost(execution);
      case 'over':
    }
  }

  private stopOnHost(execution: Execution): void {
    const { world, random } = this;
    const { stop } = execution;
    const host = world.host(stop.instanceId);
    execution.reachedHost = true;
    execution.step = 'over';
    if (!host.isReachable) {
      execution.end = 'failed';
      return;
    }
    this.checker.beforeStop(execution, host);
    const order = {
      caseId: stop.caseId,
      pid: stop.plan.process.pid,
      digest: stop.plan.digest,
      expiresAtS: Math.floor(stop.expiresAt / 1000),
    };
    const outcome = host.stop(order, world.now);
    this.checker.afterStop(execution, host, outcome);
    // The answer may be lost on its way, or be none that can be read.
    if (random.chance(0.08)) execution.end = 'failed';
    else {
      execution.end = 'ended';
      if (!random.chance(0.05)) execution.outcome = outcome;
    }
  }
}
