/**
 * Puts the program that stops a culprit together: one Python file of those under lambda/stop/host/.
 * Each folder is a part, and begins with a line that names it: a document carries those that it
 * needs (lambda/stop/documents.ts), and what only reads holds nothing that could do more.
 *
 *     npx --no-install tsx scripts/stop-program.ts > stop.py
 *
 * What does nothing on a host is left out, since a document has 64 KB: comments and docstrings,
 * empty lines, and three of the four spaces of each level. No text in the program may go over the
 * end of a line but a docstring.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PART, PARTS } from '../lambda/stop/documents';
import * as tables from '../core/diagnose/redaction/words';

const HOST = path.join(__dirname, '..', 'lambda', 'stop', 'host');

/** The whole program. The same files give the same bytes. */
export function stopProgram(host = HOST): string {
  const lines = PARTS.flatMap((part) => [`${PART}${part}`, ...(part === 'telling' ? redactionTables() : []), ...partOf(host, part)]);
  return `${lines.join('\n')}\n`;
}

function partOf(host: string, part: string): string[] {
  const names = readdirSync(path.join(host, part)).filter((name) => name.endsWith('.py'));
  const sources = names.sort().map((name) => readFileSync(path.join(host, part, name), 'utf8'));
  const lines = sources.flatMap((source) => withoutDocstrings(source).split('\n').filter(does).map(shallow));
  const isImport = (line: string): boolean => line.startsWith('import ');
  return [...new Set(lines.filter(isImport)), ...lines.filter((line) => !isImport(line))];
}

/** Those of core/diagnose/redaction/words.ts that the program names, as Python. */
function redactionTables(): string[] {
  const { MESSAGE_WORDS: _prose, LABEL_NAME: _labels, ...used } = tables;
  return Object.entries<string | readonly string[]>(used).map(([name, table]) =>
    typeof table === 'string' ? `${name} = ${literal(table)}` : `${name} = set(${literal(table.join(' '))}.split())`,
  );
}

function literal(text: string): string {
  if (/['\\\n]/.test(text)) throw new Error(`no quotes, backslashes and line ends in ${text.slice(0, 40)}`);
  return `'${text}'`;
}

const withoutDocstrings = (source: string): string => source.replaceAll(/^ *"""[^]*?"""\n/gm, '');

const does = (line: string): boolean => line.trim() !== '' && !line.trimStart().startsWith('#');

const shallow = (line: string): string => line.replace(/^(?: {4})+/, (indent) => ' '.repeat(indent.length / 4));

if (require.main === module) process.stdout.write(stopProgram());
