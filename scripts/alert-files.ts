/**
 * Writes the alert of each scene of the drill to test/core/report/alerts/, for people to read what
 * changed.
 *
 *     npm run alerts
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rendered } from '../test/core/report/alert-file';
import { alertsWithFiles } from '../test/builders/incidents';

const FOLDER = path.join(__dirname, '..', 'test', 'core', 'report', 'alerts');

for (const [name, input] of alertsWithFiles()) writeFileSync(path.join(FOLDER, `${name}.txt`), rendered(input).text);
