/**
 * Counts leaks and over-redactions of a corpus of command lines (docs/redaction.md): `npm run
 * redaction [-- FILE]`. Exit code 1 where one of the implementations leaks, 0 otherwise.
 */
import { byHost, byPipeline, corpus, CORPUS, fails, type CorpusLine } from '../test/core/diagnose/redaction-corpus';

const lines = corpus(process.argv[2] ?? CORPUS);

function report(name: string, told: readonly string[]): number {
  const failed = lines.map((line, index) => ({ line, told: told[index] ?? '' })).filter((one) => fails(one.line, one.told));
  const of = (isLeak: boolean): { line: CorpusLine; told: string }[] => failed.filter(({ line }) => line.isLeak === isLeak);
  const total = (isLeak: boolean): number => lines.filter((line) => line.isLeak === isLeak).length;
  console.log(
    `${name}: ${of(true).length} of ${total(true)} secrets leaked, ${of(false).length} of ${total(false)} harmless lines over-redacted`,
  );
  for (const { line, told: text } of failed) console.log(`  ${line.isLeak ? 'leak' : 'over'}: ${line.line}\n     => ${text}`);
  return of(true).length;
}

const leaks = report('pipeline', lines.map(byPipeline)) + report('host', byHost(lines));
process.exitCode = leaks > 0 ? 1 : 0;
