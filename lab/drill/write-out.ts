/** The files that a drill leaves for a person, and for the tests. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Case, Round } from '../../core/model';
import { reportHtml } from '../../core/report/html/report';
import { reportMarkdown } from '../../core/report/markdown';
import { bucketReport } from './bucket-report';
import type { Summary } from './facts';
import type { Played } from './play';
import type { Stage } from './stage';

/** Stands between the alerts of alert.txt. */
export const BETWEEN_ALERTS = `\n${'-'.repeat(80)}\n\n`;

async function writeReports(
  write: (name: string, text: string) => Promise<void>,
  { cloud }: Stage,
  incident: Case,
  rounds: readonly Round[],
): Promise<void> {
  const report = { now: Date.now(), incident, rounds };
  await write('report.html', reportHtml(report));
  await write('report.md', reportMarkdown(report));
  const written = bucketReport(cloud, incident);
  if (written !== undefined) await write('bucket-report.html', written);
}

/**
 * Writes summary.json, case.json, told-case.json, rounds.json, events.json, alert.txt, report.html,
 * report.md, bucket-report.html (what the stack wrote) and calls.jsonl.
 */
export async function writeOut(directory: string, stage: Stage, summary: Summary, played: Played): Promise<void> {
  await mkdir(directory, { recursive: true });
  const alerts = stage.cloud.world.sns.published.map((entry) => `${entry.subject}\n\n${entry.message}\n`);
  const write = (name: string, text: string) => writeFile(path.join(directory, name), text);
  await write('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  await write('case.json', `${JSON.stringify(played.case ?? null, null, 2)}\n`);
  await write('told-case.json', `${JSON.stringify(played.toldCase ?? null, null, 2)}\n`);
  await write('rounds.json', `${JSON.stringify(played.rounds)}\n`);
  if (played.case !== undefined) await writeReports(write, stage, played.case, played.rounds);
  await write('events.json', `${JSON.stringify(stage.cloud.world.eventBus.events)}\n`);
  await write('alert.txt', alerts.join(BETWEEN_ALERTS));
  await write('calls.jsonl', stage.cloud.calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
}
