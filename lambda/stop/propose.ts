/** A proposal: on record before its execution is started. One at most in a run. */
import { createHash, randomUUID } from 'node:crypto';
import { isTargetCase } from '../../core/case';
import type { Config } from '../../core/config';
import type { Stop } from '../../core/model';
import { allowedBy } from '../../core/stop/allowed';
import { culpritOf, planOf, type StopCandidate } from '../../core/stop/candidate';
import { failedOf, isRefusedByCapacity } from '../../core/stop/checks';
import { LEASE_MS } from '../../core/stop/next-step';
import { propose } from '../../core/stop/transitions';
import { advance } from './advance';
import { askAll, candidateOf } from './ask';
import { APPROVAL_S } from './contract';
import { deliverStop } from './deliver';
import type { StopPorts } from './ports';
import type { StopRecordsRead } from './run';

/** The first case, by its age, for which everything allows it: one proposal a run. */
export async function proposeOne(ports: StopPorts, config: Config, read: StopRecordsRead): Promise<void> {
  for (const incident of read.openCases.filter(isTargetCase).sort((a, b) => a.openedAt - b.openedAt)) {
    if (culpritOf(incident) === undefined) continue;
    const { candidate, checks } = await askAll(ports, await candidateOf(ports, config, read, incident));
    const failed = failedOf(checks);
    if (failed.length === 0) return begin(ports, config, read, candidate);
    if (candidate.allow.length > 0) ports.log('stop-not-proposed', { caseId: incident.id, failed });
  }
}

/**
 * On record first: a run that dies here leaves a proposal that the next one starts, or lets expire.
 */
async function begin(ports: StopPorts, config: Config, read: StopRecordsRead, candidate: StopCandidate): Promise<void> {
  const { incident, round, allow, now } = candidate;
  const plan = planOf(candidate);
  const culprit = culpritOf(incident);
  const entry = plan === undefined ? undefined : allowedBy(allow, plan);
  if (plan === undefined || culprit === undefined || entry === undefined) throw new Error(`case ${incident.id}: a proposal without a plan`);
  const number =
    1 + Math.max(0, ...read.stops.filter(({ caseId }) => caseId === incident.id).map(({ id }) => Number(id.split('/').at(-1)) || 0));
  const stop = propose(
    {
      now,
      number,
      clientToken: randomUUID(),
      undoSchedule: undoScheduleName(`${incident.id}/stop/${number}`),
      approvalMs: APPROVAL_S * 1000,
      leaseMs: LEASE_MS,
    },
    {
      caseId: incident.id,
      groupArn: incident.groupArn,
      target: incident.target,
      instanceId: incident.target.id,
      plan,
      culprit,
      allowKill: entry.allowKill && plan.writing.length === 0,
      ...(isRefusedByCapacity(incident, round) ? { inService: true as const } : {}),
    },
  );
  let current = await ports.stops.put(stop);
  const keep = (stored: Stop) => {
    current = stored;
  };
  await advance({ ports, config, read, keep }, current);
  await deliverStop(ports, current, keep);
}

/** Names take 64 characters (CreateSchedule, API reference). */
function undoScheduleName(stopId: string): string {
  return `sickbay-stop-${createHash('sha256').update(stopId).digest('hex').slice(0, 40)}`;
}
