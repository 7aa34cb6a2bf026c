/** What a stop rests on, asked of the world from the cheapest question to the dearest. */
import { configOf, type Config } from '../../core/config';
import type { Stop, StopCheck, TargetCase } from '../../core/model';
import { culpritOf, type Reading, type StopCandidate } from '../../core/stop/candidate';
import { evaluateStop, failedOf } from '../../core/stop/checks';
import type { StopPorts } from './ports';
import type { StopRecordsRead } from './run';

/** @param standing the proposal that is asked about: it does not stand in its own way. */
export async function candidateOf(
  ports: StopPorts,
  config: Config,
  { stops, unreadable, openCases }: StopRecordsRead,
  incident: TargetCase,
  standing?: Stop,
): Promise<StopCandidate> {
  const [round] = await ports.rounds.latest(incident.groupArn, 1);
  const allow = (round === undefined ? undefined : configOf(config, round.group))?.stop?.allow ?? [];
  return {
    now: ports.clock.now(),
    allow,
    incident,
    openCases,
    stops: stops.filter(({ id }) => id !== standing?.id),
    unreadable,
    stopSwitch: await ports.stopSwitch.read(),
    ...(round === undefined ? {} : { round }),
    ...(standing === undefined ? {} : { proposed: standing.plan }),
  };
}

interface Asked {
  readonly candidate: StopCandidate;
  readonly checks: readonly StopCheck[];
}

/**
 * Each question only when everything before it allows the stop: a host is not asked for nothing.
 */
export async function askAll(ports: StopPorts, candidate: StopCandidate): Promise<Asked> {
  const { incident } = candidate;
  const culprit = culpritOf(incident);
  const first = evaluateStop(candidate, 'records');
  if (culprit === undefined || failedOf(first).length > 0) return { candidate, checks: first };
  const inWorld = { ...candidate, ...(await askWorld(ports, incident)) };
  const second = evaluateStop(inWorld, 'world');
  if (failedOf(second).length > 0) return { candidate: inWorld, checks: second };
  const plan = await reading(ports, 'plan', () => ports.hosts.plan(incident.target.id, incident.id, culprit.pid));
  const planned = { ...inWorld, plan };
  const third = evaluateStop(planned, 'plan');
  if (failedOf(third).length > 0) return { candidate: planned, checks: third };
  const peersRunning = await reading(ports, 'peers', () => ports.peersRunning(incident, culprit));
  const last = { ...planned, peersRunning };
  return { candidate: last, checks: evaluateStop(last) };
}

async function askWorld(ports: StopPorts, { groupArn, target }: TargetCase) {
  const [serves, tagged, calendarOpen] = await Promise.all([
    reading(ports, 'target health', () => ports.serves(groupArn, target)),
    reading(ports, 'tags', () => ports.tagged(groupArn, target.id)),
    reading(ports, 'calendars', () => ports.calendarOpen()),
  ]);
  return { serves, tagged, calendarOpen };
}

/** What was read, or why it could not be: the reason is in the check that rests on it. */
export async function reading<Value>(ports: Pick<StopPorts, 'log'>, what: string, read: () => Promise<Value>): Promise<Reading<Value>> {
  try {
    return { value: await read() };
  } catch (error) {
    const unread = (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 200);
    ports.log('stop-unread', { what, unread });
    return { unread };
  }
}
