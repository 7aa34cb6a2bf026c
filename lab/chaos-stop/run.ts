/**
 * One run: minutes in which the function runs, dies, runs twice or not at all, people approve,
 * deny, undo and keep, and the world changes; then a day and more in which nothing fails.
 */
import type { StopRequest } from '../../core/model';
import type { StopPorts } from '../../lambda/stop/ports';
import { stopCulprits } from '../../lambda/stop/stop';
import { Random } from '../chaos/random';
import type { StopViolation } from './checker';
import type { WeakCall } from './conditions';
import { NO_FAULTS, portsOf, type Faults } from './ports';
import { Stage } from './stage';
import type { World } from './world';

const MINUTE_MS = 60_000;
const BUSY_MINUTES = 150;
const QUIET_MINUTES = 30 * 60;

/** Takes a guard away, or leaves all as it is. */
export type StopAlteration = (ports: StopPorts, world: World) => StopPorts;

export interface StopRun {
  readonly seed: number;
  readonly violations: readonly StopViolation[];
  readonly proposals: number;
  readonly stops: number;
  readonly verified: number;
  readonly faults: number;
}

export async function runStopChaos(seed: number, alter: StopAlteration = (ports) => ports): Promise<StopRun> {
  const random = new Random(seed);
  const stage = new Stage(random);
  const { world, checker } = stage;
  const { conditions } = world;
  const trouble = random.pick(conditions.trouble);
  let struck = 0;
  for (let minute = 0; minute < BUSY_MINUTES; minute++) {
    stage.minute();
    change(world, random);
    people(stage, random);
    if (random.chance(0.08)) continue; // it was throttled, or is being deployed
    const side = random.chance(conditions.sideBySide) ? 2 : 1;
    const runs = Array.from({ length: side }, () => faultsOf(random, trouble, conditions.weakest));
    const request = asked(world, random);
    const [done] = await Promise.all(runs.map((faults) => once(stage, faults, alter, request)));
    struck += runs.reduce((sum, { count }) => sum + count, 0);
    if (side === 1 && request === undefined && done === true && runs[0]?.count === 0) checker.afterCleanRun(stage.automation.executions);
  }
  await calm(stage, random, alter);
  checker.atTheEnd();
  const stops = [...world.stops.values()];
  return {
    seed,
    violations: checker.violations,
    proposals: stops.filter(({ toldAt }) => toldAt !== undefined).length,
    stops: checker.made.length,
    verified: stops.filter(({ verifiedAt }) => verifiedAt !== undefined).length,
    faults: struck,
  };
}

function faultsOf(random: Random, trouble: number, weakest?: WeakCall): Faults {
  const skewMs = random.chance(0.03) ? random.integer(-60_000, 60_000) : 0;
  const chances = { die: random.chance(0.5) ? trouble : 0, fail: random.chance(0.5) ? trouble : 0 };
  return { random, ...chances, weakest, skewMs, isDead: false, count: 0 };
}

/**
 * What fails is told by the function's alarm: the next run goes on. Returns whether it had its
 * turn.
 */
async function once(stage: Stage, faults: Faults, alter: StopAlteration, request?: StopRequest): Promise<boolean> {
  try {
    const { outcome } = await stopCulprits(alter(portsOf(stage, faults), stage.world), stage.world.config, request);
    return outcome !== 'busy';
  } catch {
    faults.count++;
    return false;
  }
}

/** Everything works again, for longer than a lease. */
async function calm(stage: Stage, random: Random, alter: StopAlteration): Promise<void> {
  const { world } = stage;
  world.hosts.forEach((host) => {
    host.isReachable = true;
  });
  world.unreadable.clear();
  for (let minute = 0; minute < QUIET_MINUTES; minute++) {
    stage.minute();
    if (minute < 60 || minute % 10 === 0) await once(stage, NO_FAULTS(random), alter);
  }
}

// ---------------------------------------------------------------- what people do

function people({ automation, world }: Stage, random: Random): void {
  for (const execution of automation.executions)
    if (execution.step === 'approve' && execution.isAlive) {
      if (random.chance(world.conditions.approves)) automation.signal(execution, 'Approve', 'person');
      else if (random.chance(0.02)) automation.signal(execution, 'Reject', 'person');
      else if (random.chance(0.01)) automation.cancel(execution);
    }
}

function asked(world: World, random: Random): StopRequest | undefined {
  const stops = [...world.stops.values()];
  if (stops.length === 0 || !random.chance(0.03)) return undefined;
  return { kind: random.pick(['undo', 'keep', 'looked-at'] as const), stop: random.pick(stops).id, by: 'Ann', reason: 'I looked' };
}

// ---------------------------------------------------------------- what the world does

function change(world: World, random: Random): void {
  const { now } = world;
  const { against } = world.conditions;
  if (random.chance(0.01 * against)) world.isSwitchOn = !world.isSwitchOn;
  else if (world.isSwitchOn && random.chance(0.1)) world.isSwitchOn = false;
  if (random.chance(0.01 * against)) world.isCalendarOpen = !world.isCalendarOpen;
  else if (!world.isCalendarOpen && random.chance(0.1)) world.isCalendarOpen = true;
  if (random.chance(0.01 * against)) world.unreadable.add('case-9/stop/1');
  else if (random.chance(0.07)) world.unreadable.clear();
  for (const host of world.hosts) {
    const toggle = (set: Set<string>, probability: number): void => {
      if (!random.chance(probability * against)) return;
      if (!set.delete(host.id)) set.add(host.id);
    };
    toggle(world.serving, 0.006);
    toggle(world.untagged, 0.002);
    toggle(world.onPeers, 0.002);
    if (random.chance(host.isReachable ? 0.01 * against : 0.2)) host.isReachable = !host.isReachable;
    if (random.chance(0.004 * against)) host.reusePid(now, random.pick(['report', 'other'] as const));
    if (random.chance(0.003 * against)) host.boot(now);
    if (random.chance(0.004 * against)) host.process = undefined;
    if (host.outBy !== undefined && random.chance(0.003)) host.isEdited = true;
  }
  if (random.chance(0.01)) world.now += random.integer(1, 20) * MINUTE_MS; // nothing runs for a while
}
