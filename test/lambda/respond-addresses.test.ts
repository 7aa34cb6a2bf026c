/**
 * The responder on IP targets: who has the address is asked in time, kept on record, and asked
 * again.
 */
import { isTargetCase } from '../../core/case';
import { targetKey, type TargetRef } from '../../core/model';
import type { Removal } from '../../lambda/ports';
import { respond } from '../../lambda/respond';
import { AddressNotFree, TargetVanished } from '../../lambda/act/vanished';
import { outCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { GROUP } from '../builders/groups';
import { NOW } from '../builders/now';
import { respondPorts } from '../builders/ports';
import { holderOf } from '../builders/scenario/group';
import { situation } from '../builders/scenario/situation';
import { portsOf, type Run, type World } from './respond-setup';

const base = situation(new Map([['target type', 'ip']]));
const [read] = base.groups;
const suspected = base.openCases.find(isTargetCase);
if (read === undefined || suspected === undefined) throw new Error('the scenario has a group and a case');
const HOST = holderOf(suspected.target);
if (HOST.kind !== 'instance') throw new Error('an instance has the address');
const STRANGER = holderOf(suspected.target, 'stranger');

/** @param holders what EC2 says of the address of the case, the last answer again and again */
async function run(holders: readonly TargetRef[], world: Partial<World> = {}, restore: () => Promise<void> = async () => undefined) {
  const seen: Run = { calls: [], logged: [], stored: [], published: [] };
  const moved: { readonly call: string; readonly removal: Removal }[] = [];
  let asked = 0;
  const view = [...(read?.lbView ?? [])];
  const ports = {
    ...portsOf(
      {
        listed: read === undefined ? [] : [read.group],
        // Inspected a second ago: what its peers carry is on record.
        open: base.openCases.map((incident) => ({ ...incident, inspectedAt: NOW - 1000 })),
        rounds: { [GROUP]: read?.rounds ?? [] },
        owners: new Map(view.map(({ target }) => [target.id, { owner: 'static' as const }])),
        health: { [GROUP]: view },
        ...world,
      },
      seen,
    ),
    ...respondPorts({
      targetRefs: {
        of: async (_, targets) => {
          const ref = holders[Math.min(asked++, holders.length - 1)] ?? HOST;
          return new Map(targets.map((target) => [targetKey(target), ref]));
        },
      },
      registrations: {
        static: {
          remove: async (_: string, removal: Removal) => void moved.push({ call: 'remove', removal }),
          restore: async (_: string, removal: Removal) => {
            moved.push({ call: 'restore', removal });
            return restore();
          },
        },
      },
      scheduledRestores: {
        exists: async () => moved.some(({ call }) => call === 'schedule'),
        create: async (_name: string, _at: number, _arn: string, removal: Removal) => void moved.push({ call: 'schedule', removal }),
        move: async () => undefined,
        cancel: async () => void seen.calls.push('cancel'),
      },
    }),
  };
  const { decisions } = await respond(ports, base.config);
  const calls = moved.map(({ call }) => call);
  return { calls, moved, decision: decisions[0], last: seen.stored.findLast(isTargetCase), cancelled: seen.calls.includes('cancel') };
}

describe('the removal of an address', () => {
  it('has its holder and its deregistration delay on record, and on the entry that restores it', async () => {
    const { calls, moved, last } = await run([HOST]);
    expect(calls).toEqual(['schedule', 'remove']);
    expect(moved.map(({ removal }) => removal.targetRef)).toEqual([HOST, HOST]);
    expect(last?.ejections[0]).toMatchObject({ targetRef: HOST, drainMs: 300_000 });
  });

  it.each([
    ['has somebody else', STRANGER],
    ['cannot be told', holderOf(suspected.target, 'unknown')],
  ])('is called off when right before the call the address %s', async (_, then) => {
    const { calls, decision, last, cancelled } = await run([HOST, then]);
    expect(calls).toEqual(['schedule']);
    expect(cancelled).toBe(true);
    expect(decision?.blocked).toContain('world-changed');
    expect(last?.ejections[0]).toMatchObject({ abandonedAt: NOW, wayBackCancelledAt: NOW });
  });
});

describe('the restore of an address', () => {
  const out = outCase(confirmed(suspected.target, NOW - 1_000_000, NOW - 100_000, { targetRef: HOST, drainMs: 300_000 }), {
    targetRef: HOST,
    openedAt: NOW - 1_200_000,
  });
  const gone = { open: [out], health: { [GROUP]: (read?.lbView ?? []).filter(({ target }) => target.id !== suspected.target.id) } };

  it('names who had it', async () => {
    const { moved } = await run([HOST], gone);
    expect(moved[0]).toMatchObject({ call: 'restore', removal: { targetRef: HOST } });
  });

  it('that somebody else has by now ends the case, on two looks, and its scheduled restore with it', async () => {
    const { calls, last, cancelled } = await run([STRANGER], gone, () => Promise.reject(new TargetVanished('somebody else has it')));
    expect(calls).toEqual(['restore', 'restore']);
    expect(last).toMatchObject({ state: 'closed', because: 'vanished' });
    expect(cancelled).toBe(true);
  });

  it('that ELB does not take yet is asked for again in the next round', async () => {
    const { calls, last } = await run([HOST], gone, () => Promise.reject(new AddressNotFree('draining')));
    expect(calls).toEqual(['restore']);
    expect(last).toMatchObject({ state: 'out' });
    expect(last?.ejections[0]?.restoredAt).toBeUndefined();
  });
});
