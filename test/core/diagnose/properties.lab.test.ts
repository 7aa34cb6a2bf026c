import * as fc from 'fast-check';
import { confidence, type Evidence, type Weight } from '../../../core/diagnose/confidence';
import { diagnose } from '../../../core/diagnose/diagnose';
import { captures, capturedScenes, sceneInput } from './captures';
import { connections, madeHost, processRow } from './synthetic';

const command = fc.constantFrom('/opt/a --x', '/usr/bin/python3 /opt/b.py', '/opt/c', '/usr/bin/node /opt/d.js --day 7', '/usr/bin/psql');
const stranger = fc.record({
  command,
  connections: fc.integer({ min: 0, max: 9 }),
  cpuMs: fc.integer({ min: 0, max: 2000 }),
  rssKb: fc.integer({ min: 0, max: 4_000_000 }),
});
const pool = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constant(20), fc.integer({ min: 0, max: 50 }));
const cpu = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 8, maxLength: 8 }).map((times) => `cpu\t${times.join('\t')}`);
const host = fc.record({ pool, strangers: fc.array(stranger, { maxLength: 4 }), cpu });
type AnyHost = typeof host extends fc.Arbitrary<infer T> ? T : never;

function made(name: string, { pool, strangers, cpu }: AnyHost) {
  const pids = strangers.map((_, index) => 40 + index);
  const processes = strangers.map((one, index) => processRow(pids[index] ?? 0, '20:cron<1:init', one.command, one));
  const sockets = strangers.flatMap((one, index) => (one.connections > 0 ? [connections(pids[index] ?? 0, one.connections)] : []));
  return madeHost({ host: name, pool: [...pool], rows: { processes, sockets, cpu: [cpu] } });
}

describe('for every fleet', () => {
  test('the order of the peers does not matter', () => {
    fc.assert(
      fc.property(host, fc.array(host, { minLength: 2, maxLength: 4 }), (sick, others) => {
        const peers = others.map((one, index) => made(`p${index}`, one));
        const input = { sick: made('a', sick), now: 1_700_000_100_000 };
        expect(diagnose({ ...input, peers: [...peers].reverse() })).toEqual(diagnose({ ...input, peers }));
      }),
      { numRuns: 40 },
    );
  });

  test('hosts that are alike give unknown or the shared case, and no culprit', () => {
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 4 }), (one, count) => {
        const peers = Array.from({ length: count }, (_, index) => made(`p${index}`, one));
        const { findings } = diagnose({ sick: made('a', one), peers, now: 1_700_000_100_000 });
        expect(findings.every(({ cause, culprit }) => ['unknown', 'shared-dependency'].includes(cause) && culprit === undefined)).toBe(
          true,
        );
      }),
      { numRuns: 40 },
    );
  });

  test('no culprit is a command that a peer runs too', () => {
    fc.assert(
      fc.property(host, fc.array(host, { minLength: 1, maxLength: 3 }), (sick, others) => {
        const peers = others.map((one, index) => made(`p${index}`, one));
        const theirs = new Set<string>(others.flatMap(({ strangers }) => strangers.map((one) => one.command)));
        const { findings } = diagnose({ sick: made('a', sick), peers, now: 1_700_000_100_000 });
        expect(findings.filter(({ culprit }) => culprit !== undefined && theirs.has(culprit.command))).toEqual([]);
      }),
    );
  });

  test('every finding rests on evidence, leads stand alone and name nobody, and they come best first', () => {
    fc.assert(
      fc.property(host, fc.array(host, { minLength: 1, maxLength: 3 }), (sick, others) => {
        const { findings } = diagnose({ sick: made('a', sick), peers: others.map((one, index) => made(`p${index}`, one)), now: 0 });
        expect(findings.length).toBeGreaterThan(0);
        const leads = findings.filter(({ cause, confidence: value }) => cause !== 'unknown' && value < 0.5);
        expect(findings.every(({ evidence }) => evidence.length > 0)).toBe(true);
        expect(leads.every(({ culprit, confidence: value }) => culprit === undefined && value >= 0.3)).toBe(true);
        expect(leads.length === 0 || leads.length === findings.length).toBe(true);
        expect(findings.map((one) => one.confidence)).toEqual(findings.map((one) => one.confidence).sort((a, b) => b - a));
      }),
    );
  });

  test.each(capturedScenes())('a copy of the sick host as its only peers has no cause: %s', (scene) => {
    const { sick, now } = sceneInput(scene, 'app-3');
    const peers = ['x', 'y', 'z'].map((name) => ({ ...sick, host: name }));
    const { findings, differences } = diagnose({ sick, peers, now });
    expect(findings.every(({ culprit }) => culprit === undefined)).toBe(true);
    expect(findings.every(({ cause }) => cause === 'unknown' || cause === 'shared-dependency')).toBe(true);
    expect(differences).toEqual([]);
  });

  test.each(capturedScenes())('a capture that is cut off anywhere is still diagnosed: %s', (scene) => {
    const [sick, ...peers] = [...captures(scene).values()];
    if (sick === undefined || !('stdout' in sick)) throw new Error('an empty scene');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: sick.stdout.length }), (length) => {
        expect(diagnose({ sick: { ...sick, stdout: sick.stdout.slice(0, length) }, peers, now: 0 }).findings.length).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });
});

describe('confidence', () => {
  const evidence = fc.constantFrom<Weight>('strong', 'moderate', 'weak').map((weight): Evidence => ({ weight, summary: '' }));
  const some = fc.array(evidence, { maxLength: 6 });

  test('more for it never lowers it, more against it never raises it', () => {
    fc.assert(
      fc.property(some, some, evidence, (support, against, more) => {
        const before = confidence(support, against);
        expect(confidence([...support, more], against)).toBeGreaterThanOrEqual(before);
        expect(confidence(support, [...against, more])).toBeLessThanOrEqual(before);
      }),
    );
  });

  test('the mechanism alone is likelier than not, and two pieces of strong evidence pass nine in ten', () => {
    const strong: Evidence = { weight: 'strong', summary: '' };
    expect(confidence([], [])).toBe(0.2);
    expect(confidence([strong], [])).toBe(0.69);
    expect(confidence([strong, strong], [])).toBe(0.95);
  });
});
