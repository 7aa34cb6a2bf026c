/** What has to hold at the moment a task is deregistered, registered again, or stopped. */
import { targetKey } from '../../core/model';
import type { Call } from './invocation';
import { judgeBreaker, judgeFloors, judgeHeld, newestRound, sharedCause } from './removal';
import { SLACK_MS, type TargetOfCall } from './read-log';
import type { Checker } from './roles';
import { judgeBegin, type Deregistrations } from './replacement-limits';
import type { Begun, ServiceLogs } from './service-log';
import type { Replacement, TargetCase } from '../../core/model';
import type { TaskRecord } from '../world/ecs-records';

/** What the checker has seen of replacements. */
export interface Seen {
  readonly logs: ServiceLogs;
  readonly begun: readonly Begun[];
  readonly stopped: readonly Begun[];
  readonly wanted: ReadonlySet<string>;
  readonly deregistrations: Deregistrations;
  replacementAt(target: TargetOfCall): Replacement | undefined;
  replacementOf(taskArn: string): Replacement | undefined;
  caseOf(taskArn: string): TargetCase | undefined;
  holderOf(target: Pick<TargetOfCall, 'id' | 'port'>): TaskRecord | undefined;
}

const HOUR_MS = 3_600_000;

/** A service that could not start a task within this time may not start the next one. */
const TROUBLE_MS = 900_000;

export function judgeDeregistration(of: Seen, checker: Checker, call: Call, target: TargetOfCall): void {
  const { stage } = checker;
  const { id, port, groupArn } = target;
  const key = targetKey({ id, port });
  const found = of.replacementAt(target);
  const must = checker.must.bind(checker);
  must(found !== undefined && found.calledOffAt === undefined, 'intent-first', `${key} deregistered without a replacement on record`);
  if (found === undefined) return;
  const since = of.logs.of(call.by).intents(found.taskArn).deregister;
  mayAct(of, checker, call, groupArn, key, since);
  must(of.holderOf(target)?.arn === found.taskArn || of.holderOf(target) === undefined, 'other-holder', `${key} is another task's by now`);
  must(isScheduled(checker, found.scheduleName), 'restore-first', `${key} deregistered, and nothing is scheduled to stop its task`);
  const health = checker.readLogOf(call.by).health.get(groupArn);
  must((health?.step ?? 0) > since, 'fresh-look', `${key} deregistered on an old look at target health`);
  must(health?.frozen !== true, 'frozen', `${key} deregistered during a zonal shift or a mitigation`);
  readsOfService(of, checker, call, found.taskArn, since, key);
  judgeHeld(checker, target);
  judgeBreaker(checker, target);
  judgeFloors(checker, call, target);
  of.deregistrations.judge(checker, found, key);
  if (of.begun.some(({ taskArn }) => taskArn === found.taskArn)) return; // registered again by its service, and deregistered again
  must(health?.states.get(key) === 'healthy', 'fresh-look', `${key} was ${health?.states.get(key)} when last seen`);
  budget(of, checker, key);
  judgeBegin(checker, found, key);
  newestRound(checker, call, { ...found.target, groupArn }, since);
  sharedCause(checker, call, groupArn, id);
  const task = stage.tasks.find(found.taskArn);
  const sickMs = stage.config.durations.staleS * 1000 + SLACK_MS;
  must(task === undefined || stage.fleet.wasSick(task.id, sickMs), 'evidence', `${key} deregistered, and its task was well`);
  const ranMs = stage.clock.now() - (task?.startedAt ?? -Infinity);
  must(ranMs >= stage.config.durations.graceS * 1000 - SLACK_MS, 'evidence', `${key} deregistered ${ranMs} ms after its task came up`);
}

/** Only at an address that still is the task's. */
export function judgeRegistration(of: Seen, checker: Checker, call: Call, target: TargetOfCall): void {
  const key = targetKey(target);
  const found = of.replacementAt(target);
  checker.must(found !== undefined, 'intent-first', `${key} registered without a replacement on record`);
  if (found === undefined) return;
  const holder = of.holderOf(target);
  checker.must(holder === undefined || holder.arn === found.taskArn, 'other-holder', `${key} registered, and it is another task's`);
  checker.must(of.logs.of(call.by).intents(found.taskArn).register < call.number, 'intent-first', `${key} registered without an intent`);
  checker.must(found.givenUpBy === undefined, 'uninvited', `${key} registered, and a person gave it up`);
}

export function judgeStop(of: Seen, checker: Checker, call: Call, taskArn: string): void {
  const found = of.replacementOf(taskArn);
  const must = checker.must.bind(checker);
  must(found?.stopIntentAt !== undefined && found.calledOffAt === undefined, 'intent-first', `${taskArn} stopped without an intent`);
  if (found === undefined) return;
  const groupArn = of.caseOf(taskArn)?.groupArn ?? '';
  const since = of.logs.of(call.by).intents(taskArn).stop;
  const { id, port } = found.target;
  const key = targetKey({ id, port });
  mayAct(of, checker, call, groupArn, taskArn, since);
  readsOfService(of, checker, call, taskArn, since, taskArn);
  const health = checker.readLogOf(call.by).health.get(groupArn);
  must((health?.step ?? 0) > since, 'fresh-look', `${taskArn} stopped on an old look at target health`);
  const state = health?.states.get(key);
  must(state === undefined || state === 'unused', 'drain-first', `${taskArn} stopped while its target was ${state}`);
  must(!of.wanted.has(taskArn) && found.givenUpBy === undefined, 'request-kept', `${taskArn} stopped, and a person asked otherwise`);
  judgeHeld(checker, { groupArn, ...found.target });
  judgeFloors(checker, call, { groupArn, ...found.target });
  const lately = of.stopped.filter(({ taskArn: other, at }) => other !== taskArn && checker.stage.clock.now() - at < HOUR_MS - SLACK_MS);
  must(lately.length === 0, 'budget', `${taskArn} is stop ${lately.length + 1} in its service within an hour`);
}

/** Mode, both tags, the kill switch and the stack's lease. */
function mayAct(of: Seen, checker: Checker, call: Call, groupArn: string, what: string, since: number): void {
  const { stage } = checker;
  const readLog = checker.readLogOf(call.by);
  const tag = of.logs.of(call.by).service?.tags.get('sickbay:enforce');
  const allowed = stage.config.mode === 'enforce' && readLog.tagged.get(groupArn) === true && tag === stage.stack;
  checker.must(allowed, 'mode', `${what}: acted on without authority`);
  checker.must(
    readLog.killSwitch?.value === 'off',
    'kill-switch',
    `${what}: acted on under the kill switch (${readLog.killSwitch?.value})`,
  );
  checker.must((readLog.killSwitch?.step ?? 0) > since, 'kill-switch', `${what}: acted on on an old look at the kill switch`);
  const { lease } = stage.records;
  checker.must(lease !== undefined && lease.holder === readLog.holder, 'one-responder', `${what}: acted on without the stack's lease`);
  checker.must(readLog.unreadable === 0, 'unreadable', `${what}: acted on while ${readLog.unreadable} records could not be read`);
}

/** As the run read it after its intent: at rest, complete, with room for one less, unprotected. */
function readsOfService(of: Seen, checker: Checker, call: Call, taskArn: string, since: number, what: string): void {
  const { service, unprotected, hosts } = of.logs.of(call.by);
  checker.must(service !== undefined && service.step > since, 'fresh-look', `${what}: acted on on an old look at its service`);
  if (service === undefined) return;
  const { running, desired, pending, least, isAtRest, troubleAt } = service;
  checker.must(isAtRest, 'frozen', `${what}: acted on during a deployment`);
  const troubledMs = checker.stage.clock.now() - troubleAt;
  checker.must(troubledMs > TROUBLE_MS - SLACK_MS, 'frozen', `${what}: acted on ${troubledMs} ms after its service could not start a task`);
  const host = hosts.of(taskArn);
  checker.must(host === 'ACTIVE' || host === 'none', 'frozen', `${what}: acted on while its container host was ${host}`);
  checker.must(
    running === desired && pending === 0,
    'frozen',
    `${what}: acted on with ${running} running and ${pending} pending of ${desired}`,
  );
  checker.must(running - 1 >= least, 'service-minimum', `${what}: acted on with ${running} running, ${least} have to`);
  const step = unprotected.get(taskArn) ?? 0;
  checker.must(step > since, 'task-protected', `${what}: acted on, and not known to be unprotected`);
}

function budget(of: Seen, checker: Checker, key: string): void {
  const { stage } = checker;
  const lately = of.begun.filter(({ at }) => stage.clock.now() - at < HOUR_MS - SLACK_MS);
  checker.must(lately.length === 0, 'budget', `${key} is replacement ${lately.length + 1} in its service within an hour`);
}

function isScheduled({ stage }: Checker, name: string): boolean {
  return (stage.world.scheduler.listSchedules({ GroupName: stage.scheduleGroup, NamePrefix: name }).Schedules ?? []).length > 0;
}
