/**
 * Stopping a culprit (docs/decisions/0030-stopping-a-culprit.md): take every stop on record as far
 * as it safely goes, then propose one where everything allows it. The only writer of the records of
 * stops, one run at a time. It can stop nothing: it starts an execution that waits for a person,
 * reads hosts, and gives back what starts a job. A run that dies anywhere is repeated by the next
 * one.
 */
import { randomUUID } from 'node:crypto';
import type { Config } from '../../core/config';
import type { Stop, StopRequest } from '../../core/model';
import { hasEnded } from '../../core/stop/candidate';
import { answerStopRequest } from '../../core/stop/request';
import { errorFields } from '../aws/log';
import { messagesOf, throwAny } from '../failures';
import { advance } from './advance';
import { STOP_LEASE_S, type StopSummary } from './contract';
import { deliverStop } from './deliver';
import type { StopPorts } from './ports';
import { proposeOne } from './propose';
import type { StopRecordsRead } from './run';

/**
 * One run. @throws when anything failed, after the rest was still tried; a request that is on
 * record by then is answered with the failures instead.
 */
export async function stopCulprits(ports: StopPorts, config: Config, request?: StopRequest): Promise<StopSummary> {
  const now = ports.clock.now();
  const lease = await ports.lease.acquire(randomUUID(), now, now + STOP_LEASE_S * 1000);
  if (lease === undefined) return { outcome: 'busy', says: ['Another run is under way: nothing was done.'] };
  const work = await (request === undefined ? stopAlone(ports, config) : stopAsked(ports, config, request)).then(
    (summary) => ({ summary }),
    (error: unknown) => ({ error }),
  );
  await ports.lease.release(lease);
  if ('error' in work) throw work.error;
  return work.summary;
}

async function stopAsked(ports: StopPorts, config: Config, request: StopRequest): Promise<StopSummary> {
  const { stops } = await ports.stops.all();
  const answer = answerStopRequest(stops, request, ports.clock.now());
  if (!answer.granted) return { outcome: 'refused', says: answer.says };
  await ports.stops.put(answer.stop);
  try {
    await stopAlone(ports, config);
    return { outcome: 'done', says: answer.says };
  } catch (error) {
    ports.log('failed-after-a-request', errorFields(error));
    return { outcome: 'done', says: answer.says, failures: messagesOf(error) };
  }
}

async function stopAlone(ports: StopPorts, config: Config): Promise<StopSummary> {
  const failures: unknown[] = [];
  const read = await readRecords(ports);
  const stops = await advanceAll(ports, config, read, failures);
  try {
    await proposeOne(ports, config, { ...read, stops });
  } catch (error) {
    ports.log('proposal-failed', errorFields(error));
    failures.push(error);
  }
  throwAny(failures, 'of the stops failed');
  return { outcome: 'done', says: [] };
}

async function readRecords(ports: StopPorts): Promise<StopRecordsRead> {
  const [{ stops, unreadable }, openCases] = await Promise.all([ports.stops.all(), ports.cases.open()]);
  return { stops, unreadable, openCases };
}

/** Each as far as it goes; one that fails holds up no other. */
async function advanceAll(ports: StopPorts, config: Config, read: StopRecordsRead, failures: unknown[]): Promise<Stop[]> {
  const after: Stop[] = [];
  for (const stop of read.stops) {
    let current = stop;
    const keep = (stored: Stop) => {
      current = stored;
    };
    try {
      if (!hasEnded(stop)) await advance({ ports, config, read, keep }, stop);
    } catch (error) {
      ports.log('stop-failed', { stop: stop.id, state: current.state, ...errorFields(error) });
      failures.push(error);
    }
    try {
      await deliverStop(ports, current, keep);
    } catch (error) {
      failures.push(error);
    }
    after.push(current);
  }
  return after;
}
