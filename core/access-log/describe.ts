/** Access logs in one line. */
import type { AccessLogView, RequestCount } from '../model';
import { plus } from './query';

/** "412 requests to it, 96 slower than 3.0 s; peers 0 of 1,230; in 4 minutes". */
export function describeAccessLogs({ minutes, fromMs, unread }: Pick<AccessLogView, 'minutes' | 'fromMs' | 'unread'>): string {
  if (unread !== undefined) return `could not be read: ${unread}`;
  if (minutes.length === 0) return 'have no request of the group yet';
  const own = total(minutes.map((minute) => minute.own));
  const peers = total(minutes.map((minute) => minute.peers));
  return [
    `${count(own.requests)} request${own.requests === 1 ? '' : 's'} to it, ${count(own.slow)} slower than ${seconds(fromMs)} or failed${aborted(own)}`,
    `peers ${count(peers.slow)} of ${count(peers.requests)}`,
    `in ${minutes.length} minute${minutes.length === 1 ? '' : 's'}`,
  ].join('; ');
}

function aborted({ aborted: gone }: RequestCount): string {
  return gone === 0 ? '' : `, ${count(gone)} given up by the client`;
}

function total(counts: readonly RequestCount[]): RequestCount {
  return counts.reduce(plus, { requests: 0, slow: 0, failed: 0, aborted: 0 });
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
