/** A JVM that stands still to collect garbage, by its own counters. Made-up hosts. */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { madeHost } from './synthetic';

const jvm = (host: string, share: string) =>
  madeHost({ host, app: '/usr/bin/java -jar /srv/shop.jar', rows: { app: [`app\t10\tjvm:gc\t${share}`] } });

function first(here: string, there: string): Finding | undefined {
  const peers = ['a', 'b', 'c'].map((host) => jvm(host, there));
  return diagnose({ sick: jvm('sick', here), peers, now: 1_700_000_100_000 }).findings[0];
}

test('that stands still here for most of the time is short of memory', () => {
  expect(first('0.810', '0.020')).toMatchObject({
    cause: 'memory-pressure',
    evidence: [expect.stringMatching(/^share of the time it collects garbage: 0\.81/)],
  });
});

test('that does so everywhere, or hardly, is no cause', () => {
  expect(first('0.810', '0.790')?.cause).not.toBe('memory-pressure');
  expect(first('0.040', '0.020')?.cause).not.toBe('memory-pressure');
});

test('whose counters are missing, or no share, says nothing', () => {
  for (const told of ['-', '17.000', '-0.300', 'x']) expect(first(told, '0.020')?.cause).not.toBe('memory-pressure');
});
