/** `sickbay report`: what is read and written. Loaded when it runs. */
import { writeFile } from 'node:fs/promises';
import type { ReportInput } from '../../core/report/html/model';
import { spanOf } from '../../core/report/html/model';
import { reportHtml } from '../../core/report/html/report';
import { reportMarkdown } from '../../core/report/markdown';
import * as clients from '../../lambda/aws/clients';
import { roundsBetween } from '../../lambda/aws/rounds-between';
import type { DaysOptions } from '../cases';
import { CommandError, EXIT } from '../exit';
import { caseOf } from '../explain';
import { resourceName } from '../operator-command';
import { checkOutputFile } from '../output-file';

export interface ReportOptions extends DaysOptions {
  /** A file to write; true: print it. */
  readonly html?: string | true;
  readonly md?: string | true;
}

export async function runReport(subject: string, options: ReportOptions): Promise<number> {
  if (typeof options.html === 'string') checkOutputFile('--html', options.html);
  if (typeof options.md === 'string') checkOutputFile('--md', options.md);
  await write(await inputOf(subject, options), options);
  return EXIT.fine;
}

/**
 * Rounds are kept for a fortnight: of an older case there is no chart, and none of the stack's own.
 */
async function inputOf(subject: string, options: ReportOptions): Promise<ReportInput> {
  if (options.html === undefined && options.md === undefined)
    throw new CommandError('no format; allowed: --html FILE, --md FILE or both', EXIT.usage);
  const now = Date.now();
  const incident = await caseOf(subject, options);
  const { groupArn } = incident;
  const span = spanOf(incident, now);
  const rounds = groupArn === undefined ? [] : await roundsBetween(clients.dynamo(), await resourceName('rounds', options), groupArn, span);
  return { now, incident, rounds };
}

async function write(input: ReportInput, { html, md }: ReportOptions): Promise<void> {
  if (html !== undefined) await put(html, reportHtml(input));
  if (md !== undefined) await put(md, reportMarkdown(input));
}

async function put(file: string | true, text: string): Promise<void> {
  if (file === true) process.stdout.write(text);
  else await writeFile(file, text);
}
