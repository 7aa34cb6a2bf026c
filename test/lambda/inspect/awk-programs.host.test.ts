import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { awkPrograms } from '../../../scripts/inspection-script';

/**
 * Each awk program of the inspection over text that a real host had in /proc, and what it prints of
 * it: test/fixtures/host-awk/. A file there is in parts, each begun by a line "--- <what>":
 *
 *     with AWK_LIB             programs before it          set hz=100           a variable
 *     file proc/stat           a file of the host          later proc/stat      the same file after the first sleep
 *     run ss -xan              what a tool prints where its arguments hold "-xan"
 *     stdin                    what it reads               output               what it prints, in any order of its lines
 */
const GOLDEN = path.join(__dirname, '../../fixtures/host-awk');
const AWKS = ['mawk', 'gawk', 'original-awk', 'busybox'].filter((awk) => spawnSync('sh', ['-c', `command -v ${awk}`]).status === 0);
/** Functions for others and no program of its own. */
const NO_PROGRAMS = ['AWK_LIB', 'AWK_PAGE', 'AWK_REDACTION'];

interface Part {
  readonly what: string;
  readonly argument: string;
  readonly text: string;
}

function parts(file: string): Part[] {
  const [, ...found] = readFileSync(path.join(GOLDEN, file), 'utf8').split(/^--- /m);
  return found.map((part) => {
    const [head = '', ...lines] = part.split('\n');
    const [what = '', ...argument] = head.split(' ');
    return { what, argument: argument.join(' '), text: lines.join('\n') };
  });
}

/**
 * The program with the files of the fixture in place of the host's: `/proc/1/stat` has as many
 * parts as `./proc/1/stat`.
 */
function atHome(program: string): string {
  return program.replaceAll(/(?<![\w.])\/(proc|etc|sys)\//g, './$1/').replaceAll(/\^(==> )?\\\/proc\\\//g, String.raw`^$1.\/proc\/`);
}

function put(directory: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
  writeFileSync(path.join(directory, file), text);
}

/** A tool that prints what was captured of it, by what its arguments hold. */
function fakes(directory: string, all: readonly Part[]): void {
  const runs = all.filter(({ what }) => what === 'run').map(({ argument, text }) => ({ words: argument.split(' '), text }));
  for (const tool of new Set([...runs.map(({ words }) => words[0] ?? ''), 'sleep', 'ss', 'ls', 'nsenter'])) {
    const cases = runs.flatMap(({ words: [name, ...rest], text }, index) => {
      if (name !== tool) return [];
      put(directory, `captured/${index}`, text);
      return [`case "$*" in *'${rest.join(' ')}'*) cat ./captured/${index} ;; esac`];
    });
    const after = tool === 'sleep' ? ['[ -d later ] && cp -r later/. . && rm -r later'] : [];
    put(directory, `tools/${tool}`, ['#!/bin/sh', ...cases, ...after, ''].join('\n'));
    chmodSync(path.join(directory, 'tools', tool), 0o755);
  }
}

/** What the program prints, line by line, sorted: awk tells the entries of a table in no order. */
function printed(name: string, awk: string, all: readonly Part[]): string[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-awk-'));
  const programs = awkPrograms();
  const texts = [...all.filter(({ what }) => what === 'with').map(({ argument }) => argument), name].map((one) => programs.get(one) ?? '');
  for (const { what, argument, text } of all) {
    if (what === 'file') put(directory, argument, text);
    if (what === 'later') put(directory, `later/${argument}`, text);
  }
  fakes(directory, all);
  const sets = all.filter(({ what }) => what === 'set').flatMap(({ argument }) => ['-v', argument.replaceAll(String.raw`\037`, '\u001F')]);
  const argv = [...(awk === 'busybox' ? ['awk'] : []), ...sets, atHome(texts.join(''))];
  const run = spawnSync(awk, argv, {
    cwd: directory,
    input: all.find(({ what }) => what === 'stdin')?.text ?? '',
    encoding: 'latin1',
    env: { PATH: `${directory}/tools:${process.env['PATH']}`, LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'], LC_ALL: 'C' },
  });
  rmSync(directory, { recursive: true });
  if (run.stderr !== '') throw new Error(`${awk}: ${run.stderr}`);
  return lines(run.stdout);
}

function lines(text: string): string[] {
  return text.trimEnd().split('\n').sort();
}

const CASES = readdirSync(GOLDEN).map((file) => ({
  file,
  name: `AWK_${file
    .replace(/[.].*$/, '')
    .replaceAll('-', '_')
    .toUpperCase()}`,
}));

describe('awk programs of the inspection', () => {
  test('each of them has a golden file', () => {
    const covered = new Set([...CASES.map(({ name }) => name), ...NO_PROGRAMS]);
    expect([...awkPrograms().keys()].filter((name) => !covered.has(name))).toEqual([]);
  });

  test.each(AWKS.flatMap((awk) => CASES.map((one) => ({ awk, ...one }))))('$file, read by $awk', ({ awk, file, name }) => {
    const all = parts(file);
    expect(printed(name, awk, all)).toEqual(lines(all.find(({ what }) => what === 'output')?.text ?? ''));
  });
});

describe('the sources of the inspection', () => {
  const HOST = path.join(__dirname, '../../../lambda/inspect/host');
  const files = readdirSync(HOST, { recursive: true, encoding: 'utf8' }).filter((file) => /[.](awk|sh)$/.test(file));

  test.each(files)('%s: at most 160 lines, and no function of 60 or more', (file) => {
    const all = readFileSync(path.join(HOST, file), 'utf8').trimEnd().split('\n');
    expect(all.length).toBeLessThanOrEqual(160);
    let began = 0;
    const lengths = all.map((line, index) => {
      if (/^\S.*[{(]$/.test(line)) began = index;
      return /^[})]$/.test(line) ? index - began + 1 : 0;
    });
    expect(Math.max(...lengths)).toBeLessThan(60);
  });
});
