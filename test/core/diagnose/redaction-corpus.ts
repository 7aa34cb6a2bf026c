import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { HIDDEN } from '../../../core/diagnose/redact';
import { awkPrograms } from '../../../scripts/inspection-script';
import { shownArguments, shownCron, shownLine } from '../../../core/diagnose/redaction/command';

const ROOT = path.join(__dirname, '../../..');
export const CORPUS = path.join(ROOT, 'test/fixtures/redaction/lines.tsv');

export interface CorpusLine {
  readonly kind: string;
  readonly isLeak: boolean;
  readonly secret: string;
  readonly line: string;
}

/** The lines of a corpus; its form is told at its head. */
export function corpus(file = CORPUS): CorpusLine[] {
  const rows = readFileSync(file, 'utf8').split('\n');
  return rows.flatMap((row) => {
    const [kind = '', what = '', secret = '', line = ''] = row.split('\t');
    return row.startsWith('#') || row === '' ? [] : [{ kind, isLeak: what === 'leak', secret, line }];
  });
}

/** What the pipeline tells of the line. */
export function byPipeline({ kind, line }: CorpusLine): string {
  if (kind === 'argv') return shownArguments(line.replaceAll(String.raw`\t`, ' ').split(String.raw`\0`));
  return kind === 'cron' ? shownCron(line, 'root') : shownLine(line);
}

const CALLS = `
{ kind = $1; s = substr($0, length($1) + 2); exact = 0; gsub(/\\\\t/, " ", s); if (kind == "argv") gsub(/\\\\0/, us, s)
  print kind == "argv" ? args(s) : kind == "cron" ? cron(s, "root") : line(s) }`;

/**
 * The awk program of the inspection that redacts, with the names of its source: the corpus calls
 * its functions.
 */
export function hostProgram(): string {
  const program = awkPrograms().get('AWK_REDACTION');
  if (program === undefined) throw new Error('no program AWK_REDACTION');
  return program;
}

/** What the host tells of the lines, hidden values without their numbers. */
export function byHost(lines: readonly CorpusLine[], awk: readonly string[] = ['awk']): string[] {
  const input = lines.map(({ kind, line }) => `${kind}\t${line}\n`).join('');
  const [program = 'awk', ...rest] = awk;
  const run = spawnSync(program, [...rest, '-F', '\t', '-v', 'us=\u001F', `${hostProgram()}\n${CALLS}`], {
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (run.status !== 0) throw new Error(`awk exited with ${run.status}: ${run.stderr}`);
  return run.stdout.trimEnd().split('\n').map(withoutNumbers);
}

export function withoutNumbers(text: string): string {
  return text.replaceAll(/\[hidden(?::\d+)?\]/g, HIDDEN);
}

/** Whether the told text fails the line: it holds the secret, or hides what is harmless. */
export function fails({ isLeak, secret }: CorpusLine, told: string): boolean {
  return isLeak ? told.includes(secret) : told.includes(HIDDEN);
}
