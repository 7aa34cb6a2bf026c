/**
 * What is told of a run of mutants, and that a survivor is known by its line and not by its number.
 */
import { readFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { summed, type Explained } from '../../scripts/mutants';
import { parsed } from '../builders/parsed';

const ROOT = path.join(__dirname, '..', '..');
const SOURCE = 'function limit(): number {\n  return most < 3 ? 1 : 2;\n}\n';

function report(...statuses: readonly string[]) {
  const location = { start: { line: 2, column: 10 }, end: { line: 2, column: 18 } };
  const mutants = statuses.map((status) => ({ status, mutatorName: 'EqualityOperator', replacement: 'most <= 3', location }));
  return { files: { 'core/decide/limit.ts': { source: SOURCE, mutants } } };
}

describe('what is told of mutants', () => {
  it('counts what was killed, by a test or by its time, and apart from it what could not be played', () => {
    const told = summed(report('Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'), []);
    expect(told).toMatchObject({ mutants: 4, killed: 2, timedOut: 1, notPlayed: 2 });
    expect(told.byFile).toEqual({ 'core/decide/limit.ts': { mutants: 4, timedOut: 1, survived: 2, explained: 0 } });
  });

  it('names a survivor by its place, its line and what became of it', () => {
    expect(summed(report('Survived'), []).survivors).toEqual([
      { file: 'core/decide/limit.ts', at: 2, line: 'return most < 3 ? 1 : 2;', was: 'most < 3', becomes: 'most <= 3' },
    ]);
  });

  it('explains a survivor by its line, wherever that has moved to', () => {
    const known: Explained = { file: 'core/decide/limit.ts', line: 'return most < 3 ? 1 : 2;', becomes: 'most <= 3', why: 'equal' };
    expect(summed(report('Survived'), [known]).survivors[0]?.why).toBe('equal');
    expect(summed(report('Survived'), [{ ...known, becomes: 'true' }]).survivors[0]).not.toHaveProperty('why');
  });
});

describe('an explanation', () => {
  const known: Explained = { file: 'core/decide/limit.ts', line: 'return most < 3 ? 1 : 2;', becomes: 'most <= 3', why: 'equal' };

  it('that explains no survivor of a file that was played is told, and one of another file is not', () => {
    expect(summed(report('Survived'), [known]).unused).toEqual([]);
    expect(summed(report('Killed'), [known]).unused).toEqual([known]);
    expect(summed(report('Killed'), [{ ...known, file: 'core/decide/hold.ts' }]).unused).toEqual([]);
  });
});

describe('survivors that are explained', () => {
  const known = parsed<readonly Explained[]>(readFileSync(path.join(ROOT, 'test', 'mutants.json'), 'utf8'));

  it('are of files that are there', () => {
    expect(known.filter(({ file }) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it('say why the change is no change, or the state is none, in a sentence', () => {
    const asked = known.filter(({ why }) => why === 'equal' || why === 'cannot-happen');
    expect(asked.filter(({ because = '' }) => because.length < 20)).toEqual([]);
  });

  it('have one of the reasons that docs/safety.md tells', () => {
    const safety = readFileSync(path.join(ROOT, 'docs', 'safety.md'), 'utf8');
    const reasons = [...new Set(known.map(({ why }) => why))].sort((a, b) => a.localeCompare(b));
    expect(reasons).toEqual(['cannot-happen', 'equal', 'tie', 'typed', 'words']);
    expect(reasons.filter((reason) => !safety.includes(`\`${reason}\` (`))).toEqual([]);
  });
});
