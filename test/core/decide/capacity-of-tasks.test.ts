import { capacityCheck, type CapacityInput } from '../../../core/decide/capacity';
import type { HostLoad } from '../../../core/model';

const NOW = 600_000;
const BASE: CapacityInput = {
  loads: [],
  survivors: new Set(['b', 'c', 'd']),
  now: NOW,
  keptMs: 120_000,
  declared: undefined,
  servingNow: 4,
  servingAfter: 3,
  ceiling: 0.7,
};

function cpu(host: string, cpuBusy: number, ageMs = 60_000): HostLoad {
  return { host, capturedAt: NOW - ageMs, cpuBusy, from: 'container-insights' };
}

function pool(host: string, active: number): HostLoad {
  return { host, capturedAt: NOW, pool: { active, max: 20 } };
}

it('the fullest task that stays is projected, by its pool or by its CPU', () => {
  expect(capacityCheck({ ...BASE, loads: [pool('b', 6), cpu('c', 0.45), cpu('d', 0.2)] })).toEqual({
    guardrail: 'capacity-projection',
    value: '60 % (CPU 45 % on c by Container Insights, the fullest of 3 read x 4/3)',
    limit: '70 %',
    passed: true,
  });
  expect(capacityCheck({ ...BASE, loads: [pool('b', 6), cpu('c', 0.6)] }).passed).toBe(false);
});

it('the CPU of a task that leaves says nothing', () => {
  expect(capacityCheck({ ...BASE, loads: [cpu('a', 0.1)] }).guardrail).toBe('capacity-unknown');
});

it('a minute that ended too long ago is no source', () => {
  expect(capacityCheck({ ...BASE, loads: [cpu('b', 0.1, 120_000)] }).guardrail).toBe('capacity-unknown');
});

it('why Container Insights told nothing is said where capacity is unknown', () => {
  const tasksUnread = 'Container Insights of cluster shop is disabled: "enhanced" tells how busy each task is';
  expect(capacityCheck({ ...BASE, tasksUnread })).toMatchObject({
    guardrail: 'capacity-unknown',
    passed: false,
    value: `no pool or CPU reading of a remaining target within 120 s, no capacity declared; ${tasksUnread}`,
  });
});
