/**
 * An alert is as short as promised, and only text in a chat, whatever hosts and operators wrote.
 */
import * as fc from 'fast-check';
import type { Culprit, Diagnosis } from '../../core/model';
import { LENGTHS, LIMITS, rendered } from '../core/report/alert-file';
import { firstAlertOf } from '../builders/incidents';

const hostile = fc
  .tuple(
    fc.constantFrom('<', '@', '`', '*', '_a_', '\u0000', '\ud800', '€', '😀', '\n', '/usr/bin/x ', '](https://evil', 'x'),
    fc.integer({ min: 0, max: 3000 }),
  )
  .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)));
const text = fc.oneof(hostile, fc.string({ maxLength: 60 }));
const many = fc.array(text, { maxLength: 12 });

const culprit: fc.Arbitrary<Culprit> = fc.record({
  pid: fc.nat(),
  command: text,
  user: text,
  startedAt: fc.constant(1_800_000_000_000),
  parent: text,
  cron: text,
  cronFile: text,
});

const diagnosis: fc.Arbitrary<Diagnosis> = fc.record({
  findings: fc.array(
    fc.record({
      cause: fc.constant('pool-starvation' as const),
      confidence: fc.constant(0.9),
      culprit,
      evidence: many,
      against: many,
      checks: many,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  differences: many,
  notInspectable: fc.array(fc.record({ host: fc.constant('i-1'), why: text }), { maxLength: 3 }),
  pools: fc.constant([]),
  cpu: fc.constant([]),
  notes: many,
});

test('the five lines, the whole and what a chat shows stay within their limits', () => {
  const told = firstAlertOf('asg');
  fc.assert(
    fc.property(diagnosis, many, text, (found, remarks, reason) => {
      const input = { ...told, remarks, incident: { ...told.incident, diagnosis: found }, decision: { ...told.decision, reason } };
      const { lengths } = rendered(input);
      for (const part of LENGTHS) expect(lengths[part]).toBeLessThanOrEqual(LIMITS[part]);
    }),
    { numRuns: 200 },
  );
});
