/**
 * The alert of each scene of the drill, word by word, within what people read; `npm run alerts`
 * writes the files.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { alert } from '../../../core/report/alert';
import { CASE_STATE_CHANGE } from '../../../core/model/case-event';
import { LENGTHS, LIMITS, rendered } from './alert-file';
import { SCENES as DRILLED, type Scene } from '../../../lab/drill/scenes';
import { alertsWithFiles } from '../../builders/incidents';

const file = (name: string) => readFileSync(path.join(__dirname, 'alerts', `${name}.txt`), 'utf8');
const ALERTS = alertsWithFiles();

test.each(ALERTS)('the alert of %s is the one in its file (npm run alerts writes it), within its limits', (name, input) => {
  const { text, lengths } = rendered(input);
  expect(text).toBe(file(name));
  for (const part of LENGTHS) expect(lengths[part]).toBeLessThanOrEqual(LIMITS[part]);
});

test.each(ALERTS)('the event of %s fits its schema', (_name, input) => {
  expect(CASE_STATE_CHANGE.safeParse(alert(input).event).error).toBeUndefined();
});

test.each(ALERTS)('the statistics stay out of the alert of %s', (name) => {
  expect(file(name)).not.toMatch(/\bnats\b/);
});

/** `alarm` is the story again, started by an alarm. */
test('each scene of the drill has its alert here', () => {
  const names = ALERTS.map(([name]) => name);
  // In one nobody is slow; the alarm and the stops are the story again.
  const again = (name: string, { config }: Scene) => name === 'alarm' || config?.stop !== undefined;
  const told = Object.entries(DRILLED).flatMap(([name, scene]) => (scene.cause === 'none' || again(name, scene) ? [] : [name]));
  expect(told.filter((name) => !names.includes(name))).toEqual([]);
});
