/** How often target health is read after a call, and what is made of it. */
import type { LbTarget } from '../../../core/model';
import { seen, stillRegistered } from '../../../lambda/act/target-health';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';
import { respondPorts } from '../../builders/ports';

describe('target health', () => {
  const subject = { groupArn: GROUP, target: { id: 'i-1', port: 8080 } };
  const VIEW = situation(new Map()).groups[0]?.lbView ?? [];
  const notFound = Object.assign(new Error('gone'), { name: 'TargetGroupNotFoundException' });

  function looking(answer: (look: number) => readonly LbTarget[] | Error) {
    const waits: number[] = [];
    let looks = 0;
    const health = async () => {
      const said = answer(++looks);
      if (said instanceof Error) throw said;
      return [...said];
    };
    const ports = respondPorts({ clock: { now: () => NOW, sleep: async (ms) => void waits.push(ms) }, loadBalancing: { health } });
    return { ports, waits, looks: () => looks };
  }

  it('is read ten times at most, half a second apart, and not before the first', async () => {
    const { ports, waits, looks } = looking(() => VIEW);
    expect(await seen(ports, subject, (registered) => !registered)).toBe(false);
    expect([looks(), waits]).toEqual([10, Array.from({ length: 9 }, () => 500)]);
    const first = looking(() => VIEW);
    expect(await seen(first.ports, subject, (registered) => registered)).toBe(true);
    expect([first.looks(), first.waits]).toEqual([1, []]);
  });

  it('that is empty, or of a group that was deleted, shows nothing; any other failure is thrown', async () => {
    expect(await seen(looking((look) => (look === 1 ? [] : VIEW)).ports, subject, (registered) => !registered)).toBe(false);
    expect(await seen(looking(() => notFound).ports, subject, (registered) => !registered)).toBe(false);
    expect(await stillRegistered(looking(() => notFound).ports, subject)).toBe(false);
    await expect(seen(looking(() => new Error('throttled')).ports, subject, () => true)).rejects.toThrow('throttled');
  });

  it('is read once more two seconds later before anything is cancelled', async () => {
    const { ports, waits } = looking(() => VIEW);
    expect([await stillRegistered(ports, subject), waits]).toEqual([true, [2000]]);
  });
});
