import * as fc from 'fast-check';
import { byHost, byPipeline, corpus, fails, withoutNumbers, type CorpusLine } from '../../../core/diagnose/redaction-corpus';
import { call, PYTHONS } from './program';

/** What the program that stops tells of the lines. */
function byStop(lines: readonly CorpusLine[], python?: string): string[] {
  const calls = lines.map(({ kind, line }) => {
    const given = line.replaceAll(String.raw`\t`, ' ');
    if (kind === 'argv') return ['shown_arguments', given.split(String.raw`\0`)] as const;
    return kind === 'cron' ? (['shown_cron', given, 'root'] as const) : (['shown_line', given] as const);
  });
  return call(calls, python).map((told) => withoutNumbers(told as string));
}

/** Pieces of command lines, put together at random: what nobody thought of for the corpus. */
const PIECES = String.raw`psql mysql -p --password = Zq7fXw9LkT hunter2 | && ; " ' \ $( ) ( > 2>&1 <<< /opt/app/report.sh
  https://u:p@h/x?y=z -Dkey.pass= sh -c env sudo -u echo curl -H token @ , a=b 10.0.0.1:5432 $HOME ~ * -x -- -abc -p1234567
  é 192.168.0.0/16 deadbeef --commit % { }`;
const pieces = fc.constantFrom(...PIECES.split(/\s+/), ' ', ' ', '`');
const commands = fc.array(pieces, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

describe("the program's redaction", () => {
  test.each(PYTHONS)('%s: tells of every line of the corpus what the pipeline tells', (python) => {
    const lines = corpus();
    const told = byStop(lines, python);
    expect(told).toEqual(lines.map(byPipeline));
    expect(lines.filter((one, index) => one.isLeak && fails(one, told[index] ?? '')).map(({ line }) => line)).toEqual([]);
  });

  test('tells of any line what the inspection on the host tells', () => {
    const kinds = fc.constantFrom('argv', 'cron', 'line');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, commands), { minLength: 400, maxLength: 400 }), (drawn) => {
        const lines = drawn.map(([kind, line]) => ({ kind, isLeak: false, secret: '', line: line.trimEnd() || 'x' }));
        expect(byStop(lines)).toEqual(byHost(lines));
      }),
      { numRuns: 10 },
    );
  });

  test('an end of line in a value hides nothing after it from the rules', () => {
    const [told] = call([['shown_arguments', ['job', '--port', '8080\nhunter2', 'root\n']]]);
    expect(told).not.toMatch(/hunter2|root/);
  });
});
