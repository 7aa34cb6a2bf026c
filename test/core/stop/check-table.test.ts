/** docs/safety.md: every check of a stop, in its order, with scenarios that are refused for it. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { STOP_BLOCKED } from '../../../core/model';
import { STOP_INVARIANTS } from '../../../lab/chaos-stop/checker';

const ROOT = path.join(__dirname, '../../..');
const SAFETY = readFileSync(path.join(ROOT, 'docs/safety.md'), 'utf8');

function rowsUnder(heading: string): string[][] {
  const section = SAFETY.split(`### ${heading}`)[1]?.split('\n#')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

function quoted(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

const TABLE = rowsUnder('Each check of a stop').map((cells) => ({
  reason: quoted(cells[1])[0] ?? '',
  files: quoted(cells[2]),
  scenarios: quoted(cells[3]),
}));

test('the table of checks has every reason, each once and in the order of the union', () => {
  expect(TABLE.map(({ reason }) => reason)).toEqual([...STOP_BLOCKED]);
});

test.each(TABLE)('$reason is shown by scenarios that are refused for it', ({ reason, files, scenarios }) => {
  expect(scenarios).not.toEqual([]);
  const texts = scenarios.map((name) => readFileSync(path.join(ROOT, 'test/stop-scenarios', `${name}.txt`), 'utf8'));
  expect(texts.filter((text) => !text.includes(`NO ${reason}:`))).toEqual([]);
  expect(files.filter((file) => file.includes('/') && !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('the promises name every invariant of the chaos runs, and no other', () => {
  const named = rowsUnder('What is promised of a stop').flatMap((cells) => quoted(cells[2]));
  expect([...new Set(named)].sort()).toEqual([...STOP_INVARIANTS].sort());
});

test('the promises name scenarios and tests that exist', () => {
  const scenarios = readdirSync(path.join(ROOT, 'test/stop-scenarios'));
  const named = rowsUnder('What is promised of a stop').flatMap((cells) => quoted(cells[3]));
  const isThere = (name: string) =>
    name.includes('/') ? existsSync(path.join(ROOT, name)) : scenarios.some((file) => file.startsWith(name.replace('…', '')));
  expect(named.filter((name) => !isThere(name))).toEqual([]);
});
