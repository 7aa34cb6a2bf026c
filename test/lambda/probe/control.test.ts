import { BUSY_FRACTION_LIMIT, CONTROL_LIMIT_MS, proberHealth } from '../../../lambda/probe/control';
import type { Outcome } from '../../../lambda/probe/probe-request';

function answered(latencyMs: number, busy = false): Outcome {
  return { busy, latencyMs, phases: { connectMs: 0, waitMs: latencyMs, bodyMs: 0 } };
}

const FAILED: Outcome = { busy: false, error: { kind: 'refused', phase: 'connect' } };
const OWN: Outcome = { busy: false, own: 'EMFILE: too many open files' };

function times(count: number, outcome: Outcome): Outcome[] {
  return Array.from({ length: count }, () => outcome);
}

describe("the prober's judgement of itself", () => {
  it('is well when its own server answers at once and the loop is mostly free', () => {
    expect(proberHealth([answered(0.4), answered(9), answered(0.5)], times(10, answered(150)))).toEqual({
      ok: true,
      controlMs: 0.5,
      busyFraction: 0,
    });
  });

  it('is not well when its own server seems slow', () => {
    const health = proberHealth(times(5, answered(CONTROL_LIMIT_MS + 1)), times(10, answered(150)));
    expect(health).toMatchObject({ ok: false, why: 'control probes took 6 ms, allowed 5 ms' });
  });

  it('is not well when its own server does not answer', () => {
    expect(proberHealth([answered(0.4), FAILED], times(10, answered(150)))).toMatchObject({
      ok: false,
      why: '1 of 2 control probes failed',
    });
  });

  it('is not well when it made no control probe at all', () => {
    expect(proberHealth([], times(10, answered(150)))).toMatchObject({ ok: false, why: '0 of 0 control probes failed' });
  });

  it('is not well when most samples were stamped late, and is at the limit', () => {
    const half = [...times(5, answered(150, true)), ...times(5, answered(150))];
    expect(proberHealth([answered(0.4)], half)).toMatchObject({ ok: true, busyFraction: BUSY_FRACTION_LIMIT });
    const health = proberHealth([answered(0.4)], [...half, answered(150, true)]);
    expect(health).toMatchObject({ ok: false, why: 'the prober was busy in 0.55 of its samples, allowed 0.5' });
  });

  it('is not well when its own machine failed a probe', () => {
    const health = proberHealth([answered(0.4)], [answered(150), OWN]);
    expect(health).toMatchObject({ ok: false, why: "1 of 2 probes failed on the prober's own machine: EMFILE: too many open files" });
  });

  it("is well when targets fail: that is the targets' affair", () => {
    expect(proberHealth([answered(0.4)], times(10, FAILED)).ok).toBe(true);
  });
});
