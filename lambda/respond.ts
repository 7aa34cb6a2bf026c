/**
 * The response: due, inspect, diagnose, decide, act, report, alert. The only writer of cases and of
 * the world, one at a time in a stack by a lease that outlives the function's time-out. It reads
 * the rounds itself and never probes; a run that dies is repeated by the next sweep, from the
 * records and the world as they are then.
 */
import { createHash, randomUUID } from 'node:crypto';
import { configOf, type Config } from '../core/config';
import { openCase, refused, sent, unsent, withAlert } from '../core/case-transitions';
import { isOut, isTargetCase } from '../core/case';
import { WHOLE_STACK } from '../core/decide/breaker';
import { decide } from '../core/decide/decide';
import type { GroupSituation, Situation } from '../core/decide/situation';
import type { Known } from '../core/decide/request';
import { due, type Due } from '../core/due';
import {
  isInstanceId,
  targetKey,
  type Case,
  type LbTarget,
  type Decision,
  type ListedGroup,
  type Round,
  type TargetGroup,
} from '../core/model';
import { alert } from '../core/report/alert';
import { refusalOf } from '../core/report/refusal';
import { worthTelling } from '../core/report/worth-telling';
import { carryOut, type Authority } from './act/carry-out';
import { mapLimit } from './map-limit';
import { errorFields } from './aws/log';
import { messagesOf, readable, throwAny } from './failures';
import { RESPONDER_LEASE_S, type OperatorRequest } from './contract';
import { openBreakers } from './act/breaker';
import { carryOutRequest } from './act/request';
import { HISTORY_ROUNDS } from './discover/survey';
import { withBalancerView } from './inspect/balancer-view';
import { inspectCase } from './inspect/inspect-cases';
import { decisionMetrics } from './metrics/decision-metrics';
import type { RespondPorts, StackLease } from './ports';

/**
 * Ejections count against the hourly budgets, and against a target for six hours (docs/safety.md).
 */
const REMEMBERED_MS = 6 * 3_600_000;

export interface RespondSummary {
  readonly outcome: 'nothing due' | 'done' | 'refused' | 'somebody else is responding';
  readonly decisions: readonly Decision[];
  /** The answer to a request, in lines for the person who asked. */
  readonly says?: readonly string[];
  /** What failed after a request was on record: the next sweep tries it again. */
  readonly failures?: readonly string[];
}

/**
 * One run over everything that is due, and an operator's request. @throws when anything failed,
 * after the rest was still tried; a request that is on record by then is answered with the failures
 * instead, for the person who asked has to hear both.
 */
export async function respond(ports: RespondPorts, config: Config, request?: OperatorRequest): Promise<RespondSummary> {
  const now = ports.clock.now();
  const lease = await ports.lease.acquire(randomUUID(), now, now + RESPONDER_LEASE_S * 1000);
  if (lease === undefined) return { outcome: 'somebody else is responding', decisions: [] };
  const work = await respondAlone(ports, config, lease, request).then(
    (summary) => ({ summary }),
    (error: unknown) => ({ error }),
  );
  await ports.lease.release(lease);
  if ('error' in work) throw work.error;
  return work.summary;
}

async function respondAlone(
  ports: RespondPorts,
  config: Config,
  lease: StackLease,
  request: OperatorRequest | undefined,
): Promise<RespondSummary> {
  const records = await readRecords(ports, config);
  if (request === undefined) return respondTo(ports, config, lease, records);
  const answer = await carryOutRequest(ports, knownOf(ports, records), request);
  const { summary } = answer;
  if (!answer.granted) return { outcome: 'refused', decisions: [], says: summary };
  try {
    return { ...(await respondTo(ports, config, lease, await readRecords(ports, config))), says: summary };
  } catch (error) {
    ports.log('failed-after-a-request', errorFields(error));
    return { outcome: 'done', decisions: [], says: summary, failures: messagesOf(error) };
  }
}

function knownOf(ports: RespondPorts, { rounds, openCases }: Records): Known {
  const now = ports.clock.now();
  const targets = (seen: readonly Round[]) => (seen[0]?.lbView ?? []).map((entry) => entry.target);
  const groups = new Map([...rounds].map(([arn, seen]) => [arn, targets(seen)]));
  return { now, stamp: new Date(now).toISOString(), openCases, groups };
}

async function respondTo(ports: RespondPorts, config: Config, lease: StackLease, records: Records): Promise<RespondSummary> {
  const { work } = records;
  if (work.length === 0) return { outcome: 'nothing due', decisions: [] };
  const failures: unknown[] = [];
  const opened = await openCases(ports, records, work);
  const inspected = await inspectAll(ports, config, records, [...records.openCases, ...opened], failures);
  const situation = await readSituation(ports, config, records, inspected, failures);
  const decisions = await actOnAll({ ports, config, lease, situation }, failures);
  await openBreakers(ports, situation, decisions, failures);
  await settleClosed(ports, failures);
  throwAny(failures, "of the response's steps failed");
  return { outcome: 'done', decisions };
}

// ---------------------------------------------------------------- read

interface Records {
  /**
   * Every group that is configured and that something may be due in; only these are read in full.
   */
  readonly groups: readonly TargetGroup[];
  /** ARNs of every group that is configured, existing or not. */
  readonly configured: ReadonlySet<string>;
  /** Of those, and of the groups of open cases: the ones that do not exist any more. */
  readonly gone: readonly string[];
  /** Of every group that is configured. */
  readonly rounds: ReadonlyMap<string, readonly Round[]>;
  readonly openCases: readonly Case[];
  readonly closedCases: readonly Case[];
  readonly work: readonly Due[];
}

/** DynamoDB has no limit that matters here; the SDK has 50 sockets. */
const READS_AT_ONCE = 50;

/**
 * Of each group the two latest rounds, which say whether anything is due; the long memory and ELB's
 * word only where something is.
 */
async function readRecords(ports: RespondPorts, config: Config): Promise<Records> {
  const [listed, openCases, closedCases] = await Promise.all([
    ports.loadBalancing.groups(config),
    ports.cases.open(),
    ports.cases.closedSince(ports.clock.now() - REMEMBERED_MS),
  ]);
  const roundsOf = async (groups: readonly ListedGroup[], limit: number): Promise<ReadonlyMap<string, readonly Round[]>> =>
    new Map(await mapLimit(READS_AT_ONCE, groups, async ({ arn }) => [arn, await ports.rounds.latest(arn, limit)] as const));
  const configured = new Set([...listed.map(({ arn }) => arn), ...namedIn(config)]);
  const [recent, gone] = await Promise.all([roundsOf(listed, 2), goneOf(ports, listed, configured, openCases)]);
  const missing = gone.filter((arn) => configured.has(arn));
  const work = due({ now: ports.clock.now(), staleMs: config.durations.staleS * 1000, rounds: recent, openCases, missing });
  const arns = new Set([...openCases, ...work.filter((item) => item.kind !== 'case')].map((item) => item.groupArn));
  const concerned = listed.filter((group) => arns.has(group.arn));
  const [groups, histories] = await Promise.all([ports.loadBalancing.describe(concerned), roundsOf(concerned, HISTORY_ROUNDS)]);
  return { groups, configured, gone, openCases, closedCases, work, rounds: new Map([...recent, ...histories]) };
}

function namedIn(config: Config): string[] {
  return config.targetGroups.flatMap(({ arn }) => arn ?? []);
}

/**
 * What the listing lacks is asked for once more, by itself: a page may miss a group, and what is
 * told as deleted must be.
 */
async function goneOf(
  ports: RespondPorts,
  listed: readonly ListedGroup[],
  configured: ReadonlySet<string>,
  openNow: readonly Case[],
): Promise<string[]> {
  const there = new Set(listed.map(({ arn }) => arn));
  const asked = new Set(
    [...openNow.map((incident) => incident.groupArn), ...configured].filter((arn) => arn !== WHOLE_STACK && !there.has(arn)),
  );
  return asked.size === 0 ? [] : ports.loadBalancing.missing([...asked]);
}

/** The world as it is now, for the groups that have an open case. */
async function readSituation(
  ports: RespondPorts,
  config: Config,
  records: Records,
  openNow: readonly Case[],
  failures: unknown[],
): Promise<Situation> {
  const concerned = records.groups.filter((group) => openNow.some((incident) => incident.groupArn === group.arn));
  const [killSwitch, instanceStates, dropped, groups] = await Promise.all([
    ports.killSwitch.read(),
    statesOf(ports, openNow),
    droppedGroups(ports, records, openNow, failures),
    Promise.all(
      concerned.map((group) =>
        readable(ports.log, failures, { groupArn: group.arn }, () => groupSituation(ports, config, records, group, openNow)),
      ),
    ),
  ]);
  const read = groups.flatMap((group) => group ?? []);
  return {
    now: ports.clock.now(),
    config,
    killSwitch,
    instanceStates,
    groups: read,
    unread: unreadIn(records, openNow, read),
    gone: records.gone,
    dropped,
    hosts: new Map([...records.rounds].map(([arn, rounds]) => [arn, hostsOf(rounds)])),
    latest: new Map([...records.rounds].flatMap(([arn, [round]]) => (round === undefined ? [] : [[arn, round] as const]))),
    openCases: openNow.filter((incident) => incident.state !== 'closed'),
    closedCases: allClosed(records),
  };
}

/** Target health of groups that are no longer configured: whether what is out there is back. */
async function droppedGroups(
  ports: RespondPorts,
  { configured, gone }: Records,
  openNow: readonly Case[],
  failures: unknown[],
): Promise<ReadonlyMap<string, readonly LbTarget[]>> {
  const arns = new Set(openNow.filter((incident) => isTargetCase(incident) && isOut(incident)).map((incident) => incident.groupArn));
  const dropped = [...arns].filter((arn) => !configured.has(arn) && !gone.includes(arn));
  const read = await Promise.all(
    dropped.map(
      async (arn) => [arn, await readable(ports.log, failures, { groupArn: arn }, () => ports.loadBalancing.health(arn))] as const,
    ),
  );
  return new Map(read.flatMap(([arn, view]) => (view === undefined ? [] : [[arn, view] as const])));
}

/**
 * Groups of open cases that are configured and were not read: listed and deleted since, failed, or
 * not found for a reason that ELB did not say.
 */
function unreadIn({ configured, gone }: Records, openNow: readonly Case[], read: readonly GroupSituation[]): string[] {
  const arns = new Set(openNow.map((incident) => incident.groupArn));
  return [...arns].filter((arn) => configured.has(arn) && !gone.includes(arn) && !read.some(({ group }) => group.arn === arn));
}

/**
 * Of the instances that are out. What EC2 does not tell, nothing rests on: a restore finds out for
 * itself.
 */
async function statesOf(ports: RespondPorts, openNow: readonly Case[]): Promise<ReadonlyMap<string, string>> {
  const out = openNow.filter(isTargetCase).filter(isOut);
  const ids = [...new Set(out.map(({ target }) => target.id))].filter(isInstanceId);
  if (ids.length === 0) return new Map();
  try {
    return await ports.instanceStates.of(ids);
  } catch (error) {
    ports.log('instance-states-unread', { ids, ...errorFields(error) });
    return new Map();
  }
}

/**
 * Over all remembered rounds: a look that came back empty must not make groups that share hosts
 * look apart.
 */
function hostsOf(rounds: readonly Round[]): string[] {
  return [...new Set(rounds.flatMap((round) => round.lbView.map((entry) => entry.target.id)))];
}

/** The archive, and what is closed and not archived yet: its ejections count all the same. */
function allClosed({ openCases: open, closedCases }: Records): Case[] {
  const waiting = open.filter((incident) => incident.state === 'closed' && !closedCases.some((archived) => archived.id === incident.id));
  return [...closedCases, ...waiting];
}

async function groupSituation(
  ports: RespondPorts,
  config: Config,
  records: Records,
  group: TargetGroup,
  openNow: readonly Case[],
): Promise<GroupSituation | undefined> {
  const groupConfig = configOf(config, group);
  if (groupConfig === undefined) return undefined;
  const targets = openNow
    .filter(isTargetCase)
    .filter((incident) => incident.groupArn === group.arn)
    .map((incident) => incident.target);
  const [lbView, owners] = await Promise.all([ports.loadBalancing.health(group.arn), ports.owners.observe(group, targets)]);
  return { group, config: groupConfig, rounds: records.rounds.get(group.arn) ?? [], lbView, owners };
}

// ---------------------------------------------------------------- open, inspect

/**
 * A case for each conviction and each troubled group that has none: on record before anything else
 * happens.
 */
async function openCases(ports: RespondPorts, records: Records, work: readonly Due[]): Promise<Case[]> {
  const opened: Case[] = [];
  for (const item of work) {
    if (item.kind === 'case') continue;
    const now = ports.clock.now();
    const round = records.rounds.get(item.groupArn)?.[0];
    const common = { now, groupArn: item.groupArn, id: caseId(item, round?.startedAt ?? now) };
    const address = item.kind === 'conviction' ? round?.addresses[targetKey(item.target)] : undefined;
    const incident =
      item.kind === 'conviction'
        ? openCase({
            ...common,
            about: 'target',
            target: item.target,
            conviction: item.verdict,
            summary: item.verdict.says,
            ...(address === undefined ? {} : { address }),
          })
        : openCase({ ...common, about: item.about, summary: item.summary });
    opened.push(await ports.cases.put(incident));
  }
  return opened;
}

/**
 * What a round says of a target or a group opens one case, whoever opens it and how often: the
 * second writer is refused by the records.
 */
function caseId(item: Exclude<Due, { readonly kind: 'case' }>, roundAt: number): string {
  const subject = item.kind === 'conviction' ? targetKey(item.target) : item.about;
  const hash = createHash('sha256').update(`${item.groupArn}#${subject}`).digest('hex').slice(0, 8);
  return `${new Date(roundAt).toISOString()}-${hash}`;
}

/**
 * Inspections run side by side, each beside what CloudWatch says. One that fails is told as a
 * failure of the run, and the case goes on without it.
 */
async function inspectAll(
  ports: RespondPorts,
  config: Config,
  records: Records,
  cases: readonly Case[],
  failures: unknown[],
): Promise<Case[]> {
  return Promise.all(
    cases.map(async (incident) => {
      const group = records.groups.find((candidate) => candidate.arn === incident.groupArn);
      const groupConfig = group === undefined ? undefined : configOf(config, group);
      if (incident.state === 'closed' || group === undefined || groupConfig === undefined) return incident;
      try {
        const about = { group, config: groupConfig, rounds: records.rounds.get(group.arn) ?? [] };
        const looked = await inspectCase(ports, config, about, await withBalancerView(ports, config, about, incident));
        return looked === incident ? incident : await ports.cases.put(looked);
      } catch (error) {
        ports.log('inspection-failed', { caseId: incident.id, ...errorFields(error) });
        failures.push(error);
        return incident;
      }
    }),
  );
}

// ---------------------------------------------------------------- decide, act, tell

async function actOnAll(authority: Authority, failures: unknown[]): Promise<Decision[]> {
  const taken: Decision[] = [];
  for (const decision of decide(authority.situation)) {
    const incident = authority.situation.openCases.find((candidate) => candidate.id === decision.caseId);
    if (incident === undefined) continue;
    try {
      taken.push(await actOn(authority, incident, decision));
    } catch (error) {
      authority.ports.log('action-failed', { caseId: incident.id, action: decision.action, ...errorFields(error) });
      failures.push(error);
    }
  }
  return taken;
}

async function actOn(authority: Authority, incident: Case, decided: Decision): Promise<Decision> {
  const { ports, situation } = authority;
  const { incident: acted, decision, remarks } = await carryOut(authority, incident, decided);
  decisionMetrics(ports.clock.now(), incident, acted, decision).forEach(ports.metrics);
  const read = situation.groups.find((group) => group.group.arn === incident.groupArn);
  const round = read?.rounds[0];
  const attributes = read === undefined ? {} : { attributes: read.group.attributes };
  const now = ports.clock.now();
  const news = worthTelling(incident, decision, now);
  const refusal = news ? refusalOf(now, incident, decision, round) : undefined;
  const noted = refusal === undefined ? acted : refused(acted, refusal);
  const told = news ? withAlert({ ...noted, decision }, alert({ now, incident: acted, decision, round, remarks, ...attributes })) : acted;
  ports.log('decision', { caseId: incident.id, action: decision.action, blocked: decision.blocked, reason: decision.reason });
  const stored = told === incident ? incident : await ports.cases.put(told);
  await deliver(ports, stored);
  return decision;
}

/**
 * At least once: an alert is on record before it is sent, and marked as sent after the topic took
 * it.
 */
async function deliver(ports: RespondPorts, incident: Case): Promise<Case> {
  let current = incident;
  for (const entry of unsent(incident)) {
    await ports.topic.publish(entry, { caseId: incident.id, groupArn: incident.groupArn });
    current = await ports.cases.put(sent(current, entry.id, ports.clock.now()));
  }
  return current;
}

/** Closed cases whose alerts are out go to the archive: copied first, dropped second. */
async function settleClosed(ports: RespondPorts, failures: unknown[]): Promise<void> {
  for (const incident of (await ports.cases.open()).filter((candidate) => candidate.state === 'closed')) {
    try {
      const told = await deliver(ports, incident);
      await ports.cases.archive(told);
      await ports.cases.drop(told);
    } catch (error) {
      ports.log('archiving-failed', { caseId: incident.id, ...errorFields(error) });
      failures.push(error);
    }
  }
}
