/** The edits that switch rules of the judge off follow its source. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ABLATIONS, type Edit } from '../../bench/judge/ablations';
import { EXPERIMENTS } from '../../bench/judge/experiments';

const JUDGE = path.join(__dirname, '..', '..', 'core', 'judge');
const EDITS: [string, Edit][] = [
  ...ABLATIONS.map((ablation): [string, Edit] => [ablation.rule, ablation]),
  ...EXPERIMENTS.flatMap(({ name, edits }) => edits.map((edit): [string, Edit] => [name, edit])),
];

test.each(EDITS)('%s: its text occurs exactly once', (_, { file, text }) => {
  expect(readFileSync(path.join(JUDGE, file), 'utf8').split(text)).toHaveLength(2);
});
