/** What a person asks about a stop, as a change of its record. */
import type { Stop, StopRequest } from '../model';
import { stopMeant } from './meant';

export type StopAnswer =
  | { readonly granted: true; readonly stop: Stop; readonly says: readonly string[] }
  | { readonly granted: false; readonly says: readonly string[] };

/**
 * The request is on record when the changed stop is stored; what it asks for is carried out by the
 * steps that follow, and goes on when a run dies. Asking twice changes nothing more than asking
 * once.
 */
export function answerStopRequest(stops: readonly Stop[], request: StopRequest, now: number): StopAnswer {
  const stop = stopMeant(stops, request.stop);
  if (stop === undefined) return refused(`No stop ${request.stop} is on record.`);
  const by = `${request.by}: ${request.reason}`.slice(0, 300);
  switch (request.kind) {
    case 'undo':
      if (stop.state === 'undoing') return granted(stop, `Stop ${stop.id} is being undone already.`);
      if (stop.state !== 'verifying' && stop.state !== 'holding') return refused(notWhile(stop, 'undone'));
      return granted(noted({ ...stop, undoAskedBy: by }, now, `undo asked by ${by}`), `Stop ${stop.id} is being undone.`);
    case 'keep':
      if (stop.state !== 'holding' && stop.state !== 'undoing') return refused(notWhile(stop, 'kept'));
      return granted(
        noted({ ...stop, keepAskedBy: by }, now, `keep asked by ${by}`),
        `Stop ${stop.id} is kept: what starts the job stays out of the way until a person gives it back on the host.`,
      );
    case 'looked-at':
      return lookedAt(stop, by, now);
  }
}

function lookedAt(stop: Stop, by: string, now: number): StopAnswer {
  if (stop.blocksGroup === undefined) return granted(stop, `Stop ${stop.id} blocks nothing.`);
  const { blocksGroup: _blocks, ...rest } = stop;
  return granted(noted(rest, now, `looked at by ${by}`), `Further stops may be proposed in the group of ${stop.id}.`);
}

function notWhile({ id, state }: Stop, what: string): string {
  const hint = state === 'proposed' ? ' Deny it instead.' : state === 'acting' ? ' Ask again when the host has ended.' : '';
  return `Stop ${id} is ${state} and cannot be ${what}.${hint}`;
}

function noted(stop: Stop, at: number, says: string): Stop {
  return { ...stop, events: [...stop.events, { at, says }] };
}

function granted(stop: Stop, ...says: readonly string[]): StopAnswer {
  return { granted: true, stop, says };
}

function refused(...says: readonly string[]): StopAnswer {
  return { granted: false, says };
}
