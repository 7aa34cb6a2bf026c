/** One execution of the runbook, as far as it got. */
import type { Stop, StopExecution, StopOutcome } from '../../core/model';

type Step = 'approve' | 'switch' | 'calendar' | 'schedule' | 'stop' | 'over';

export class Execution {
  step: Step = 'approve';
  end: StopExecution['state'] | undefined;
  approvedBy: string | undefined;
  reachedHost = false;
  /** How long it is still being cancelled, in ticks. */
  cancelledIn: number | undefined;
  outcome: StopOutcome | undefined;

  constructor(
    readonly id: string,
    readonly stop: Stop,
    readonly startedAt: number,
  ) {}

  get isAlive(): boolean {
    return this.end === undefined;
  }

  read(): StopExecution {
    const { end, approvedBy, reachedHost, outcome, cancelledIn } = this;
    return {
      state: end ?? (approvedBy !== undefined ? 'acting' : cancelledIn === undefined ? 'waiting' : 'cancelling'),
      reachedHost,
      ...(approvedBy === undefined ? {} : { approvedBy }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(end === 'failed' ? { why: 'a step failed' } : {}),
    };
  }
}
