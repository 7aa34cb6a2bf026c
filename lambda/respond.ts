/**
 * The response: due, inspect, diagnose, decide, act, report, alert. The only writer of cases and of
 * the world, one at a time in a stack by a lease that outlives the function's time-out. It reads
 * the rounds itself and never probes; a run that dies is repeated by the next sweep, from the
 * records and the world as they are then.
 */
import { randomUUID } from 'node:crypto';
import { configOf, type Config } from '../core/config';
import { refused, withAlert } from '../core/case-transitions';
import { decide } from '../core/decide/decide';
import type { Decided } from '../core/decide/decision';
import type { Known } from '../core/decide/request';
import type { Case, Decision, Round } from '../core/model';
import { alert } from '../core/report/alert';
import { refusalOf } from '../core/report/refusal';
import { worthTelling } from '../core/report/worth-telling';
import { carryOut } from './act/carry-out';
import type { Authority } from './act/outcome';
import { errorFields } from './aws/log';
import { messagesOf, throwAny } from './failures';
import { RESPONDER_LEASE_S, type OperatorRequest } from './contract';
import { tripBreakers } from './act/breaker';
import { carryOutRequest } from './act/request';
import { accessLogViews, type Asked } from './inspect/access-log-view';
import { withBalancerView } from './inspect/balancer-view';
import { inspectCase } from './inspect/inspect-cases';
import { withTaskLoads } from './capacity/task-loads';
import { decisionMetrics } from './metrics/decision-metrics';
import type { RespondPorts, StackLease } from './ports';
import { deliver } from './alert/deliver';
import { settleClosed } from './respond/settle-closed';
import { openCases } from './respond/open-cases';
import { readRecords, type Records } from './respond/read-records';
import { readSituation } from './respond/read-situation';

export interface RespondSummary {
  readonly outcome: 'nothing due' | 'done' | 'refused' | 'somebody else is responding';
  readonly decisions: readonly Decision[];
  /** The answer to a request, in lines for the person who asked. */
  readonly says?: readonly string[];
  /** What failed after a request was on record: the next sweep tries it again. */
  readonly failures?: readonly string[];
}

/**
 * One run over everything that is due, and an operator's request. @throws when a step failed, after
 * the others were tried. When a request is on record by then, its answer names the failures
 * instead: the person who asked needs both.
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
  await tripBreakers(ports, situation, decisions, failures);
  await settleClosed(ports, failures);
  throwAny(failures, "of the response's steps failed");
  return { outcome: 'done', decisions };
}

// ---------------------------------------------------------------- inspect

/**
 * Inspections run in parallel, each with its reads of CloudWatch, and beside them the one query of
 * the access logs. A failed one is reported as a failure of the run, and the case is decided
 * without it.
 */
async function inspectAll(
  ports: RespondPorts,
  config: Config,
  records: Records,
  cases: readonly Case[],
  failures: unknown[],
): Promise<Case[]> {
  const asked = cases.flatMap((incident): Asked[] => {
    const about = aboutOf(config, records, incident);
    return about === undefined ? [] : [{ incident, about }];
  });
  const logged = accessLogViews(ports, config, asked);
  return Promise.all(
    cases.map(async (incident) => {
      const about = asked.find((one) => one.incident === incident)?.about;
      if (about === undefined) return incident;
      try {
        const inspected = await inspectCase(ports, config, about, await withBalancerView(ports, config, about, incident));
        const looked = await withTaskLoads(ports, about, incident, inspected);
        const accessLog = (await logged).get(incident.id);
        return looked === incident && accessLog === undefined
          ? incident
          : await ports.cases.put({ ...looked, ...(accessLog === undefined ? {} : { accessLog }) });
      } catch (error) {
        ports.log('inspection-failed', { caseId: incident.id, ...errorFields(error) });
        failures.push(error);
        return incident;
      }
    }),
  );
}

/** Undefined where the case is closed, or its group was not read or is not configured. */
function aboutOf(config: Config, records: Records, incident: Case): Asked['about'] | undefined {
  const group = records.groups.find((candidate) => candidate.arn === incident.groupArn);
  const groupConfig = group === undefined ? undefined : configOf(config, group);
  if (incident.state === 'closed' || group === undefined || groupConfig === undefined) return undefined;
  return { group, config: groupConfig, rounds: records.rounds.get(group.arn) ?? [] };
}

// ---------------------------------------------------------------- decide, act, tell

async function actOnAll(authority: Authority, failures: unknown[]): Promise<Decision[]> {
  const taken: Decision[] = [];
  for (const decided of decide(authority.situation)) {
    try {
      taken.push(await actOn(authority, decided));
    } catch (error) {
      authority.ports.log('action-failed', { caseId: decided.incident.id, action: decided.decision.action, ...errorFields(error) });
      failures.push(error);
    }
  }
  return taken;
}

async function actOn(authority: Authority, decided: Decided): Promise<Decision> {
  const { ports, situation } = authority;
  const { incident } = decided;
  const { incident: acted, decision, remarks } = await carryOut(authority, decided);
  decisionMetrics(ports.clock.now(), incident, acted, decision).forEach(ports.metrics);
  const read = situation.groups.find((group) => group.group.arn === incident.groupArn);
  const round = read?.rounds[0];
  const attributes = read === undefined ? {} : { attributes: read.group.attributes };
  const now = ports.clock.now();
  const news = worthTelling(incident, decision, now, situation.closedCases);
  const refusal = news ? refusalOf(now, incident, decision, round) : undefined;
  const noted = refusal === undefined ? acted : refused(acted, refusal);
  const told = news
    ? withAlert(
        { ...noted, decision },
        alert({ now, incident: acted, decision, round, remarks, deployment: ports.deployment, ...attributes }),
      )
    : acted;
  ports.log('decision', { caseId: incident.id, action: decision.action, blocked: decision.blocked, reason: decision.reason });
  const stored = told === incident ? incident : await ports.cases.put(told);
  await deliver(ports, stored);
  return decision;
}
