/**
 * Wake-ups that are repeated at the same instant, where one run leaves a second step for the next.
 */
import { heal, killSwitchSet, sicken } from '../../lab/chaos/base-plans';
import { servicePlan, SLOW } from '../../lab/chaos/base-plans-service';
import type { Call, Fault } from '../../lab/chaos/invocation';
import type { Plan } from '../../lab/chaos/happenings';
import { hostNames } from '../../lab/chaos/plan';
import { runChaos } from '../../lab/chaos/run';

jest.setTimeout(120_000);

const [FIRST = ''] = hostNames(1);

/** Seed 92478 found it: a removal is given up after the watch window that it fell into is over. */
describe('a removal that is announced in a watch window, by a run that dies', () => {
  const plan: Plan = {
    name: 'relapse',
    groups: [{ name: 'checkout', hosts: hostNames(5) }],
    minutes: 20,
    happenings: [sicken(1, FIRST), heal(4, FIRST), sicken(7, FIRST), heal(11, FIRST)],
  };

  /**
   * Only repeated wake-ups reach the responder: it dies after its second scheduled restore is
   * there, and nobody runs for the minutes after that.
   */
  function played() {
    let minute = -1;
    let waysBack = 0;
    let diedAt = Infinity;
    const isSilent = () => minute > diedAt && minute <= diedAt + 4;
    const faultAt = (call: Call): Fault | undefined => {
      if (call.name === 'responder.wake') return 'throttled';
      if (call.name === 'lease.acquire' && isSilent()) return 'throttled';
      if (call.name !== 'CreateSchedule' || ++waysBack !== 2) return undefined;
      diedAt = minute;
      return 'crash-after';
    };
    const sweepLateMs = () => {
      minute += 1;
      return 0;
    };
    return runChaos(plan, { faultAt }, { seed: 1, repeats: true, sweepLateMs });
  }

  it('is given up by one run, and the case closed on a later round, not by a second wake-up at the same instant', async () => {
    const { stage, violations } = await played();
    expect(violations).toEqual([]);
    const [incident] = stage.records.closed();
    const after = incident?.events.slice(incident.events.findIndex((event) => event.kind === 'removal-abandoned'));
    expect(after?.map((event) => event.kind)).toEqual(['removal-abandoned', 'closed']);
    expect(after?.[1]?.at).toBeGreaterThan(after?.[0]?.at ?? Infinity);
  });
});

/** Seed 31825 of the runs with services found it. */
describe('a replacement that is called off after its target has drained', () => {
  it('is registered again on a later round, not by a second wake-up at the same instant', async () => {
    let begun = false;
    // From then on only repeated wake-ups reach the responder.
    const faultAt = ({ name }: Call): Fault | undefined => {
      begun ||= name === 'DeregisterTargets';
      return name === 'responder.wake' && begun ? 'throttled' : undefined;
    };
    const plan = servicePlan({ happenings: [SLOW, killSwitchSet(4, 'on')] });
    const { stage, violations } = await runChaos(plan, { faultAt }, { seed: 1, repeats: true });
    expect(violations).toEqual([]);
    const [incident] = stage.records.closed();
    const [calledOff, announced] = (['replacement-called-off', 'restore-announced'] as const).map((kind) =>
      incident?.events.find((event) => event.kind === kind),
    );
    expect(announced?.at).toBeGreaterThan(calledOff?.at ?? Infinity);
  });
});
