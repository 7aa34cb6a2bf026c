/**
 * The alert of each recorded incident, word by word, within what people read; `npm run alerts`
 * writes the files.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { alert } from '../../../core/report/alert';
import { CASE_STATE_CHANGE } from '../../../core/model/case-event';
import { LIMITS, rendered } from './alert-file';
import { SCENES, firstAlertOf, lastAlertOf } from './incidents';

const file = (name: string) => readFileSync(path.join(__dirname, 'alerts', `${name}.txt`), 'utf8');
const ALERTS = SCENES.flatMap((scene) => {
  const last = lastAlertOf(scene);
  return [[scene, firstAlertOf(scene)] as const, ...(last === undefined ? [] : [[`${scene}-end`, last] as const])];
});

test.each(ALERTS)('the alert of %s is the one in its file, within its limits', (name, input) => {
  const { text, lengths } = rendered(input);
  expect(text).toBe(file(name));
  for (const [part, most] of Object.entries(LIMITS)) expect(lengths[part as keyof typeof LIMITS]).toBeLessThanOrEqual(most);
});

test.each(ALERTS)('the event of %s fits its schema', (_name, input) => {
  expect(CASE_STATE_CHANGE.safeParse(alert(input).event).error).toBeUndefined();
});

test.each(ALERTS)('the statistics stay out of the alert of %s', (name) => {
  expect(file(name)).not.toMatch(/\bnats\b/);
});
