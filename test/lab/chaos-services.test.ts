/** What the checker demands of a replacement, and what it cannot. */
import { servicePlan } from '../../lab/chaos/base-plans-service';
import { runChaos, type RunResult } from '../../lab/chaos/run';
import type { Plan } from '../../lab/chaos/happenings';
import { sickTaskProtected, somebodyDeregisters, taskSickens } from '../../lab/chaos/service-happenings';

test('a task that we gave back is not ours to bring back when somebody else deregisters it', async () => {
  const happenings = [taskSickens(1, 0), sickTaskProtected(4, 10), somebodyDeregisters(11, 0)];
  const { stage, violations } = await runChaos(servicePlan({ happenings }), { faultAt: () => undefined }, { seed: 1 });
  const [first] = [...stage.records.closed(), ...stage.records.open()];
  expect(first?.replacement?.returnedAt).toBeDefined();
  expect(violations).toEqual([]);
});

describe('a controller that leaves while the stop of a task is called off', () => {
  const CALLED_OFF_IN = 5;
  const played = (left: Pick<Plan, 'goneFromMinute' | 'deletedFromMinute'>): Promise<RunResult> =>
    runChaos(
      servicePlan({ happenings: [taskSickens(1, 0), sickTaskProtected(4, 10)], ...left }),
      { faultAt: () => undefined },
      { seed: 1 },
    );
  const replacementIn = ({ stage: { records } }: RunResult) => [...records.closed(), ...records.open()][0]?.replacement;

  it('is deleted with its stack only once the target is registered again', async () => {
    const result = await played({ deletedFromMinute: CALLED_OFF_IN });
    expect(result.stage.gone).toBe(true);
    expect(replacementIn(result)).toMatchObject({
      calledOffAt: expect.any(Number) as number,
      registerIntentAt: expect.any(Number) as number,
    });
    expect(result.violations).toEqual([]);
  });

  it('leaves the task out when it dies, which is excused', async () => {
    const result = await played({ goneFromMinute: CALLED_OFF_IN });
    expect(replacementIn(result)?.calledOffAt).toBeDefined();
    expect(replacementIn(result)?.registerIntentAt).toBeUndefined();
    expect(result.violations).toEqual([]);
  });
});

test('a stop that Scheduler tries again after its schedule was deleted never comes after the end of its case', async () => {
  let [refused, minute] = [0, 0];
  const { stage, violations } = await runChaos(
    servicePlan({ minutes: 30, happenings: [taskSickens(1, 0), sickTaskProtected(8, 120)] }),
    { faultAt: () => undefined, retriesDeleted: () => true, refuseScheduledRestore: () => refused++ < 10 },
    // Nothing of ours runs from the deregistration until the stop is due.
    { seed: 1, sweepLateMs: () => (++minute > 4 && minute < 11 ? undefined : 0) },
  );
  const [incident] = [...stage.records.closed(), ...stage.records.open()];
  const { stopsAt = 0, scheduleCancelledAt = 0, stoppedAt } = incident?.replacement ?? {};
  expect(refused).toBeGreaterThan(9);
  expect(scheduleCancelledAt).toBeGreaterThan(stopsAt);
  expect(stoppedAt).toBeGreaterThan(scheduleCancelledAt);
  expect(violations).toEqual([]);
});
