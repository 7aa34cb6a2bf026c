/**
 * Incidents as the drill recorded them (`npm run drill -- --scene NAME --out DIR`): the case as it
 * stood when it was told first, as it ended, and every round. The instances' names are added.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Case, Round } from '../../../core/model';
import type { AlertInput } from '../../../core/report/alert';

const FOLDER = path.join(__dirname, '..', '..', 'fixtures', 'incidents');

export interface Incident {
  readonly scene: string;
  readonly told: Case | null;
  readonly case: Case;
  /** Newest first. */
  readonly rounds: readonly Round[];
}

export const SCENES: readonly string[] = readdirSync(FOLDER).map((file) => path.basename(file, '.json.gz'));

export function incidentOf(scene: string): Incident {
  return JSON.parse(gunzipSync(readFileSync(path.join(FOLDER, `${scene}.json.gz`))).toString('utf8')) as Incident;
}

const DEPLOYMENT = { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/sickbay/runbook.md' };
const ATTRIBUTES = { 'stickiness.enabled': 'true' };

/** What the first alert of the case was written from: its removal, or its first refusal. */
export function firstAlertOf(scene: string): AlertInput {
  const { told, case: last, rounds } = incidentOf(scene);
  const incident = told ?? last;
  const at = incident.ejections[0]?.intentAt ?? incident.inspectedAt ?? incident.updatedAt;
  const decision = incident.decision?.action === 'eject' ? incident.decision : (incident.removal ?? incident.decision);
  if (decision === undefined) throw new Error(`${scene}: nothing was decided`);
  const round = rounds.find(({ endedAt }) => endedAt <= at);
  return {
    now: incident.ejections[0]?.confirmedAt ?? at,
    incident: { ...incident, outbox: [] },
    decision,
    round,
    remarks: [],
    attributes: ATTRIBUTES,
    deployment: DEPLOYMENT,
  };
}

/** What the end of the case was told from. */
export function lastAlertOf(scene: string): AlertInput | undefined {
  const { case: incident, rounds } = incidentOf(scene);
  const { decision, closedAt } = incident;
  if (decision?.action !== 'close' || closedAt === undefined) return undefined;
  const round = rounds.find(({ endedAt }) => endedAt <= closedAt);
  return { now: closedAt, incident, decision, round, remarks: [], deployment: DEPLOYMENT };
}
