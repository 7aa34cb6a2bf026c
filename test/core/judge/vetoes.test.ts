/**
 * docs/judge.md: every veto, in the order in which they are asked, each with a test that exists.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { VETOES } from '../../../core/judge/vetoes';

const ROOT = path.join(__dirname, '..', '..', '..');
const DOCUMENT = readFileSync(path.join(ROOT, 'docs/judge.md'), 'utf8');
const TESTS = ['test/core/judge/judge.test.ts', 'test/properties/judge.lab.test.ts'].map((file) =>
  readFileSync(path.join(ROOT, file), 'utf8'),
);

/** The cells of the rows of a section's table, without its heading. */
function rowsOf(section: string): string[][] {
  const [, text = ''] = DOCUMENT.split(`## ${section}\n`);
  const lines = (text.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) => line.split('|').map((cell) => cell.trim()));
}

function quoted(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

test('the table of vetoes is the code, in its order', () => {
  expect(rowsOf('The vetoes').flatMap((cells) => quoted(cells[1]))).toEqual(VETOES.map(({ name }) => name));
});

test.each([...rowsOf('The vetoes').map((cells) => cells[4]), ...rowsOf('The ledger').map((cells) => cells[3])])('%s is a test', (cell) => {
  for (const name of quoted(cell)) expect(TESTS.some((text) => text.includes(`'${name}'`))).toBe(true);
});
