/**
 * Writes the reports at their worst (test/builders/report-cases.ts), for `npm run report:shots`.
 *
 *     npm run report:pages -- OUTDIR
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reportHtml } from '../core/report/html/report';
import { WORST_REPORTS } from '../test/builders/report-cases';

const [out] = process.argv.slice(2);
if (out === undefined) {
  console.error('give a folder for the pages: npm run report:pages -- OUTDIR');
  process.exit(2);
}
for (const [name, input] of Object.entries(WORST_REPORTS)) {
  mkdirSync(path.join(out, name), { recursive: true });
  writeFileSync(path.join(out, name, 'report.html'), reportHtml(input()));
}
console.log(`${Object.keys(WORST_REPORTS).length} pages in ${out}`);
