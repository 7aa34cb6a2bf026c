/**
 * Targets whose group is dropped or deleted, that were given up, or whose instance is stopped:
 * where each of these turns.
 */
import { decideDropped } from '../../../core/decide/dropped';
import { decideGivenUp, underWayUntil } from '../../../core/decide/given-up';
import { decideGone, decideMissing } from '../../../core/decide/gone';
import type { GroupSituation, Situation } from '../../../core/decide/situation';
import { isStopped, leaseOfOneThatWaits, waitForIt } from '../../../core/decide/stopped';
import type { Case, Ejection, TargetCase } from '../../../core/model';
import { groupCase, outCase } from '../../builders/cases';
import { confirmed, ejection } from '../../builders/ejections';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { described, without } from './described';
import { TARGET } from '../../builders/targets';

const VIEW = described().groups[0]?.lbView ?? [];

/** Out, with so much of its lease left. */
function out(leftMs: number, fields: Partial<Ejection> = {}): TargetCase {
  return outCase(confirmed(TARGET, NOW - 800_000, NOW + leftMs, fields), { id: 'c', openedAt: NOW - 900_000 });
}

function ejectionOf({ ejections: [first] }: Case): Ejection {
  if (first === undefined) throw new Error('it was removed');
  return first;
}

const unremoved = (leftMs: number): Case => ({ ...out(leftMs), ejections: [] });

function situationOf(fields: Partial<Situation> = {}): Situation {
  return { ...described({ group: 'dropped' }), dropped: new Map(), ...fields };
}

describe('in a group that is no longer configured', () => {
  const decided = (incident: Case, fields: Partial<Situation> = {}) => {
    const { action, reason } = decideDropped(situationOf(fields), incident);
    return `${action}: ${reason}`;
  };
  const stopped = { instanceStates: new Map([['i-1', 'stopped']]) };
  const back = { dropped: new Map([[GROUP, VIEW]]) };

  it('a case without anything out is closed', () => {
    expect(decided(unremoved(0))).toContain('close:');
    const about = groupCase('shared', { openedAt: NOW });
    expect(decided(about)).toContain('close:');
    expect(decided({ ...about, ejections: [ejection(TARGET, NOW, NOW)] })).toContain('close:');
  });

  it('a lease ends by itself up to its last five seconds, and is looked at from then on', () => {
    expect(decided(out(5001), back)).toContain('keep: its target group is no longer configured: its lease ends by itself');
    expect(decided(out(5000), back)).toContain('watch:');
    expect(decided(out(0), back)).toContain('watch:');
    expect(decided(out(-1), { dropped: new Map([['another', VIEW]]) })).toContain('its scheduled restore is under way');
  });

  it('a restore is made a minute and a half after the lease', () => {
    expect(decided(out(-89_999))).toContain('keep:');
    expect(decided(out(-90_000))).toContain('restore:');
  });

  it('where nothing could be read nothing is seen back', () => {
    expect(decideDropped(without(situationOf(), 'dropped'), out(-89_000)).action).toBe('keep');
  });

  it('a stopped instance is waited for once its lease is over, and not while it lasts', () => {
    expect(decided(out(1), stopped)).not.toContain('wait:');
    expect(decided(out(0), stopped)).toContain('wait:');
    expect(decided(out(500_000, { restoreIntentAt: NOW - 1000 }), stopped)).toContain('wait:');
  });
});

describe('in a group that was deleted', () => {
  it('a case without a removal ends, whatever its state is', () => {
    expect(decideGone(unremoved(0)).reason).toBe('its target group was deleted');
    expect(decideGone(out(0, { owner: 'asg' })).action).toBe('restore');
  });

  it('that it is missing ends when the configuration names others alone', () => {
    const here = situationOf();
    const missing = groupCase('missing', { openedAt: NOW, groupArn: `${GROUP}-2` });
    expect(decideMissing(here, missing)).toEqual({ action: 'close', reason: 'it is no longer configured', because: 'operator' });
  });

  it('that it is missing stays open while other groups alone were read', () => {
    const here = described();
    const groups = here.groups.map((group) => ({ ...group, group: { ...group.group, arn: `${GROUP}-2` } }));
    const missing = groupCase('missing', { openedAt: NOW });
    expect(decideMissing({ ...here, groups }, missing).action).toBe('keep');
    expect(decideMissing(here, missing).action).toBe('close');
  });
});

describe('a target that was given up', () => {
  const GIVEN_UP = { givenUpAt: NOW - 60_000, givenUpBy: 'Ann: kept for forensics' };
  const [group] = described().groups;
  const decided = (incident: TargetCase, seen?: GroupSituation, now = NOW) =>
    decideGivenUp({ ...described(), now }, seen, incident, ejectionOf(incident));
  const cancelled = (leftMs: number, agoMs: number) => ({ ...GIVEN_UP, leaseEndsAt: NOW + leftMs, wayBackCancelledAt: NOW - agoMs });

  it('whose schedule was cancelled a minute before its time was never under way', () => {
    expect(underWayUntil(ejectionOf(out(0, GIVEN_UP)))).toBeUndefined();
    expect(underWayUntil(ejectionOf(out(0, cancelled(0, 60_001))))).toBeUndefined();
    expect(underWayUntil(ejectionOf(out(0, cancelled(0, 60_000))))).toBe(NOW - 60_000 + 3_600_000);
  });

  it('stays with us until a delivery that was under way cannot come any more', () => {
    const incident = out(0, cancelled(0, 0));
    expect(decided(incident, undefined, NOW + 3_599_999).action).toBe('keep');
    expect(decided(incident, undefined, NOW + 3_600_000)).toEqual({
      action: 'close',
      reason: 'given up by Ann: kept for forensics',
      because: 'operator',
    });
  });

  it('ends at once where nothing was under way', () => {
    expect(decided(out(500_000, cancelled(500_000, 10))).action).toBe('close');
  });

  it('is seen registered again once target health can be trusted to show its removal', () => {
    const just = (agoMs: number) => out(0, { ...cancelled(0, 60_000), confirmedAt: NOW - agoMs });
    expect(decided(just(29_999), group).action).toBe('keep');
    expect(decided(just(30_000), group).reason).toContain('registered again since');
  });

  it('is seen registered again by a round that began after its scheduled restore was cancelled', () => {
    const roundMs = NOW - (group?.rounds[0]?.startedAt ?? 0);
    expect(decided(out(0, cancelled(0, roundMs)), group).reason).toContain('no round has begun');
    expect(decided(out(0, cancelled(0, roundMs + 1)), group).action).toBe('close');
  });

  it('is first rid of its scheduled restore', () => {
    expect(decided(out(0, GIVEN_UP))).toEqual({
      action: 'give-up',
      reason: 'given up by Ann: kept for forensics',
      ejection: ejectionOf(out(0, GIVEN_UP)),
    });
  });
});

describe('an instance that is stopped', () => {
  const states = (state: string) => ({ now: NOW, instanceStates: new Map([['i-1', state]]) });

  it('is so by the word of EC2 alone', () => {
    expect(['stopping', 'stopped', 'running', 'terminated'].map((state) => isStopped(states(state), out(0)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(isStopped({ instanceStates: new Map() }, out(0))).toBe(false);
    expect(isStopped({}, out(0))).toBe(false);
  });

  it('has its lease renewed in the second half', () => {
    expect(leaseOfOneThatWaits(NOW, ejectionOf(out(450_001)))).toBeUndefined();
    expect(leaseOfOneThatWaits(NOW, ejectionOf(out(450_000)))).toBe(NOW + 900_000);
  });

  it('has no new lease before that', () => {
    const waits = (leftMs: number) => waitForIt(states('stopped'), out(leftMs), ejectionOf(out(leftMs)));
    expect(waits(450_001)).toEqual({
      action: 'wait',
      ejection: ejectionOf(out(450_001)),
      reason: 'its instance is stopped: it is restored when it runs again',
    });
    expect(waits(0)).toHaveProperty('leaseEndsAt', NOW + 900_000);
  });
});
