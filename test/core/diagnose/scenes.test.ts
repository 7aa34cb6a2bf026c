import { causeStatus } from '../../../core/diagnose/cause-status';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Cause } from '../../../core/model';
import { captures, sceneInput } from './captures';

/**
 * What went wrong on app-3 in each capture. The captures are of the lab's real faults; each file
 * says so in `from`.
 */
const EXPECTED: Readonly<Record<string, Cause>> = {
  'pool-starvation': 'pool-starvation',
  'pool-leak': 'pool-leak',
  'cpu-hog': 'cpu-saturation',
  'event-loop-block': 'event-loop-block',
  'disk-full': 'disk-full',
  'fd-exhaustion': 'fd-exhaustion',
  dns: 'dns',
  'release-drift': 'release-drift',
  'slow-without-cause': 'unknown',
  'all-slow': 'shared-dependency',
  healthy: 'unknown',
};

const CULPRITS: Readonly<Record<string, RegExp>> = {
  'pool-starvation': /generate_monthly_report --month previous$/,
  'cpu-hog': /rehash_passwords --all$/,
};

function best(scene: string) {
  const [first] = diagnose(sceneInput(scene, 'app-3')).findings;
  if (first === undefined) throw new Error('a diagnosis has a first finding');
  return first;
}

describe('real faults, as inspect.sh saw them', () => {
  test.each(Object.entries(EXPECTED))('%s is told as %s', (scene, cause) => {
    expect(best(scene).cause).toBe(cause);
  });

  test.each(Object.keys(EXPECTED))('%s blames nobody but who did it', (scene) => {
    const wanted = CULPRITS[scene];
    const blamed = diagnose(sceneInput(scene, 'app-3')).findings.flatMap(({ culprit }) => culprit?.command ?? []);
    expect(blamed.every((command) => wanted?.test(command) === true)).toBe(true);
    expect(blamed.length > 0).toBe(wanted !== undefined);
  });

  test.each(Object.keys(EXPECTED))('%s: no healthy peer is given a cause of its own', (scene) => {
    if (scene === 'all-slow') return;
    const hosts = [...captures(scene).keys()].filter((host) => host !== 'app-3');
    for (const host of hosts) {
      const { findings } = diagnose(sceneInput(scene, host));
      expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
    }
  });

  test('starvation: the culprit comes with its start, its parent, its crontab line and the numbers', () => {
    const { culprit, evidence, confidence } = best('pool-starvation');
    expect(confidence).toBeGreaterThanOrEqual(0.9);
    expect(culprit?.parent).toMatch(/^crond \(pid \d+\)$/);
    expect(culprit?.cron).toBe('10 2 1 * * /srv/shop/bin/generate_monthly_report --month previous');
    expect(culprit?.startedAt).toBeGreaterThan(1_700_000_000_000);
    expect(evidence[0]).toMatch(/^pool 20\/20, \d+ waiting; peers \d+ to \d+$/);
    expect(evidence[1]).toMatch(
      /^22 connections to 5432, 2 of them pid \d+ generate_monthly_report, parent crond, started \d+ s ago; only this host runs it$/,
    );
    expect(evidence[2]).toMatch(/^\d+ of the application's 20 connections wait for the database, for up to \d+ s$/);
  });

  test('a shallow health check is noted where the real page is slow', () => {
    const { notes } = diagnose(sceneInput('pool-starvation', 'app-3'));
    expect(notes.find((note) => note.startsWith('shallow health check: /health answers in'))).toContain('/api/cart has no answer after');
  });

  test('the crontab entry that one host alone has is noted, whichever host is sick', () => {
    const { notes } = diagnose(sceneInput('slow-without-cause', 'app-1'));
    expect(notes.filter((note) => note.startsWith('only app-3 has this cron entry'))).toHaveLength(1);
    const own = diagnose(sceneInput('slow-without-cause', 'app-3'));
    expect(own.differences.filter((line) => line.startsWith('only here: cron'))).toHaveLength(1);
    expect(own.notes.join()).not.toContain('generate_monthly_report');
  });

  test('what was measured and is as on the peers is told in one line, and so is what could not be seen', () => {
    const { notes } = diagnose(sceneInput('pool-starvation', 'app-3'));
    expect(notes.filter((note) => note.startsWith('as on its peers: CPU busy'))).toHaveLength(1);
    expect(notes.filter((note) => note.startsWith('not fully seen on')).length).toBeLessThanOrEqual(2);
  });

  test('the pools of every host are there for the capacity projection', () => {
    expect(diagnose(sceneInput('pool-starvation', 'app-3')).pools.map(({ host, max }) => [host, max])).toEqual([
      ['app-3', 20],
      ['app-1', 20],
      ['app-2', 20],
      ['app-4', 20],
    ]);
  });
});

describe('the status of a cause, from a later inspection', () => {
  const later = (scene: string) => [sceneInput(scene, 'app-3').sick, sceneInput(scene, 'app-3').peers] as const;
  const causes = ['pool-starvation', 'pool-leak', 'cpu-hog', 'disk-full', 'fd-exhaustion', 'dns', 'release-drift', 'event-loop-block'];

  test.each(causes)('%s: present while it is there', (scene) => {
    expect(causeStatus(best(scene), ...later(scene))).toBe('present');
  });

  test.each(causes)('%s: gone on a host that is well', (scene) => {
    expect(causeStatus(best(scene), ...later('healthy'))).toBe('gone');
  });

  test('a culprit that still runs is present although the pool has drained', () => {
    const [sick, peers] = later('pool-starvation');
    const drained = 'stdout' in sick ? { ...sick, stdout: sick.stdout.replaceAll(/(connection_pool_(?:active|wait)) \d+/g, '$1 0') } : sick;
    expect(diagnose({ sick: drained, peers, now: 0 }).findings.every(({ culprit }) => culprit === undefined)).toBe(true);
    expect(causeStatus(best('pool-starvation'), drained, peers)).toBe('present');
  });

  test('the same job under another pid is the same cause', () => {
    const [sick, peers] = later('pool-starvation');
    const finding = best('pool-starvation');
    if (finding.culprit === undefined) throw new Error('no culprit');
    const again = { ...finding, culprit: { ...finding.culprit, pid: 999_999, startedAt: 1 } };
    expect(causeStatus(again, sick, peers)).toBe('present');
  });

  test('a host that does not answer leaves it unknown', () => {
    const silent = { host: 'app-3', notInspectable: 'no answer in 30 s', capturedAt: 0 };
    expect(causeStatus(best('pool-starvation'), silent, [])).toBe('unknown');
  });

  test('a process list that could not be read leaves it unknown', () => {
    const [sick, peers] = later('healthy');
    const blind =
      'stdout' in sick
        ? { ...sick, stdout: sick.stdout.replace('## processes ok', '## processes timeout').replaceAll(/^proc\t.*\n/gm, '') }
        : sick;
    expect(causeStatus(best('pool-starvation'), blind, peers)).toBe('unknown');
  });

  test('what was never known cannot be gone', () => {
    expect(causeStatus(best('slow-without-cause'), ...later('healthy'))).toBe('unknown');
  });
});
