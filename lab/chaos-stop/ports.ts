/**
 * The ports of the function that stops, on the world: each call may die before or after it was
 * made, fail with or without effect, or answer with what was so a while ago.
 */
import { deployment } from '../../core/report/links';
import type { Stop } from '../../core/model';
import type { StopPorts } from '../../lambda/stop/ports';
import type { Random } from '../chaos/random';
import type { WeakCall } from './conditions';
import type { Stage } from './stage';

/** The function's process ends here: nothing of this run goes on. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** What goes wrong in one run; all of it at random. */
export interface Faults {
  readonly random: Random;
  /** Of each call. */
  readonly die: number;
  readonly fail: number;
  /** Of the call by this name. */
  readonly weakest?: WeakCall | undefined;
  /** The clock of this run is off by so much, ms. */
  readonly skewMs: number;
  /** Set when the run has died: what was under way beside it ends, too. */
  isDead: boolean;
  count: number;
}

export const NO_FAULTS = (random: Random): Faults => ({ random, die: 0, fail: 0, skewMs: 0, isDead: false, count: 0 });

export function portsOf(stage: Stage, faults: Faults): StopPorts {
  const { world, automation } = stage;
  const call = async <Answer>(name: string, make: () => Answer): Promise<Answer> => {
    const { random } = faults;
    if (faults.isDead) throw new Died(name);
    // Runs side by side take turns at any call.
    for (let turns = random.integer(0, 2); turns > 0; turns--) await Promise.resolve();
    const chances = name === faults.weakest?.name ? faults.weakest : faults;
    const strike = (probability: number): boolean => probability > 0 && random.chance(probability);
    if (strike(chances.die / 2)) return die(name);
    if (strike(chances.fail / 2)) return fail(name);
    const answer = make();
    if (strike(chances.die / 2)) return die(name);
    if (strike(chances.fail / 2)) return fail(name);
    return answer;
  };
  const die = (name: string): never => {
    faults.isDead = true;
    faults.count++;
    throw new Died(name);
  };
  const fail = (name: string): never => {
    faults.count++;
    throw new Error(`${name} failed`);
  };
  const reachable = (id: string) => {
    const host = world.host(id);
    if (!host.isReachable) throw new Error(`${id} does not answer`);
    return host;
  };
  return {
    clock: { now: () => world.now + faults.skewMs, sleep: () => Promise.resolve() },
    log: () => undefined,
    deployment: deployment('Sickbay', {}),
    cases: { open: () => call('cases', () => world.cases()), closedSince: (at) => call('closed', () => world.closed(at)) },
    rounds: { latest: (arn) => call('rounds', () => [world.round(arn)]) },
    hosts: {
      plan: (id, _caseId, pid) => call('plan', () => reachable(id).plan(pid)),
      status: (id, caseId) => call('status', () => reachable(id).status(caseId)),
      undo: (id, caseId) => call('undo', () => reachable(id).undo(caseId)),
    },
    peersRunning: ({ target }) => call('peers', () => (world.onPeers.has(target.id) ? ['i-0000000f'] : [])),
    executions: {
      start: (stop) => call('start', () => automation.start(stop).id),
      read: (id) => call('read', () => automation.find(id).read()),
      cancel: (id) => call('cancel', () => automation.cancel(automation.find(id))),
    },
    stops: {
      all: () => call('stops', () => ({ stops: [...world.stops.values()], unreadable: [...world.unreadable] })),
      put: (stop) => call('put', () => put(stage, stop)),
    },
    lease: {
      acquire: (holder, now, untilAt) =>
        call('lease', () => {
          if (world.lease !== undefined && world.lease.untilAt >= now) return undefined;
          world.lease = { holder, untilAt };
          return world.lease;
        }),
      release: (lease) =>
        call('release', () => {
          if (world.lease?.holder === lease.holder) world.lease = undefined;
        }),
    },
    stopSwitch: { read: () => call('switch', () => ({ on: world.isSwitchOn, why: '' })).catch(died('unreadable')) },
    serves: (_arn, target) => call('serves', () => world.serving.has(target.id)),
    tagged: (_arn, id) => call('tagged', () => !world.untagged.has(id)),
    calendarOpen: () => call('calendar', () => world.isCalendarOpen),
    undoSchedules: {
      cancel: (name) => call('unschedule', () => void world.schedules.delete(name)),
    },
    topic: { publish: ({ id, severity, subject }) => call('publish', () => void world.published.push({ id, severity, subject })) },
    caseEvents: { emit: () => call('emit', () => undefined) },
  };
}

/** The switch is on when it cannot be read (lambda/aws/kill-switch.ts). */
function died(why: string) {
  return (error: unknown) => {
    if (error instanceof Died) throw error;
    return { on: true, why };
  };
}

function put({ world, checker }: Stage, stop: Stop): Stop {
  const before = world.stops.get(stop.id);
  if ((before?.rev ?? 0) !== stop.rev) throw new Error(`stop ${stop.id} was overtaken`);
  const next = { ...structuredClone(stop), rev: stop.rev + 1 };
  world.stops.set(stop.id, next);
  checker.put(before, next);
  return next;
}
