/**
 * Puts the inspection of a host together: one shell script of the files under lambda/inspect/host/.
 *
 *     npx tsx scripts/inspection-script.ts [--shellcheck] > inspect.sh        --shellcheck: keep the comments that are for it
 *
 * `main.sh` names its parts on lines of their own: `#include lib.sh`, `#include steps` (every file
 * of the folder) and `#include awk`: each program of `awk/`, quoted, as a variable (`awk/env.awk`
 * is `AWK_ENV`). A folder there is one program in several files. What does nothing on a host is
 * left out: comments, indentation, spaces in awk; names in awk become short.
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
  return isShort ? shortenNames(programs, namesSet(host)) : programs;
}

/** Names of variables that the shell sets for awk: `-v name=value`. */
function namesSet(host: string): Set<string> {
  const files = readdirSync(host, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sh'));
  const texts = files.map((name) => source(path.join(host, name)));
  return new Set(texts.flatMap((text) => [...text.matchAll(/ -v (\w+)=/g)].map(([, name = '']) => name)));
}

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

function quoted([name, program]: readonly [string, string]): string {
  return `${name}='${program.replaceAll("'", String.raw`'\''`)}'`;
}

function included(host: string, what: string, isChecked: boolean): string[] {
  if (what === 'awk') return [...awkPrograms(host)].map(quoted);
  return filesOf(path.join(host, what), '.sh').flatMap((file) => shellLines(source(file), isChecked));
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
