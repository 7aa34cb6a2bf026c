/**
 * Writes the alert of each recorded incident to test/core/report/alerts/, for people to read what
 * changed.
 *
 *     npm run alerts
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rendered } from '../test/core/report/alert-file';
import { SCENES, firstAlertOf, lastAlertOf } from '../test/core/report/incidents';

const FOLDER = path.join(__dirname, '..', 'test', 'core', 'report', 'alerts');

for (const scene of SCENES) {
  writeFileSync(path.join(FOLDER, `${scene}.txt`), rendered(firstAlertOf(scene)).text);
  const last = lastAlertOf(scene);
  if (last !== undefined) writeFileSync(path.join(FOLDER, `${scene}-end.txt`), rendered(last).text);
}
