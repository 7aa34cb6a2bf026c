/**
 * docs/safety.md: every reason of the closed union, in its order, with scenarios that exist; those
 * of a refusal show it.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BLOCKED } from '../../core/model';

const ROOT = path.join(__dirname, '..', '..');
const ROWS = readFileSync(path.join(ROOT, 'docs/safety.md'), 'utf8')
  .split('## Each guardrail')[1]
  ?.split('## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

function quoted(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

const TABLE = (ROWS ?? []).map((cells) => ({ reason: quoted(cells[1])[0] ?? '', files: quoted(cells[2]), scenarios: quoted(cells[3]) }));

test('the table of guardrails has every reason, each once and in the order of the union', () => {
  expect(TABLE.map(({ reason }) => reason)).toEqual([...BLOCKED]);
});

test.each(TABLE)('$reason is shown by a scenario that is refused for it', ({ reason, files, scenarios }) => {
  const texts = scenarios.map((name) => readFileSync(path.join(ROOT, 'test/scenarios', `${name}.txt`), 'utf8'));
  expect(texts.filter((text) => text.includes(`NO ${reason}:`) || text.includes(`blocked: ${reason}`))).not.toEqual([]);
  expect(files.filter((file) => file.includes('/') && !existsSync(path.join(ROOT, file)))).toEqual([]);
});
