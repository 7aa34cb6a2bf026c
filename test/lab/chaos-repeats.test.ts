/**
 * Wake-ups that are repeated at the same instant, where one run leaves a second step for the next.
 */
import { heal, sicken } from '../../lab/chaos/base-plans';
import type { Call, Fault } from '../../lab/chaos/invocation';
import type { Plan } from '../../lab/chaos/happenings';
import { hostNames } from '../../lab/chaos/plan';
import { runChaos } from '../../lab/chaos/run';

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
