/** What a stop needs to know of the world in the state that it is in, and no more. */
import { isTargetCase, verdictOf } from '../../core/case';
import type { Case, Stop, StopCheck } from '../../core/model';
import { HOLDING_LOOK_MS, type StopWorld } from '../../core/stop/next-step';
import { askAll, candidateOf, reading } from './ask';
import type { StopPorts } from './ports';
import type { Advancing } from './run';

export async function observe(advancing: Advancing, stop: Stop): Promise<StopWorld> {
  const { ports } = advancing;
  if (stop.state === 'proposed') return observeProposal(advancing, stop);
  if (stop.state === 'acting') return executionOf(ports, stop);
  if (stop.state === 'verifying') return { ...(await statusOf(ports, stop)), ...(await recovery(advancing, stop)) };
  return stop.state === 'holding' && isLookDue(stop, ports.clock.now()) ? statusOf(ports, stop) : {};
}

/** Everything that a proposal rests on is asked again while it waits. */
async function observeProposal(advancing: Advancing, stop: Stop): Promise<StopWorld> {
  const world = await executionOf(advancing.ports, stop);
  const waits = world.execution !== undefined && 'value' in world.execution && world.execution.value.state === 'waiting';
  return waits && stop.cancelling === undefined ? { ...world, checks: await checksOf(advancing, stop) } : world;
}

async function checksOf({ ports, config, read }: Advancing, stop: Stop): Promise<readonly StopCheck[]> {
  const incident = read.openCases.filter(isTargetCase).find(({ id }) => id === stop.caseId);
  if (incident === undefined) return [{ check: 'target-serves', passed: false, value: 'its case is closed', limit: 'an open case' }];
  return (await askAll(ports, await candidateOf(ports, config, read, incident, stop))).checks;
}

async function executionOf(ports: StopPorts, { executionId }: Stop): Promise<StopWorld> {
  if (executionId === undefined) return {};
  return { execution: await reading(ports, 'execution', () => ports.executions.read(executionId)) };
}

async function statusOf(ports: StopPorts, { instanceId, caseId }: Stop): Promise<StopWorld> {
  return { status: await reading(ports, 'status', () => ports.hosts.status(instanceId, caseId)) };
}

function isLookDue({ lookedAt, verifiedAt }: Stop, now: number): boolean {
  return now - (lookedAt ?? verifiedAt ?? 0) >= HOLDING_LOOK_MS;
}

/**
 * Whether the target is well again: by the latest round after the stop, and by the responder's
 * check.
 */
async function recovery({ ports, read }: Advancing, stop: Stop): Promise<StopWorld> {
  const actedAt = stop.actedAt ?? ports.clock.now();
  const [round] = await ports.rounds.latest(stop.groupArn, 1);
  const isProbeClean = round !== undefined && round.startedAt > actedAt && verdictOf(round, stop.target)?.verdict === 'clean';
  const incident = await caseOf(ports, read.openCases, stop.caseId, actedAt);
  const causeStatus = incident !== undefined && isTargetCase(incident) ? incident.causeStatus : undefined;
  return { isProbeClean, ...(causeStatus === undefined ? {} : { causeStatus }) };
}

async function caseOf(ports: StopPorts, open: readonly Case[], id: string, since: number): Promise<Case | undefined> {
  const found = open.find((incident) => incident.id === id);
  return found ?? (await ports.cases.closedSince(since)).find((incident) => incident.id === id);
}
