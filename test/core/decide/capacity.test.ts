/** The projection of the load, by each of its sources. */
import { capacityCheck, type CapacityInput } from '../../../core/decide/capacity';
import type { HostLoad } from '../../../core/model';
import { NOW } from '../../builders/now';

const load = (host: string, fields: Partial<HostLoad>): HostLoad => ({ host, capturedAt: NOW - 1000, ...fields });

function said(fields: Partial<CapacityInput>): string {
  const { guardrail, passed, value, limit } = capacityCheck({
    loads: [],
    survivors: new Set(['i-2', 'i-3']),
    now: NOW,
    keptMs: 120_000,
    declared: undefined,
    servingNow: 3,
    servingAfter: 2,
    ceiling: 0.7,
    ...fields,
  });
  return `${guardrail}${passed ? '' : ' NO'}: ${value}; ${limit}`;
}

describe('capacity', () => {
  it('has nothing left where nobody stays', () => {
    expect(said({ servingAfter: 0, loads: [load('i-2', { cpuBusy: 0 })] })).toBe('capacity-projection NO: no target left; 70 %');
    expect(said({ servingAfter: 1, loads: [load('i-2', { cpuBusy: 0.1 })] })).toContain('capacity-projection: 30 %');
  });

  it('is read from the CPU where a pool has no size', () => {
    expect(said({ loads: [load('i-2', { pool: { active: 0, max: 0 }, cpuBusy: 0.4 })] })).toBe(
      'capacity-projection: 60 % (CPU 40 % on i-2, the fullest of 1 read x 3/2); 70 %',
    );
  });

  it('is unknown where a host tells neither of a pool nor of its CPU, and where nothing is declared', () => {
    const unknown =
      'capacity-unknown NO: no pool or CPU reading of a remaining target within 120 s, no capacity declared; at least one source of load';
    expect(said({ loads: [load('i-2', {})] })).toBe(unknown);
    expect(said({ loads: [] })).toBe(unknown);
  });
});
