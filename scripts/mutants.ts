/**
 * Mutants: every expression of the code that may remove capacity is changed in turn, and a fast
 * test has to fail. What survives is a guard without a test, or is explained in test/mutants.json.
 * StrykerJS makes the mutants (stryker.config.json) and plays them by scripts/mutants-runner.mjs.
 *
 *     npm run mutants -- [--mutate core/decide/hold.ts[,MORE]] [--json]
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';

const ROOT = path.join(__dirname, '..');
const EXIT = { fine: 0, survivors: 1, usage: 2, failed: 3 } as const;

interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The parts of Stryker's report (mutation-testing-report-schema) that are read here. */
interface StrykerReport {
  readonly files: Readonly<Record<string, FileReport>>;
}

interface FileReport {
  readonly source: string;
  readonly mutants: readonly {
    readonly status: string;
    readonly mutatorName: string;
    readonly replacement?: string;
    readonly location: { readonly start: SourcePosition; readonly end: SourcePosition };
  }[];
}

/** A mutant that is known to survive, by what its line says: line numbers move. */
export interface Explained {
  readonly file: string;
  readonly line: string;
  readonly becomes: string;
  /** One of the kinds that docs/safety.md tells. */
  readonly why: string;
  /** Why it is of this kind, where that is more than the kind itself says. */
  readonly because?: string;
}

export interface Survivor {
  readonly file: string;
  readonly at: number;
  readonly line: string;
  readonly was: string;
  readonly becomes: string;
  readonly why?: string;
}

export interface Mutants {
  readonly mutants: number;
  readonly killed: number;
  /** Killed because the tests did not end in time. */
  readonly timedOut: number;
  /** Neither killed nor survived: the code or the tests with it broke the runner. */
  readonly notPlayed: number;
  readonly survivors: readonly Survivor[];
  /** Explanations of survivors that are none any more: killed, or their line has changed. */
  readonly unused: readonly Explained[];
  readonly byFile: Readonly<Record<string, OfFile>>;
}

interface OfFile {
  readonly mutants: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly explained: number;
}

const PLAYED = ['Killed', 'Survived', 'NoCoverage', 'Timeout'];

/** What the report says; a survivor has a reason where one is known. */
export function summed(report: StrykerReport, known: readonly Explained[]): Mutants {
  const all = Object.entries(report.files).flatMap(([file, { source, mutants }]) => playedIn(file, source.split('\n'), mutants, known));
  const survivors = all.flatMap(({ status, ...mutant }) => (survives(status) ? [mutant] : []));
  const files = [...new Set(all.map(({ file }) => file))].sort((a, b) => a.localeCompare(b));
  return {
    mutants: all.length,
    killed: all.length - survivors.length,
    timedOut: all.filter(({ status }) => status === 'Timeout').length,
    notPlayed: Object.values(report.files).flatMap(({ mutants }) => mutants.filter(({ status }) => !PLAYED.includes(status))).length,
    survivors,
    unused: known.filter((one) => one.file in report.files && !survivors.some((survivor) => isOf(one, survivor))),
    byFile: Object.fromEntries(files.map((file) => [file, ofFile(all.filter((one) => one.file === file))])),
  };
}

interface Played extends Survivor {
  readonly status: string;
}

function playedIn(file: string, lines: readonly string[], mutants: FileReport['mutants'], known: readonly Explained[]): Played[] {
  const played = mutants.filter(({ status }) => PLAYED.includes(status));
  return played.map(({ status, replacement = '', location: { start, end } }) => {
    const line = (lines[start.line - 1] ?? '').trim();
    const becomes = replacement.replace(/\s+/g, ' ');
    const why = known.find((one) => isOf(one, { file, line, becomes }))?.why;
    return { file, at: start.line, line, was: between(lines, start, end), becomes, status, ...(why === undefined ? {} : { why }) };
  });
}

function isOf(one: Explained, { file, line, becomes }: Pick<Survivor, 'file' | 'line' | 'becomes'>): boolean {
  return one.file === file && one.line === line && one.becomes === becomes;
}

function survives(status: string): boolean {
  return status === 'Survived' || status === 'NoCoverage';
}

function ofFile(mutants: readonly Played[]): OfFile {
  const mine = mutants.filter(({ status }) => survives(status));
  return {
    mutants: mutants.length,
    timedOut: mutants.filter(({ status }) => status === 'Timeout').length,
    survived: mine.length,
    explained: mine.filter((one) => 'why' in one).length,
  };
}

function between(lines: readonly string[], start: SourcePosition, end: SourcePosition): string {
  const first = lines[start.line - 1] ?? '';
  if (start.line === end.line) return first.slice(start.column - 1, end.column - 1);
  return `${first.slice(start.column - 1)} …`;
}

function printed({ mutants, killed, timedOut, notPlayed, survivors, unused, byFile }: Mutants): string {
  const unexplained = survivors.filter(({ why }) => why === undefined);
  return [
    ...Object.entries(byFile).map(
      ([file, one]) =>
        `${file}: ${one.mutants - one.survived} of ${one.mutants} killed, ${one.timedOut} by time-out, ${one.survived} survived, ${one.explained} explained`,
    ),
    ...unexplained.map(({ file, at, line, was, becomes }) => `SURVIVED ${file}:${at}: ${was} -> ${becomes}\n    ${line}`),
    ...unused.map(({ file, line, becomes }) => `EXPLAINED IN VAIN ${file}: ${line} -> ${becomes}`),
    `${killed} of ${mutants} mutants killed (${((100 * killed) / Math.max(1, mutants)).toFixed(1)} %, ${timedOut} by time-out), ` +
      `${survivors.length - unexplained.length} survivors explained, ${unexplained.length} not, ${notPlayed} not played`,
  ].join('\n');
}

/** Stryker's progress goes to stderr. @throws when it ends without a report. */
function play(mutate: string | undefined): Promise<StrykerReport> {
  const words = ['run', ...(mutate === undefined ? [] : ['--mutate', mutate])];
  const bin = path.join(ROOT, 'node_modules', '.bin', 'stryker');
  const child = spawn(bin, words, { cwd: ROOT, stdio: ['ignore', process.stderr, process.stderr] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(readFileSync(path.join(ROOT, 'out', 'mutants.json'), 'utf8')) as StrykerReport);
      else reject(new Error(`stryker ended with ${code}`));
    });
  });
}

function options(): { readonly mutate?: string; readonly json: boolean } {
  return new Command('mutants')
    .description('changes the code that may remove capacity in every place it can, one at a time: a fast test must fail')
    .option('--mutate <files>', 'these files alone, with commas, such as core/decide/hold.ts')
    .option('--json', 'print the result as JSON and nothing else', false)
    .addHelpText(
      'after',
      '\nExit: 0 every survivor is explained in test/mutants.json, 1 some are not, 2 usage, 3 Stryker failed, or could not play some.',
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.fine : EXIT.usage))
    .parse()
    .opts();
}

async function main(): Promise<number> {
  const { mutate, json } = options();
  const known = JSON.parse(readFileSync(path.join(ROOT, 'test', 'mutants.json'), 'utf8')) as readonly Explained[];
  const mutants = summed(await play(mutate), known);
  if (mutants.mutants === 0) {
    process.stderr.write(`mutants: --mutate: got ${mutate}, which has nothing to change; allowed: files such as core/decide/hold.ts\n`);
    return EXIT.usage;
  }
  console.log(json ? JSON.stringify(mutants) : printed(mutants));
  if (mutants.notPlayed > 0) return EXIT.failed;
  return mutants.survivors.every(({ why }) => why !== undefined) ? EXIT.fine : EXIT.survivors;
}

if (require.main === module)
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(EXIT.failed);
    },
  );
