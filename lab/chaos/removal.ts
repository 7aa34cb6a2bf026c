/**
 * What has to hold at the moment a target is taken out. Written without looking at core/decide: the
 * limits are counted here once more.
 */
import { openIntent } from '../../core/case';
import { targetKey, type Round, type Target } from '../../core/model';
import type { Checker } from './roles';
import { scheduledRestoreName } from '../../lambda/act/scheduled-restore-name';
import { floors } from './floors';
import type { Call } from './invocation';
import { SLACK_MS, type TargetOfCall } from './read-log';
import { hostOfKey, hostRead, judgeHolder } from './addresses';
import { judgeStandby } from './standby';

const HOUR_MS = 3_600_000;

export function judgeRemoval(checker: Checker, call: Call, target: TargetOfCall): void {
  authority(checker, call, target);
  order(checker, call, target);
  for (const arn of groupsLeft(checker, call, target)) judgeSurvivors(checker, call, { ...target, groupArn: arn });
  budgets(checker, target);
  judgeHeld(checker, target);
  network(checker, target);
  // As the run read them: a record that somebody leaves while it is under way is the next run's.
  const unread = checker.readLogOf(call.by).unreadable;
  checker.must(unread === 0, 'unreadable', `${target.id} removed while ${unread} records could not be read`);
  judgeHolder(checker, call, target);
  evidence(checker, call, target);
  newestRound(checker, call, target);
  if (call.name === 'EnterStandby') judgeStandby(checker, call, target);
}

/**
 * As long as a Network Load Balancer was seen to connect to a target that is gone, and a minute.
 */
const NETWORK_SETTLES_MS = 180_000;

/** So far apart two functions' clocks may be, and as long a call may take. */
const CLOCKS_MS = 45_000;

/** Behind one: only where the operator said so, and no sooner after what we last did there. */
function network(checker: Checker, { groupArn, id }: TargetOfCall): void {
  const { plan, clock } = checker.stage;
  const group = plan.groups.find((entry) => groupArn.includes(`/${entry.name}/`));
  if (group?.protocol === undefined) return;
  checker.must(group.nlb === 'act', 'network', `${id} removed behind a Network Load Balancer, and nobody said so`);
  const left = checker.removals.filter((removal) => removal.groupArn === groupArn).map(({ at }) => at);
  const back = [...checker.registeredAt].flatMap(([name, at]) => (name.startsWith(`${groupArn}#`) ? [at] : []));
  const sinceMs = clock.now() - Math.max(-Infinity, ...left, ...back);
  checker.must(sinceMs >= NETWORK_SETTLES_MS - CLOCKS_MS, 'network', `${id} removed ${sinceMs} ms after the last change in its group`);
}

/** Standby takes the instance out of every attached target group. */
function groupsLeft(checker: Checker, call: Call, { groupArn }: TargetOfCall): readonly string[] {
  return call.name === 'EnterStandby' ? checker.stage.autoScaling.attachedArns() : [groupArn];
}

function authority(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  const { stage } = checker;
  const readLog = checker.readLogOf(call.by);
  const group = stage.plan.groups.find((entry) => groupArn.includes(`/${entry.name}/`));
  checker.must(stage.config.mode === 'enforce' && readLog.tagged.get(groupArn) === true, 'mode', `${id} removed without authority`);
  const owner = call.name === 'EnterStandby' ? 'asg' : 'static';
  checker.must((group?.owner ?? 'static') === owner, 'owner', `${id} removed as ${owner}, and its owner was declared ${group?.owner}`);
  const host = hostRead(checker, call, { id, port });
  const seen = readLog.inAutoScaling.has(host) ? 'asg' : 'static';
  checker.must(readLog.ownersAsked.has(host) && seen === owner, 'owner', `${id} removed as ${owner}, and its owner is another`);
  checker.must(readLog.killSwitch?.value === 'off', 'kill-switch', `${id} removed under the kill switch (${readLog.killSwitch?.value})`);
  const { lease } = stage.records;
  checker.must(lease !== undefined && lease.holder === readLog.holder, 'one-responder', `${id} removed without the stack's lease`);
  const leftMs = (lease?.untilAt ?? 0) - stage.clock.now();
  checker.must(leftMs > -SLACK_MS, 'one-responder', `${id} removed ${-leftMs} ms after the stack's lease had ended`);
}

function order(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  const { stage } = checker;
  const key = targetKey({ id, port });
  const readLog = checker.readLogOf(call.by);
  const intent = readLog.intents.get(`${groupArn}#${key}`);
  const stored = stage.records
    .open()
    .some((incident) => incident.groupArn === groupArn && incident.target?.id === id && openIntent(incident) !== undefined);
  checker.must(stored && intent !== undefined, 'intent-first', `${key} removed without an intent on record`);
  const backAt = checker.scheduledRestoreAt(groupArn, id, port);
  // Deleted by somebody after the run had seen it, which nobody could know: the next round makes it
  // again.
  const name = scheduledRestoreName(groupArn, { id, port });
  const isLost = stage.lostScheduledRestores.has(name) && (readLog.schedules.get(name) ?? 0) > (intent ?? 0);
  const isScheduled = backAt === undefined ? isLost : backAt > stage.clock.now();
  checker.must(isScheduled, 'restore-first', `${key} removed without a scheduled restore`);
  const health = readLog.health.get(groupArn);
  for (const arn of groupsLeft(checker, call, { groupArn, id, port })) {
    const there = readLog.health.get(arn);
    checker.must((there?.step ?? 0) > (intent ?? 0), 'fresh-look', `${key} removed on an old look at target health`);
    checker.must(there?.frozen !== true, 'frozen', `${key} removed during a zonal shift or a mitigation`);
  }
  checker.must((readLog.killSwitch?.step ?? 0) > (intent ?? 0), 'kill-switch', `${key} removed on an old look at the kill switch`);
  checker.must(health?.states.get(key) === 'healthy', 'fresh-look', `${key} was ${health?.states.get(key)} when last seen`);
}

/**
 * Whether those that stay are enough and carry the load, in one group, by what the run has read of
 * it.
 */
export function judgeSurvivors(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  const { well, healthy } = judgeFloors(checker, call, { groupArn, id, port });
  const behind = (key: string) => hostOfKey(checker.stage, key);
  const use = leastProjected(checker, hostRead(checker, call, { id, port }), well.map(behind), healthy.length / well.length);
  const key = targetKey({ id, port });
  checker.must(use <= 0.7 + 1e-9, 'capacity', `the survivors' pools would be ${Math.round(use * 100)} % full without ${key}`);
}

interface Survivors {
  readonly well: readonly string[];
  readonly healthy: readonly string[];
}

/** Whether those that stay are enough. */
export function judgeFloors(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): Survivors {
  const { stage } = checker;
  const key = targetKey({ id, port });
  const states = checker.readLogOf(call.by).health.get(groupArn)?.states ?? new Map<string, string>();
  // Nobody can know a round that is stored between that reading and the call. Nobody reads one of a
  // group that is measured no more: what was ill then says nothing of now.
  const newest = checker.readLogOf(call.by).rounds.get(groupArn)?.round;
  const youngMs = stage.config.durations.staleS * 1000 + SLACK_MS;
  const verdicts = newest !== undefined && stage.clock.now() - newest.endedAt < youngMs ? newest.verdicts : [];
  const ill = new Set(verdicts.filter(isIll).map((verdict) => withoutZone(verdict.key)));
  const healthy = [...states].filter(([, state]) => state === 'healthy').map(([name]) => name);
  const registered = [...states].filter(([, state]) => state !== 'draining').map(([name]) => name);
  const out = checker.outOf(groupArn).filter((one) => checker.exists(one));
  const ours = out.map((one) => one.key);
  const all = [...new Set([...registered, ...ours])];
  const well = healthy.filter((name) => name !== key && !ill.has(name));
  for (const { where, count, floor } of floors(stage, groupArn, { well, all, registered: registered.filter((name) => name !== key) }))
    checker.must(count >= floor, 'floor', `${count} left in ${where} without ${key}, the floor is ${floor}`);
  return { well, healthy };
}

/**
 * What the fullest survivor would carry, by the inspection of this host's peers that speaks best
 * for the removal, of those that are young enough, and on the load that speaks best for it since:
 * three peers are looked at, and a while before.
 */
function leastProjected(checker: Checker, id: string, survivors: readonly string[], times: number): number {
  const { fleet, config, clock } = checker.stage;
  const withinMs = config.durations.staleS * 1000 + SLACK_MS;
  // Who is behind an address may not be known when its peers are inspected: the first is then one.
  const looks = checker.inspections.filter(
    (look) => (look.sick === id || survivors.includes(look.sick)) && look.at > clock.now() - withinMs,
  );
  const uses = looks
    .map(({ sick, peers }) => [sick, ...peers].filter((host) => survivors.includes(host)))
    .filter((seen) => seen.length > 0)
    .map((seen) => fleet.leastUse(seen, withinMs) * times);
  return Math.min(Infinity, ...uses);
}

/** As the checker names targets; ELB gives those of addresses a zone, which is in their key. */
function withoutZone(key: string): string {
  return key.split(':').slice(0, 2).join(':');
}

function isIll(verdict: { readonly verdict: string }): boolean {
  return verdict.verdict === 'convicted' || verdict.verdict === 'suspect';
}

export function judgeBreaker(checker: Checker, { groupArn, id }: TargetOfCall): void {
  const breakers = checker.stage.records.open().filter((incident) => incident.about === 'breaker' && incident.state !== 'closed');
  const open = breakers.some((incident) => incident.groupArn === groupArn || incident.groupArn === undefined);
  checker.must(!open, 'breaker', `${id} removed although a breaker is open`);
}

function budgets(checker: Checker, { groupArn, id, port }: TargetOfCall): void {
  const { stage } = checker;
  const together = sharing(checker, groupArn);
  judgeBreaker(checker, { groupArn, id, port });
  const size = stage.plan.groups.find((group) => groupArn.includes(`/${group.name}/`))?.hosts.length ?? 0;
  const mine = [...checker.out.values()].filter((entry) => together.has(entry.groupArn));
  // Of another Sickbay what is out of this very group counts: which hosts its other groups have it
  // alone knows.
  const out = [...new Set([...mine, ...checker.outOf(groupArn)])].filter((entry) => checker.exists(entry)).length;
  const most = size < 20 ? 1 : Math.floor(0.2 * size);
  checker.must(out + 1 <= most, 'budget', `${id} removed while ${out} were out, allowed are ${most}`);
  const lately = checker.removals.filter((removal) => stage.clock.now() - removal.at < HOUR_MS - SLACK_MS);
  const here = lately.filter((removal) => together.has(removal.groupArn)).length;
  checker.must(here + 1 <= 2, 'budget', `${id} is removal ${here + 1} in the group within an hour`);
  checker.must(lately.length + 1 <= 3, 'budget', `${id} is removal ${lately.length + 1} in the stack within an hour`);
}

/**
 * What an operator holds stays, from when it is on record. Clocks may be apart: a hold that is
 * nearly over counts as over.
 */
export function judgeHeld(checker: Checker, { groupArn, id }: TargetOfCall): void {
  const { records, clock } = checker.stage;
  const holds = records
    .open()
    .flatMap((incident) => (incident.state !== 'closed' && incident.groupArn === groupArn ? (incident.hold ?? []) : []));
  const mine = holds.filter(({ target, untilAt = Infinity }) => (target?.id ?? id) === id && untilAt - SLACK_MS > clock.now());
  checker.must(mine.length === 0, 'held', `${id} removed although an operator holds it`);
}

/** The groups that have a host in common with this one, directly or over others. */
function sharing(checker: Checker, groupArn: string): Set<string> {
  const groups = checker.stage.plan.groups.map(({ name }) => {
    const arn = arnLike(groupArn, name);
    const out = [...checker.out.values()].filter((entry) => entry.groupArn === arn).map((entry) => entry.key);
    return { arn, hosts: [...checker.stage.registered(arn), ...out] };
  });
  const found = new Set([groupArn]);
  for (let before = 0; before < found.size;) {
    before = found.size;
    const hosts = new Set(groups.filter((group) => found.has(group.arn)).flatMap((group) => group.hosts));
    for (const group of groups) if (group.hosts.some((host) => hosts.has(host))) found.add(group.arn);
  }
  return found;
}

function arnLike(groupArn: string, name: string): string {
  return groupArn.replace(/targetgroup\/[^/]+\//, `targetgroup/${name}/`);
}

function evidence(checker: Checker, call: Call, { groupArn, id, port }: TargetOfCall): void {
  const { stage } = checker;
  const { config, clock, fleet } = stage;
  const name = `${groupArn}#${targetKey({ id, port })}`;
  const endedAt = stage.records.latestRounds(groupArn, 1)[0]?.endedAt ?? 0;
  const ageMs = clock.now() - endedAt;
  checker.must(ageMs < config.durations.staleS * 1000 + SLACK_MS, 'evidence', `${id} removed on a round that ended ${ageMs} ms ago`);
  checker.must(
    fleet.wasSick(hostRead(checker, call, { id, port }), config.durations.staleS * 1000 + SLACK_MS),
    'evidence',
    `${id} removed, and it was well`,
  );
  const registeredMs = clock.now() - (checker.registeredAt.get(name) ?? 0);
  checker.must(registeredMs >= config.durations.graceS * 1000 - SLACK_MS, 'evidence', `${id} removed ${registeredMs} ms after it came`);
  sharedCause(checker, call, groupArn, id);
  checker.must(
    !checker.contested.has(hostRead(checker, call, { id, port })),
    'contested',
    `${id} removed although an operator had put it back`,
  );
}

/**
 * The newest round was read after the intent, still convicts, and is evidence from after the target
 * last moved.
 */
export function newestRound(checker: Checker, call: Call, target: TargetOfCall & Target, intent?: number): void {
  const { groupArn, id } = target;
  const name = `${groupArn}#${targetKey(target)}`;
  const { rounds, intents } = checker.readLogOf(call.by);
  const { step = 0, round } = rounds.get(groupArn) ?? {};
  checker.must(step > (intent ?? intents.get(name) ?? 0), 'fresh-look', `${id} removed on a round that was read before the intent`);
  const verdict = round?.verdicts.find(({ key }) => key === targetKey(target))?.verdict;
  checker.must(verdict === 'convicted', 'evidence', `${id} removed, and the newest round that was read says ${verdict}`);
  const sinceMs = (round?.endedAt ?? 0) - (checker.movedAt.get(name) ?? 0);
  const neededMs = checker.stage.config.durations.evidenceS * 1000;
  checker.must(sinceMs >= neededMs, 'evidence', `${id} removed on ${sinceMs} ms of evidence since it was spared or came back`);
}

/** From here a median is slow: hosts that are well answer in 40 ms. */
const SLOW_MS = 600;

/**
 * By the newest round that was read: one that is stored between that and the call nobody can know.
 */
export function sharedCause(checker: Checker, call: Call, groupArn: string, id: string): void {
  const { round } = checker.readLogOf(call.by).rounds.get(groupArn) ?? {};
  if (round === undefined) return;
  const past = checker.stage.records.latestRounds(groupArn, 20).filter(({ startedAt }) => startedAt < round.startedAt);
  // Of a target that was never seen well the judge cannot tell that it has become slower with the
  // others.
  const ordinary = past.filter(({ fleet }) => fleet === 'none' || fleet === 'suspect' || fleet === 'convicted');
  const known = Object.entries(round.samples).filter(([key]) => ordinary.some((earlier) => wasWell(earlier, key)));
  const slow = known.filter(([, samples]) => isSlow(samples));
  const few = slow.length <= 1 || slow.length <= 0.4 * known.length;
  checker.must(few, 'shared-cause', `${id} removed when ${slow.length} of ${known.length} were measured slow`);
}

function wasWell({ samples, verdicts }: Round, key: string): boolean {
  const measured = samples[key] ?? [];
  // A target that failed was not seen well either: fast errors say nothing about how fast it
  // answers.
  const fast = measured.filter((sample) => typeof sample === 'number' && sample < SLOW_MS);
  return fast.length * 2 > measured.length && verdicts.some((verdict) => verdict.key === key && !verdict.cold);
}

function isSlow(samples: readonly (number | string)[]): boolean {
  return samples.filter((sample) => typeof sample === 'number' && sample >= SLOW_MS).length * 2 > samples.length;
}
