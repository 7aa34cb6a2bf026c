/**
 * Puts the inspection of a host together: one shell script of the files under lambda/inspect/host/.
 *
 *     npx --no-install tsx scripts/inspection-script.ts > inspect.sh
 *
 * `main.sh` names its parts on lines of their own: `#include lib.sh`, `#include steps` (every file
 * of the folder) and `#include awk`: each program of `awk/`, quoted, as a variable (`awk/env.awk`
 * is `AWK_ENV`). A folder there is one program in several files. Comments and indentation are left
 * out, but for what shellcheck reads.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const HOST = path.join(__dirname, '..', 'lambda', 'inspect', 'host');

function filesOf(place: string, extension: string): string[] {
  if (statSync(place).isFile()) return [place];
  const names = readdirSync(place).filter((name) => name.endsWith(extension));
  return names.sort().map((name) => path.join(place, name));
}

/**
 * Lines of a source that do something. No text in it may go over the beginning of a line, nor a
 * line begin with "#" in one.
 */
function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && (!line.startsWith('#') || /^#(!|include | shellcheck )/.test(line)));
}

/** The awk programs by the variable that holds each of them in the script. */
export function awkPrograms(host = HOST): Map<string, string> {
  const places = readdirSync(path.join(host, 'awk')).sort();
  return new Map(
    places.map((name) => [
      variableOf(name),
      filesOf(path.join(host, 'awk', name), '.awk')
        .flatMap(linesOf)
        .join('\n'),
    ]),
  );
}

function variableOf(place: string): string {
  return `AWK_${place
    .replace(/\.awk$/, '')
    .replaceAll('-', '_')
    .toUpperCase()}`;
}

function quoted([name, program]: readonly [string, string]): string {
  return `${name}='${program.replaceAll("'", String.raw`'\''`)}'`;
}

function included(host: string, what: string): string[] {
  if (what === 'awk') return [...awkPrograms(host)].map(quoted);
  return filesOf(path.join(host, what), '.sh').flatMap(linesOf);
}

/** The script as it runs on a host. Throws when a part that it names is not there. */
export function inspectionScript(host = HOST): string {
  const lines = linesOf(path.join(host, 'main.sh')).flatMap((line) => {
    const what = /^#include (\S+)$/.exec(line)?.[1];
    return what === undefined ? [line] : included(host, what);
  });
  return `${lines.join('\n')}\n`;
}

if (require.main === module) process.stdout.write(inspectionScript());
