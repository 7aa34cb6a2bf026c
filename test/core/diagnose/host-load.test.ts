import { hostLoads } from '../../../core/diagnose/host-load';
import type { HostCapture } from '../../../core/model';

function host(id: string, metrics: readonly string[], more: readonly string[] = []): HostCapture {
  const lines = ['sickbay-inspection 1', '## metrics ok', ...metrics.map((line) => `m\t${line}`), ...more, '## end ok'];
  return { host: id, stdout: `${lines.join('\n')}\n`, capturedAt: 1234 };
}

const pool = (name: string, active: number | string, max: number) => [
  `hikaricp_connections_active{pool="${name}"} ${active}`,
  `hikaricp_connections_max{pool="${name}"} ${max}`,
];

test('of several pools on a host the fullest counts, whichever one the sick host stands out by', () => {
  const sick = host('i-1', [...pool('orders', 20, 20), ...pool('users', 2, 10)]);
  const peer = host('i-2', [...pool('orders', 3, 20), ...pool('users', 9, 10)]);
  expect(hostLoads([sick, peer])).toEqual([
    { host: 'i-1', capturedAt: 1234, pool: { active: 20, max: 20 } },
    { host: 'i-2', capturedAt: 1234, pool: { active: 9, max: 10 } },
  ]);
});

test('a host that tells nothing of its load has no entry', () => {
  const silent: HostCapture = { host: 'i-3', notInspectable: 'no agent', capturedAt: 1234 };
  expect(hostLoads([silent, host('i-4', ['up 1'])])).toEqual([]);
});

test('a number that is none says nothing', () => {
  expect(hostLoads([host('i-5', pool('orders', 'NaN', 20)), host('i-6', pool('orders', '+Inf', 20))])).toEqual([]);
});
