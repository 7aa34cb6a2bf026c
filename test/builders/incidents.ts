/**
 * Incidents as the drill recorded them (`npm run drill -- --scene NAME --out DIR`): the case as it
 * stood when it was told first, as it ended, and every round. `npm run incidents` makes the files.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Case, Decision, Round } from '../../core/model';
import type { AlertInput } from '../../core/report/alert';

const FOLDER = path.join(__dirname, '..', 'fixtures', 'incidents');

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

/** The scene `flapping`: the third removal within the hour, which the limit refuses. */
export function flappingAlert(): AlertInput {
  const { incident, decision, ...input } = firstAlertOf('asg');
  const guardrails = decision.guardrails.map((check) =>
    check.guardrail === 'budget-group-hour' ? { ...check, value: '2 removed in the last hour', passed: false } : check,
  );
  const blocked = ['budget-group-hour'] as const;
  const asked: Decision = { ...decision, action: 'page', blocked, guardrails, opensBreaker: 'group' };
  return { ...input, incident: { ...incident, state: 'watching' }, decision: asked };
}

/** Every alert that has a file, by the file's name. */
export function alertsWithFiles(): (readonly [name: string, input: AlertInput])[] {
  const recorded = SCENES.flatMap((scene) => {
    const last = lastAlertOf(scene);
    return [[scene, firstAlertOf(scene)] as const, ...(last === undefined ? [] : [[`${scene}-end`, last] as const])];
  });
  const observed = firstAlertOf('asg');
  const observing = { ...observed, incident: { ...observed.incident, ejections: [], state: 'suspected' as const } };
  const wished: Decision = { ...observed.decision, action: 'keep', blocked: ['mode-observe'] };
  return [...recorded, ['flapping', flappingAlert()], ['observe-mode', { ...observing, decision: wished }]];
}

/** What the end of the case was told from. */
export function lastAlertOf(scene: string): AlertInput | undefined {
  const { case: incident, rounds } = incidentOf(scene);
  const { decision, closedAt } = incident;
  if (decision?.action !== 'close' || closedAt === undefined) return undefined;
  const round = rounds.find(({ endedAt }) => endedAt <= closedAt);
  return { now: closedAt, incident, decision, round, remarks: [], deployment: DEPLOYMENT };
}
