/** What there is to tell of a stop from, and what happened. */
import type { Stop } from '../../model';
import type { Deployment } from '../links';

export type StopNews =
  | 'proposed'
  | 'approved'
  | 'verified'
  | 'failed'
  | 'undo-failed'
  | 'undo-changed'
  | 'undone'
  | 'reminder'
  | 'kept'
  | 'refused'
  | 'denied'
  | 'expired'
  | 'withdrawn'
  | 'overdue';

export interface StopTold {
  readonly now: number;
  readonly stop: Stop;
  readonly news: StopNews;
  readonly deployment?: Deployment;
}
