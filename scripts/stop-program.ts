/**
 * Puts the program that stops a culprit together: one Python file of those under lambda/stop/host/,
 * in the order of their names but for main.py, which comes last.
 *
 *     npx tsx scripts/stop-program.ts > stop.py
 *
 * What does nothing on a host is left out, since a document has 64 KB: comments and docstrings,
 * empty lines, and three of the four spaces of each level. No text in the program may go over the
 * end of a line but a docstring.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const HOST = path.join(__dirname, '..', 'lambda', 'stop', 'host');
const LAST = 'main.py';

/** The program as a document carries it. The same files give the same bytes. */
export function stopProgram(host = HOST): string {
  const names = readdirSync(host).filter((name) => name.endsWith('.py') && name !== LAST);
  const sources = [...names.sort(), LAST].map((name) => readFileSync(path.join(host, name), 'utf8'));
  const lines = sources.flatMap((source) => withoutDocstrings(source).split('\n').filter(does).map(shallow));
  const imports = [...new Set(lines.filter((line) => line.startsWith('import ')))].sort();
  return `${[...imports, ...lines.filter((line) => !line.startsWith('import '))].join('\n')}\n`;
}

const withoutDocstrings = (source: string): string => source.replaceAll(/^ *"""[^]*?"""\n/gm, '');

const does = (line: string): boolean => line.trim() !== '' && !line.trimStart().startsWith('#');

const shallow = (line: string): string => line.replace(/^(?: {4})+/, (indent) => ' '.repeat(indent.length / 4));

if (require.main === module) process.stdout.write(stopProgram());
