/** A server that forks its workers, and has fewer of them than its peers'. Made-up hosts. */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding } from '../../../core/model';
import { madeHost } from './synthetic';

const made = (host: string, workers: number, queue: number) => {
  const capture = madeHost({
    host,
    app: '/usr/sbin/apache2 -k start',
    rows: { groups: [`group\tapache2\troot\t1`, `group\tapache2\twww-data\t${workers}`] },
  });
  return 'stdout' in capture
    ? { ...capture, stdout: capture.stdout.replace('listen\t8080\t0.0.0.0\t10\t0\t511', `listen\t8080\t0.0.0.0\t10\t${queue}\t511`) }
    : capture;
};

function first(here: readonly [number, number], there: readonly [number, number]): Finding | undefined {
  const peers = ['a', 'b', 'c'].map((host) => made(host, ...there));
  return diagnose({ sick: made('sick', ...here), peers, now: 1_700_000_100_000 }).findings[0];
}

test('while connections wait for one, here alone, it is set up otherwise', () => {
  expect(first([1, 12], [9, 0])).toMatchObject({
    cause: 'config-drift',
    evidence: ['processes of the server: 2; peers 10', 'connections that no worker has accepted yet: 12; peers 0'],
  });
});

test('is none where nobody waits, where they wait everywhere, and where it has nearly as many', () => {
  for (const [here, there] of [
    [
      [1, 0],
      [9, 0],
    ],
    [
      [1, 12],
      [9, 11],
    ],
    [
      [6, 12],
      [9, 0],
    ],
  ] as const)
    expect(first(here, there)?.cause).not.toBe('config-drift');
});

describe('workers that share a Unix socket, to which a proxy passes requests on', () => {
  const passing = (host: string, workers: number, queue: number) => {
    const busy = Math.min(workers, queue > 0 ? workers : 1);
    const capture = madeHost({
      host,
      app: 'nginx',
      rows: {
        sockets: ['listen\t8080\t0.0.0.0\t10\t0\t511', `unix\t/run/php.sock\t20\t${queue}\t128\t10\t${busy}\t${busy}\t${workers}`],
      },
    });
    return 'stdout' in capture ? { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '') } : capture;
  };
  const found = (here: readonly [number, number], there: readonly [number, number]): Finding | undefined => {
    const peers = ['a', 'b', 'c'].map((host) => passing(host, ...there));
    return diagnose({ sick: passing('sick', ...here), peers, now: 1_700_000_100_000 }).findings[0];
  };

  test('and are fewer than on any peer while requests wait for one: set up otherwise, if it is a single one too', () => {
    for (const workers of [1, 3])
      expect(found([workers, 13], [8, 0])).toMatchObject({
        cause: 'config-drift',
        evidence: [
          `workers that its requests are passed on to: ${workers}; peers 8`,
          'connections that no worker has accepted yet: 13; peers 0',
        ],
      });
  });

  test('are no pool where each host has a single one, which serves many at a time', () => {
    const peers = ['a', 'b', 'c'].map((host) => passing(host, 1, 0));
    const { findings } = diagnose({ sick: passing('sick', 1, 13), peers, now: 1_700_000_100_000 });
    expect(findings.flatMap(({ evidence }) => evidence).join()).not.toContain('pool 1/1');
  });

  test.each([
    ['nobody waits for them', [2, 0], [8, 0]],
    ['they are nearly as many', [6, 13], [8, 0]],
    ['requests wait on the peers as well', [2, 13], [8, 12]],
  ] as const)('say nothing where %s', (_, here, there) => {
    expect(found(here, there)?.cause).not.toBe('config-drift');
  });
});
