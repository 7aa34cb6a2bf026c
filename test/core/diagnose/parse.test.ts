import * as fc from 'fast-check';
import { diagnose } from '../../../core/diagnose/diagnose';
import { parseInspection } from '../../../core/diagnose/parse';
import { isWhole } from '../../../core/diagnose/inspection';
import { captures, capturedScenes } from './captures';

const capture = (stdout: string) => ({ host: 'a', stdout, capturedAt: 1_000 });
const rows = [
  'proc',
  'out',
  'db',
  'fs',
  'cpu',
  'load',
  'listen',
  'http',
  'thread',
  'app',
  'vm',
  'net',
  'mem',
  'cgroup',
  'group',
  'dns',
  'm',
  '## x ok',
  '## end ok',
  '__proto__',
  'constructor',
];
const line = fc.tuple(
  fc.constantFrom(...rows),
  fc.array(fc.oneof(fc.string(), fc.constantFrom('-', '1', '-1', '1e999', 'NaN', '0x10', '9'.repeat(40))), { maxLength: 18 }),
);

describe('what a host prints', () => {
  test('is parsed once for a capture, and again for one like it of another host', () => {
    const [one] = [...captures('healthy').values()];
    if (one === undefined) throw new Error('an empty scene');
    expect(parseInspection(one)).toBe(parseInspection(one));
    expect(parseInspection({ ...one, host: 'other' })).toEqual({ ...parseInspection(one), host: 'other' });
  });

  test('arbitrary bytes give a typed result or none, and never throw', () => {
    const bytes = fc.uint8Array({ maxLength: 400 }).map((some) => String.fromCodePoint(...some));
    fc.assert(
      fc.property(bytes, (text) => {
        for (const stdout of [text, `sickbay-inspection 1\n${text}`]) {
          const parsed = parseInspection(capture(stdout));
          expect(parsed === undefined || parsed.host === 'a').toBe(true);
        }
      }),
    );
  });

  test('arbitrary rows of the right types never throw, in the parser or in the diagnosis', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.array(line, { maxLength: 30 }), (one, other) => {
        const text = (some: typeof one): string =>
          ['sickbay-inspection 1', ...some.map(([type, columns]) => [type, ...columns].join('\t'))].join('\n');
        const found = diagnose({ sick: capture(text(one)), peers: [{ ...capture(text(other)), host: 'b' }], now: 2_000 });
        expect(found.findings.length).toBeGreaterThan(0);
        for (const { confidence } of found.findings) expect(confidence >= 0 && confidence <= 0.97).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('numbers are finite or not read', () => {
    const parsed = parseInspection(
      capture('sickbay-inspection 1\n## memory ok\nmem\tMemTotal\t1e999\nmem\tMemFree\tNaN\nmem\tDirty\t12\n## end ok'),
    );
    expect([...(parsed?.memKb ?? [])]).toEqual([['Dirty', 12]]);
    expect(parsed?.unread).toBe(2);
  });

  test('a section that was cut, denied or never printed is not whole', () => {
    const parsed = parseInspection(capture('sickbay-inspection 1\n## processes cut 5 of 9\n## sockets ok\n## end ok'));
    expect(parsed && [isWhole(parsed, 'processes'), isWhole(parsed, 'sockets'), isWhole(parsed, 'cron')]).toEqual([false, true, false]);
  });

  test('output that ends early makes nothing whole', () => {
    const parsed = parseInspection(capture('sickbay-inspection 1\n## sockets ok\n'));
    expect(parsed?.complete).toBe(false);
    expect(parsed && isWhole(parsed, 'sockets')).toBe(false);
  });

  test('another version is not guessed at', () => {
    expect(parseInspection(capture('sickbay-inspection 2\n## end ok'))).toBeUndefined();
  });

  test.each(capturedScenes())('every line of the captures of %s is read', (scene) => {
    for (const real of captures(scene).values()) {
      const parsed = parseInspection(real);
      expect(parsed?.complete).toBe(true);
      expect(parsed?.unread).toBe(0);
      expect(parsed?.processes.length).toBeGreaterThan(0);
    }
  });
});
