/** How an instance is put on Standby and leaves it, and what Auto Scaling may answer. */
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { asgRegistration } from '../../../lambda/aws/asg';
import { ReturnRefused } from '../../../lambda/act/return-refused';
import { TargetNotRunning, TargetVanished } from '../../../lambda/act/vanished';
import type { Removal } from '../../../lambda/ports';
import { GROUP } from '../../builders/groups';
import { scaling, instance, groupOf } from './clients-setup';

describe('leaving Standby', () => {
  const removal: Removal = { owner: 'asg', target: { id: 'i-1', port: 80 }, autoScalingGroup: 'web' };
  const refusedBy = new Error('above the maximum');

  async function restored(
    lifecycles: readonly (string | undefined)[],
    fields: Partial<AutoScalingGroup> = {},
    state = 'running',
    refusal?: Error,
  ) {
    let looks = 0;
    const calls: string[] = [];
    const read = scaling(({ input }) => {
      expect(input).toEqual({ AutoScalingGroupNames: ['web'] });
      const lifecycle = lifecycles[Math.min(looks++, lifecycles.length - 1)];
      const mine = lifecycle === undefined ? [] : [instance('i-1', 'a', lifecycle)];
      return { AutoScalingGroups: [groupOf({ Instances: [instance('i-2', 'a', 'InService'), ...mine], ...fields })] };
    });
    const change = scaling(({ name }) => {
      calls.push(name);
      return refusal ?? {};
    });
    const direct = { restore: async () => void calls.push('register') };
    const registration = asgRegistration(read, change, direct, { of: async () => new Map([['i-1', state]]) });
    const error = await registration.restore(GROUP, removal).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return { calls, error };
  }

  it('is one call for an instance that is on it and runs', async () => {
    expect(await restored(['Standby'])).toEqual({ calls: ['ExitStandby'], error: undefined });
  });

  it('is made for no instance that is stopped, or is stopping: its group would end it', async () => {
    for (const state of ['stopped', 'stopping']) {
      const { calls, error } = await restored(['Standby'], {}, state);
      expect(calls).toEqual([]);
      expect(error).toBeInstanceOf(TargetNotRunning);
      expect(String(error)).toContain(`its instance is ${state}: it is restored when it runs again`);
    }
  });

  it('that is refused is no failure when the scheduled restore was faster', async () => {
    expect(await restored(['Standby', 'Pending'], {}, 'running', refusedBy)).toEqual({ calls: ['ExitStandby'], error: undefined });
  });

  it('that is refused for want of room says so, with what AWS said, and any other refusal is thrown', async () => {
    const { error } = await restored(['Standby'], { DesiredCapacity: 6 }, 'running', refusedBy);
    expect(error).toBeInstanceOf(ReturnRefused);
    expect(error).toMatchObject({ name: 'ReturnRefused', cause: refusedBy });
    expect((await restored(['Standby'], { DesiredCapacity: 5 }, 'running', refusedBy)).error).toBe(refusedBy);
    expect((await restored(['Standby'], { DesiredCapacity: undefined, MaxSize: undefined }, 'running', refusedBy)).error).toBe(refusedBy);
  });

  it('is impossible for an instance that its group ends, or has no more', async () => {
    const ended = await restored(['Terminating:Wait']);
    expect(ended.error).toBeInstanceOf(TargetVanished);
    expect(String(ended.error)).toContain('i-1 is Terminating:Wait in the Auto Scaling group web');
    const absent = await restored([undefined]);
    expect(String(absent.error)).toContain('i-1 is no longer in the Auto Scaling group web');
    expect((await restored(['Warmed:Terminating'])).error).toBeUndefined();
  });

  it('of a group that is gone, or has no members, is of something that has vanished', async () => {
    for (const AutoScalingGroups of [undefined, [], [groupOf({})]]) {
      const registration = asgRegistration(
        scaling(() => ({ AutoScalingGroups })),
        scaling(() => ({})),
        { restore: async () => undefined },
        { of: async () => new Map() },
      );
      await expect(registration.restore(GROUP, removal)).rejects.toMatchObject({ name: 'TargetVanished' });
    }
  });

  it('needs the name of the group on record', async () => {
    const registration = asgRegistration(
      scaling(() => ({})),
      scaling(() => ({})),
      { restore: async () => undefined },
      { of: async () => new Map() },
    );
    const { autoScalingGroup: _name, ...nameless } = removal;
    await expect(registration.restore(GROUP, nameless)).rejects.toThrow('the removal of i-1 names no Auto Scaling group');
  });
});
