/**
 * Puts the inspection of a host together: one shell script of the files under lambda/inspect/host/.
 *
 *     npx --no-install tsx scripts/inspection-script.ts [--shellcheck] > inspect.sh        --shellcheck: keep the comments that are for it
 *
 * `main.sh` names its parts on lines of their own: `#include lib.sh`, `#include steps` (every file
 * of the folder) and `#include awk`: each program of `awk/`, quoted, as a variable (`awk/env.awk`
 * is `AWK_ENV`). A folder there is one program in several files. What does nothing on a host is
 * left out: comments, indentation, spaces in awk; names in awk become short, and lines of shell
 * share one where nothing but the end of line parts them.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { minifyAwk, shortenNames } from './minify-awk';

const HOST = path.join(__dirname, '..', 'lambda', 'inspect', 'host');

function filesOf(place: string, extension: string): string[] {
  if (statSync(place).isFile()) return [place];
  const names = readdirSync(place).filter((name) => name.endsWith(extension));
  return names.sort().map((name) => path.join(place, name));
}

function source(file: string): string {
  return readFileSync(file, 'utf8');
}

/**
 * The awk programs by the variable that holds each of them in the script. `isShort`: as they are
 * shipped, with short names.
 */
export function awkPrograms(host = HOST, isShort = true): Map<string, string> {
  const places = readdirSync(path.join(host, 'awk')).sort();
  const programs = new Map(
    places.map((name) => {
      const program = filesOf(path.join(host, 'awk', name), '.awk')
        .map(source)
        .join('\n');
      return [
        `AWK_${name
          .replace(/\.awk$/, '')
          .replaceAll('-', '_')
          .toUpperCase()}`,
        minifyAwk(program),
      ];
    }),
  );
  return isShort ? shortenNames(programs, namesSet(host), programsBefore(host)) : programs;
}

/** What a pattern finds in the shell's sources: its first group. */
function inShell(host: string, pattern: RegExp): Set<string> {
  const files = readdirSync(host, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sh'));
  const texts = files.map((name) => source(path.join(host, name)));
  return new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name)));
}

/** Names of variables that the shell sets for awk: `-v name=value`. */
const namesSet = (host: string): Set<string> => inShell(host, / -v (\w+)=/g);

/** Programs that run before another: `"$AWK_LIB$AWK_DISK"`. */
const programsBefore = (host: string): Set<string> => inShell(host, /"\$(AWK_\w+)\$AWK_/g);

/**
 * Lines of a shell source that do something. No text in it may go over the beginning of a line, nor
 * a line begin with "#" in one.
 */
function shellLines(text: string, isChecked: boolean): string[] {
  const kept = isChecked ? /^#(!|include | shellcheck )/ : /^#(!|include )/;
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('#') || kept.test(line)));
}

/**
 * The quote that is open behind a line of shell, where `quote` was open before it; "": none. Quotes
 * in `$(...)` within quotes come in pairs on one line.
 */
function openAfter(line: string, quote: string): string {
  let open = quote;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '\\' && open !== "'") at++;
    else if (open === '' ? /["']/.test(char) : char === open) open = open === '' ? char : '';
  }
  return open;
}

/**
 * The line without the spaces around `|`, `||`, `&&` and `;;` that stand outside of quotes. A line
 * that begins within quotes stays as it is.
 */
function tight(line: string, quote: string): string {
  if (quote !== '') return line;
  const parts = /'[^']*'?|"(?:[^"\\]|\\.)*"?|\\.| *(\|\|?|&&|;;) */g;
  return line.replaceAll(parts, (text, sign: string | undefined) => sign ?? text);
}

/** Lines that share one: at most this many characters. */
const LINE = 1000;

/** What may stand in place of the end of line between two lines; undefined: nothing. */
function between(before: string, after: string): string | undefined {
  if (before.startsWith('#') || /^[#)]/.test(after) || before.endsWith('\\')) return undefined;
  const parentheses = [...before.matchAll(/[()]/g)].reduce((depth, [one]) => depth + (one === '(' ? 1 : -1), 0);
  if (parentheses < 0 && before.endsWith(')')) return undefined; // of a case, or of a subshell
  if (/(^|[\s;])(then|do|else|in)$|[{(|&]$|;;$/.test(before)) return ' ';
  return after.startsWith(';;') ? '' : ';';
}

/**
 * In a document of YAML each line takes three bytes more. @throws where a line begins a
 * here-document
 */
function joined(lines: readonly string[]): string[] {
  const out: string[] = [];
  let open = '';
  for (const whole of lines) {
    if (/<<-?['"A-Z]/.test(whole)) throw new Error(`a here-document is not read: ${whole}`);
    const line = tight(whole, open);
    const before = out.at(-1);
    const fits = before !== undefined && open === '' && before.length + line.length <= LINE;
    const sign = fits ? between(before, line) : undefined;
    if (sign === undefined) out.push(line);
    else out[out.length - 1] = `${before}${sign}${line}`;
    open = openAfter(line, open);
  }
  return out;
}

function quoted([name, program]: readonly [string, string]): string {
  return `${name}='${program.replaceAll("'", String.raw`'\''`)}'`;
}

function included(host: string, what: string, isChecked: boolean): string[] {
  if (what === 'awk') return [...awkPrograms(host)].map(quoted);
  const files = filesOf(path.join(host, what), '.sh').map((file) => shellLines(source(file), isChecked));
  return files.flatMap((lines) => (isChecked ? lines : joined(lines)));
}

/**
 * The script as it runs on a host; `isChecked`: with the comments that are for shellcheck. Throws
 * when a part that it names is not there, or a program of awk is none.
 */
export function inspectionScript(host = HOST, isChecked = false): string {
  const lines = shellLines(source(path.join(host, 'main.sh')), isChecked).flatMap((line) => {
    const what = /^#include (\S+)$/.exec(line)?.[1];
    return what === undefined ? [line] : included(host, what, isChecked);
  });
  return `${lines.join('\n')}\n`;
}

if (require.main === module) process.stdout.write(inspectionScript(HOST, process.argv.includes('--shellcheck')));
