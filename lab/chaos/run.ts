/**
 * One chaos run from beginning to end: rounds every minute under faults, then a calm time in which
 * everything must settle.
 */
import type { Case } from '../../core/model';
import { InvariantChecker } from './checker';
import type { Violation } from './invariants';
import type { Plan } from './happenings';
import type { ResourceRequest } from '../../lambda/custom-resource';
import { answerTo } from '../../lambda/delete-guard';
import { AUTO_SCALING_GROUP, DELIVERY_MS, STACK } from './plan';
import { guardPorts } from './ports';
import { makeRoom } from './standby';
import type { Chaos } from './chaos';
import { ORDINARY_MINUTES, PlayedStage } from './stage';

const MINUTE_MS = 60_000;
const START_MS = 10_000;
const SECOND_STACK_LATER_MS = 30_000;

/** Long enough for a lost lease of the stack, clean rounds, the dwell and the watch window. */
const CALM_MINUTES = 18;

/** What the lab's Scheduler may need to retry a call that is refused now and then. */
const RETRY_MS = 20 * MINUTE_MS;

const DELETION: ResourceRequest = { RequestType: 'Delete', ResponseURL: '', StackId: STACK, RequestId: '', LogicalResourceId: 'Guard' };

export interface RunOptions {
  readonly seed: number;
  /** Wakes the responder once more after each of its runs, and demands that nothing changes. */
  readonly repeats?: boolean;
  /**
   * A sweep that is due may not come: it fires late, or not at all. Milliseconds late, or
   * undefined.
   */
  readonly sweepLateMs?: () => number | undefined;
}

export interface RunResult {
  readonly steps: number;
  readonly calls: number;
  readonly violations: readonly Violation[];
  readonly failures: readonly unknown[];
  readonly stage: PlayedStage;
}

/** Plays the plan. Deterministic: the same plan, chaos and seed give the same steps. */
export async function runChaos(plan: Plan, chaos: Chaos, options: RunOptions): Promise<RunResult> {
  const retryMs = chaos.refuseScheduledRestore === undefined ? DELIVERY_MS : RETRY_MS;
  const stage = new PlayedStage(plan, chaos, options.seed, (made) => new InvariantChecker(made, retryMs));
  for (let minute = -ORDINARY_MINUTES; minute < plan.minutes; minute++) await playMinute(stage, minute, options);
  await calm(stage, options);
  const { steps, calls } = stage.functions;
  const all = stage.all();
  const violations = all.flatMap(({ checker }) => checker.violations);
  return { steps, calls, violations, failures: all.flatMap(({ functions }) => functions.failures), stage };
}

async function playMinute(stage: PlayedStage, minute: number, options: RunOptions): Promise<void> {
  for (const happening of stage.plan.happenings) if (happening.atMinute === minute) happening.happen(stage);
  stage.checkHealth();
  stage.serveUsers();
  const lateMs = options.sweepLateMs === undefined || minute < 0 ? 0 : options.sweepLateMs();
  for (const one of stage.all()) one.gone ||= await leaves(one, minute);
  stage.all().forEach((one, index) => {
    // The second Sickbay is at rest when the first one's wake-up is repeated.
    const atMs = stage.clock.now() + START_MS + index * SECOND_STACK_LATER_MS + (lateMs ?? 0);
    if (lateMs !== undefined && !one.gone) stage.clock.at(atMs, () => one.functions.startSweep());
  });
  await stage.clock.settle(MINUTE_MS / 2);
  if (options.repeats === true && !stage.gone) await repeat(stage);
  await stage.clock.settle(MINUTE_MS / 2);
  for (const { checker } of stage.all()) checker.observe();
}

/** Whether the controller dies in this minute, or its stack is deleted. */
async function leaves(stage: PlayedStage, minute: number): Promise<boolean> {
  const { goneFromMinute = Infinity, deletedFromMinute = Infinity } = stage.plan;
  if (minute >= goneFromMinute) return true;
  return minute >= deletedFromMinute && (await answerTo(guardPorts(stage), DELETION)).Status === 'SUCCESS';
}

/**
 * After the faults: everybody is well, nothing fails, and nothing may be left open, unless the
 * controller is gone for good.
 */
async function calm(stage: PlayedStage, options: RunOptions): Promise<void> {
  for (const one of stage.all()) one.calmDown();
  stage.setKillSwitch('off');
  stage.fleet.allSlow = false;
  stage.fleet.misread.clear();
  stage.fleet.clearPaths();
  for (const one of stage.all()) one.dropDeletedGroups();
  stage.deregisterNobody();
  stage.failingChecks.clear();
  stage.fleet.endCauses();
  for (const id of stage.fleet.sickHosts()) stage.fleet.heal(id);
  for (const id of stage.changedPowerAt.keys()) stage.start(id);
  for (const { records } of stage.all()) records.unreadable = [];
  const settled = { seed: options.seed, repeats: true };
  for (let minute = 0; minute < (stage.plan.calmMinutes ?? CALM_MINUTES) && !isQuiet(stage); minute++) {
    // A person closes the breakers, as soon as a responder can be had.
    for (const one of stage.all()) {
      if (hasBreaker(one)) one.functions.ask({ kind: 'close-breaker', by: 'chaos' });
      makeRoom(one.checker);
    }
    await playMinute(stage, stage.plan.minutes + minute, settled);
  }
  for (const { gone, checker } of stage.all()) if (!gone) checker.settled();
}

function isQuiet(stage: PlayedStage): boolean {
  return stage.all().every(({ checker }) => checker.isQuiet());
}

function hasBreaker({ gone, records }: PlayedStage): boolean {
  return !gone && records.open().some((incident) => isBreaker(incident));
}

/** A failed replacement is the breaker of its service. */
function isBreaker({ about, state, replacement }: Case): boolean {
  return state !== 'closed' && (about === 'breaker' || replacement?.failedAt !== undefined);
}

/** Two wake-ups at the same instant: what the first left, the second must not change. */
async function repeat(stage: PlayedStage): Promise<void> {
  void stage.functions.startRespond();
  await stage.clock.settle(0);
  const before = digest(stage);
  void stage.functions.startRespond();
  await stage.clock.settle(0);
  const after = digest(stage);
  stage.checker.must(before === after, 'repeat-changes-nothing', `before ${before}, after ${after}`);
}

/**
 * What a person would see: registrations, scheduled restores, alerts, and the state of each case.
 */
function digest({ world, records, plan, scheduleGroup }: PlayedStage): string {
  const health = world.elb
    .groupArns()
    .flatMap((arn) => world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions ?? [])
    .map(({ Target, TargetHealth }) => `${Target?.Id} ${TargetHealth?.State}`);
  const names = (world.scheduler.listSchedules({ GroupName: scheduleGroup }).Schedules ?? []).map(({ Name }) => Name);
  const schedules = names.map((Name) => world.scheduler.getSchedule({ GroupName: scheduleGroup, Name }).ScheduleExpression);
  const cases = records.open().map(({ id, state, ejections, outbox }) => `${id} ${state} ${JSON.stringify(ejections)} ${outbox.length}`);
  const members = plan.autoScaling === undefined ? [] : [...world.autoScaling.members(AUTO_SCALING_GROUP)].map((entry) => entry.join(' '));
  return [...health, ...members, ...schedules, `${world.sns.published.length} published`, ...cases].join('; ');
}
