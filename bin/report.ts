import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ReportInput } from '../core/report/html/model';
import { spanOf } from '../core/report/html/model';
import { reportHtml } from '../core/report/html/report';
import { reportMarkdown } from '../core/report/markdown';
import * as clients from '../lambda/aws/clients';
import { roundsBetween } from '../lambda/aws/rounds-between';
import { days, type DaysOptions } from './cases';
import { CommandError, EXIT } from './exit';
import { caseOf } from './explain';
import { finish, operatorCommand, resourceName } from './operator-command';

interface ReportOptions extends DaysOptions {
  /** A file to write; true: print it. */
  readonly html?: string | true;
  readonly md?: string | true;
}

/** `sickbay report CASE|TARGET --html [FILE] | --md [FILE]` */
export function reportCommand(): Command {
  return operatorCommand('report', 'the report of a case as one HTML file that needs nothing else, or as Markdown', 'cases', 'rounds')
    .argument('<case or target>', 'the id of a case, or a target: then its newest case')
    .option('--html [file]', 'as HTML, into this file; without one it is printed')
    .option('--md [file]', 'as Markdown, the same way')
    .option('--days <number>', 'among the open cases and those closed within so many days', days, 30)
    .action((subject: string, options: ReportOptions, command: Command) =>
      finish(command, async () => {
        await write(await inputOf(subject, options), options);
        return EXIT.fine;
      }),
    );
}

/**
 * Rounds are kept for a fortnight: of an older case there is no chart, and none of the stack's own.
 */
async function inputOf(subject: string, options: ReportOptions): Promise<ReportInput> {
  if (options.html === undefined && options.md === undefined)
    throw new CommandError('neither --html nor --md is given: which is it to be?', EXIT.usage);
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
