import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Diagnosis } from '../../core/model';
import { parsed } from '../builders/parsed';

const ROOT = path.join(__dirname, '../..');
const SCENES = path.join(ROOT, 'test/fixtures/inspections');
const ENTRY = "require('./bin/diagnose').diagnoseCommand().parse(process.argv.slice(1), { from: 'user' })";

function sickbay(...words: string[]) {
  const argv = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), '--eval', ENTRY, '--', ...words];
  return spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
}

describe('sickbay diagnose', () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(path.join(tmpdir(), 'sickbay-diagnose-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  test('prints the diagnosis as JSON, best first, and exits with 0', () => {
    const { status, stdout } = sickbay(path.join(SCENES, 'pool-starvation'), '--sick', 'app-3', '--json');
    expect(status).toBe(0);
    const { findings, differences, notInspectable } = parsed<Diagnosis>(stdout);
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { user: 'root' } });
    expect([differences, notInspectable].every(Array.isArray)).toBe(true);
  });

  test('prints text for people by default', () => {
    const { status, stdout } = sickbay(path.join(SCENES, 'pool-starvation'), '--sick', 'app-3');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^pool-starvation \(confidence 0\.9\d\)\n {4}culprit: pid \d+, user root, parent crond \(pid \d+\): /);
    expect(stdout).toContain('    cron: 10 2 1 * * ');
  });

  test.each([
    [
      'a host that is not there',
      () => [path.join(SCENES, 'healthy'), '--sick', 'app-9'],
      '--sick: got "app-9"; allowed: app-1, app-2, app-3, app-4',
    ],
    ['a directory that is not there', () => ['/nowhere', '--sick', 'a'], '/nowhere: cannot be read'],
    [
      'no --sick where no page stands out',
      () => [path.join(SCENES, 'healthy')],
      'name it with --sick, allowed: app-1, app-2, app-3, app-4',
    ],
    ['a directory without captures', () => [directory, '--sick', 'a'], 'no <host>.json in it'],
  ])('%s ends with 2 and the reason', (_, words, reason) => {
    const { status, stdout, stderr } = sickbay(...words());
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
  });

  test.each([
    ['not JSON', '{', 'cannot be read as JSON'],
    ['no host', '{"stdout":""}', '"host": got undefined; allowed: a name'],
    ['no output', '{"host":"a"}', 'it has neither "stdout" nor "notInspectable" as text'],
  ])('a capture with %s ends with 2 and names the file', (_, content, reason) => {
    const file = path.join(directory, 'a.json');
    writeFileSync(file, content);
    const { status, stderr } = sickbay(directory, '--sick', 'a');
    rmSync(file);
    expect(status).toBe(2);
    expect(stderr).toContain(`${file}: ${reason}`);
  });
});
