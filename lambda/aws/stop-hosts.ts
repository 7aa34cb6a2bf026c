/**
 * The two documents that the function that stops may run, over SSM Run Command: `plan`, which reads
 * a host, and `undo`, which gives back what starts a job (lambda/stop/documents.ts). One host, one
 * bounded wait; a host that does not answer is an error.
 */
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../ports';
import type { PlanParameters, UndoParameters } from '../stop/contract';
import { parsePlan, parseStatus, parseUndo } from '../stop/parse';
import type { StopHosts } from '../stop/ports';
import { log } from './log';
import { inspectWith } from './run-command';

export interface StopDocuments {
  readonly plan: string;
  readonly undo: string;
}

/** The name carries the content's hash: there is one version of each. */
const VERSION = '1';
const PLAN_WAIT_MS = 45_000;
const UNDO_WAIT_MS = 75_000;

export function stopHosts(client: SSMClient, documents: StopDocuments, clock: Clock): StopHosts {
  const inspector = { client, clock, log };
  const run = async (
    instanceId: string,
    document: string,
    parameters: PlanParameters | UndoParameters,
    waitMs: number,
  ): Promise<string> => {
    const given = Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, [String(value)]]));
    const [capture] = await inspectWith(inspector, { document, version: VERSION, parameters: given }, [instanceId], waitMs);
    if (capture === undefined) throw new Error(`${instanceId}: no answer`);
    if ('notInspectable' in capture) throw new Error(`${instanceId}: ${capture.notInspectable}`);
    return capture.stdout;
  };
  return {
    plan: async (instanceId, caseId, pid) =>
      parsePlan(await run(instanceId, documents.plan, { ask: 'plan', caseId, pid: String(pid) }, PLAN_WAIT_MS)),
    status: async (instanceId, caseId) =>
      parseStatus(await run(instanceId, documents.plan, { ask: 'status', caseId, pid: '0' }, PLAN_WAIT_MS)),
    undo: async (instanceId, caseId) => parseUndo(await run(instanceId, documents.undo, { caseId }, UNDO_WAIT_MS)),
  };
}
