/** The document about scenes on software that others wrote names each of them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SCENES } from '../../lab/stacks/scenes';

test('docs/diagnosis.md names every scene: with its result, or that it was not played', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/diagnosis.md'), 'utf8');
  expect(Object.keys(SCENES).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
