/** From a decision to the calls it takes, in their order, and what is put on record about it. */
import { decide } from '../../core/decisions';
import type { Round } from '../../../core/model';
import { targetKey } from '../../../core/model';
import { ReturnRefused } from '../../../lambda/act/return-refused';
import { TargetNotRunning, TargetVanished } from '../../../lambda/act/vanished';
import { decisionTo } from '../../builders/decisions';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';
import { carried, goneFrom, played } from './carry-out-setup';

const view = situation(new Map()).groups[0]?.lbView ?? [];
const MEMBER = { 'declared owner': 'asg', 'observed owner': 'asg', 'drains for': '60' };

function saying(verdict: 'clean' | 'suspect' | 'convicted'): (round: Round) => Round {
  return (round) => ({
    ...round,
    verdicts: round.verdicts.map((one) => (one.key === 'i-1:8080' ? { ...one, verdict } : one)),
  });
}

describe('a removal', () => {
  it('is announced, has its scheduled restore, is made, and is confirmed by target health', async () => {
    const { outcome, calls, stored } = await played({}, { health: goneFrom(2, view) });
    expect(calls).toEqual(['put suspected', 'arm', 'remove static']);
    expect(outcome.incident).toMatchObject({ state: 'out', ejections: [{ intentAt: NOW, confirmedAt: NOW }] });
    expect(stored[0]?.ejections).toMatchObject([
      { owner: 'static', intentAt: NOW, target: { id: 'i-1', port: 8080 }, leaseS: 900, leaseEndsAt: NOW + 900_000, originalCount: 4 },
    ]);
    expect(stored[0]?.ejections[0]).not.toHaveProperty('confirmedAt');
    expect(outcome.remarks).toEqual([]);
  });

  it('moves the scheduled restore that an earlier removal left, and makes no second one', async () => {
    const { calls } = await played({}, { hasScheduledRestore: true, health: goneFrom(2, view) });
    expect(calls).toEqual(['put suspected', 'rearm', 'remove static']);
  });

  it('of a member of an Auto Scaling group is a standby, with the name of its group on record', async () => {
    const { calls, stored } = await played(MEMBER, { health: goneFrom(2, view) });
    expect(calls).toEqual(['put suspected', 'arm', 'remove asg']);
    expect(stored[0]?.ejections).toMatchObject([{ owner: 'asg', autoScalingGroup: 'web' }]);
  });

  it('counts what was registered before it, and not what was draining', async () => {
    const states = 'healthy healthy healthy healthy draining unhealthy';
    const { stored } = await played({ targets: '6', 'registered states': states }, { health: goneFrom(2, view) });
    expect(stored[0]?.ejections).toMatchObject([{ originalCount: 5 }]);
  });

  it('that target health does not show within five seconds is left to the next round, as an intent', async () => {
    const { outcome, waits } = await played({});
    expect(waits).toEqual(Array.from({ length: 9 }, () => 500));
    expect(outcome.incident.state).toBe('suspected');
    expect(outcome.remarks).toEqual(['the removal was asked for and the load balancer does not show it yet; the next round settles it']);
  });

  it('is not confirmed by an answer without any targets', async () => {
    const { outcome } = await played({}, { health: (asked) => (asked === 1 ? view : []) });
    expect(outcome.incident.state).toBe('suspected');
  });

  it('is confirmed by a look that shows it later', async () => {
    const { outcome, waits } = await played({}, { health: goneFrom(4, view) });
    expect(waits).toEqual([500, 500]);
    expect(outcome.incident.state).toBe('out');
  });
});

describe('the last look', () => {
  const removed = (calls: readonly string[]) => calls.some((call) => call.startsWith('remove'));

  it.each(['clean', 'suspect'] as const)('removes nothing when the newest round says %s', async (verdict) => {
    const { outcome, calls } = await played({}, { newestRound: saying(verdict) });
    expect(removed(calls)).toBe(false);
    expect(outcome.decision).toMatchObject({ action: 'keep', blocked: ['world-changed'] });
    expect(outcome.decision.guardrails).toMatchObject([{ value: `the newest round says ${verdict}`, limit: 'convicted', passed: false }]);
  });

  it('removes nothing when there is no round any more', async () => {
    const { outcome, calls } = await played({}, { newestRound: () => undefined });
    expect(removed(calls)).toBe(false);
    expect(outcome.decision.guardrails).toMatchObject([{ value: 'the newest round says nothing' }]);
  });

  it('removes nothing when the kill switch was turned on meanwhile', async () => {
    const { outcome, calls } = await played({}, { killSwitch: 'on' });
    expect(removed(calls)).toBe(false);
    expect(outcome.decision).toMatchObject({ action: 'keep', blocked: ['kill-switch'] });
    expect(outcome.incident).toMatchObject({ state: 'suspected', ejections: [{ abandonedAt: NOW }] });
  });

  it('removes nothing when the target is no longer healthy, or no targets are listed at all', async () => {
    const ill = view.map((entry) => (targetKey(entry.target) === 'i-1:8080' ? { ...entry, state: 'unhealthy' as const } : entry));
    for (const health of [ill, []]) {
      const { outcome, calls } = await played({}, { health: () => health });
      expect(removed(calls)).toBe(false);
      expect(outcome.decision.blocked).toContain('world-changed');
    }
  });

  it('removes nothing when its scheduled restore was deleted meanwhile', async () => {
    const { outcome, calls, waits } = await played({}, { showsScheduledRestore: () => false });
    expect(calls).toEqual(['put suspected', 'arm', 'disarm']);
    expect(waits).toEqual([2_000]);
    expect(outcome.decision).toMatchObject({ action: 'keep', blocked: ['world-changed'] });
    expect(outcome.decision.guardrails).toMatchObject([{ value: 'its scheduled restore is not there', limit: 'a scheduled restore' }]);
  });

  it('looks once more for a scheduled restore that is not shown yet', async () => {
    const { calls } = await played({}, { showsScheduledRestore: (asked) => asked > 1, health: goneFrom(2, view) });
    expect(calls).toEqual(['put suspected', 'arm', 'remove static']);
  });

  it('removes nothing in the last 30 s of the lease of the stack', async () => {
    const { outcome, calls } = await played({}, { leaseLeftMs: 30_000 });
    expect(removed(calls)).toBe(false);
    expect(outcome.decision.guardrails).toMatchObject([{ guardrail: 'world-changed', value: "30000 ms left of the stack's lease" }]);
    const earlier = await played({}, { leaseLeftMs: 30_001, health: goneFrom(2, view) });
    expect(removed(earlier.calls)).toBe(true);
  });

  it.each([
    ['a registration', {}],
    ['a standby', MEMBER],
  ])('that blocks %s cancels its scheduled restore, which would undo what an operator does later', async (_, described) => {
    const { outcome, calls } = await played(described, { killSwitch: 'on' });
    expect(calls).toEqual(['put suspected', 'arm', 'disarm']);
    expect(outcome.incident.ejections).toMatchObject([{ abandonedAt: NOW, wayBackCancelledAt: NOW }]);
  });

  it('names each reason once', async () => {
    const { outcome } = await played({}, { killSwitch: 'on', leaseLeftMs: 0, health: () => [] });
    expect(outcome.decision.blocked).toEqual([...new Set(outcome.decision.blocked)]);
    expect(outcome.decision.guardrails.every((check) => !check.passed)).toBe(true);
  });
});

describe('an intent that turns out to have happened', () => {
  const intent = { confirmed: 'no', 'registered states': 'absent', 'lease left': '600' };

  it('is confirmed as it is when its scheduled restore is there', async () => {
    const { outcome, calls } = await played(intent, { hasScheduledRestore: true });
    expect(calls).toEqual([]);
    expect(outcome).toMatchObject({ incident: { state: 'out' }, decision: { action: 'eject' } });
    expect(outcome.incident.events.map(({ kind }) => kind)).not.toContain('removal-late');
  });

  it('gets the scheduled restore that the run which died did not make, for the end of its lease', async () => {
    const { calls, armedAt } = await played(intent);
    expect(calls).toEqual(['arm']);
    expect(armedAt).toEqual([NOW + 600_000]);
  });

  it('whose lease is over gets one for a minute from now, which Scheduler still accepts', async () => {
    const { armedAt } = await played({ ...intent, 'lease left': '10' });
    expect(armedAt).toEqual([NOW + 60_000]);
  });

  it('is confirmed without one by a stack that went back to observe, which may make none: what is overdue it restores itself', async () => {
    const { outcome, calls } = await played({ ...intent, mode: 'observe' });
    expect(calls).toEqual([]);
    expect(outcome).toMatchObject({ incident: { state: 'out' }, decision: { action: 'eject' } });
  });

  it('that did not happen is given up', async () => {
    const { outcome, calls } = await played({ confirmed: 'no', 'announced seconds ago': '100' });
    expect(calls).toEqual([]);
    expect(outcome.incident).toMatchObject({ state: 'suspected', ejections: [{ abandonedAt: NOW }] });
  });
});

describe('a lease', () => {
  const out = { case: 'out', 'registered states': 'absent', 'lease left': '300' };

  it('that is renewed moves its scheduled restore', async () => {
    const { outcome, calls } = await played(out, { hasScheduledRestore: true });
    expect(calls).toEqual(['rearm']);
    expect(outcome.incident.ejections).toMatchObject([{ leaseEndsAt: NOW + 900_000 }]);
  });

  it('that is renewed gets a scheduled restore where there is none', async () => {
    const { calls } = await played(out);
    expect(calls).toEqual(['arm']);
  });

  it('of a target that is held out is renewed, and nothing is removed', async () => {
    const { calls } = await played(out, { hasScheduledRestore: true }, (decision) => decisionTo('hold', decision));
    expect(calls).toEqual(['rearm']);
  });
});

describe('a target whose instance is stopped', () => {
  const stopped = { case: 'out', 'registered states': 'absent', 'instance is': 'stopped', 'lease left': '300' };

  it('has its scheduled restore moved ahead', async () => {
    const { outcome, calls } = await played(stopped, { hasScheduledRestore: true });
    expect(calls).toContain('rearm');
    expect(outcome.decision).toMatchObject({ action: 'wait', leaseEndsAt: NOW + 900_000 });
  });

  it('has none moved or made by a stack that went back to observe, and is out on record until it runs', async () => {
    for (const hasScheduledRestore of [true, false]) {
      const { outcome, calls } = await played({ ...stopped, mode: 'observe' }, { hasScheduledRestore });
      expect(calls).toEqual([]);
      expect(outcome).toMatchObject({ incident: { state: 'out' }, decision: { action: 'wait' } });
      expect(outcome.decision).not.toHaveProperty('leaseEndsAt');
    }
  });
});

describe('a restore', () => {
  const well = { case: 'out', 'registered states': 'absent', 'clean rounds': '5' };

  it('is announced, made, confirmed, and its scheduled restore is no longer needed', async () => {
    const { outcome, calls, stored } = await played(well, { health: () => view });
    expect(calls).toEqual(['put out', 'restore static', 'disarm']);
    expect(stored[0]?.ejections).toMatchObject([{ restoreIntentAt: NOW }]);
    expect(outcome.incident).toMatchObject({ state: 'watching', watchUntilAt: NOW + 900_000, ejections: [{ restoredAt: NOW }] });
  });

  it('right after the removal keeps its scheduled restore: what target health shows may be from before', async () => {
    const { outcome, calls } = await played(
      { case: 'out', 'confirmed seconds ago': '10', 'restore asked by': 'Ann' },
      { health: () => view },
    );
    expect(calls).toEqual(['restore static']);
    expect(outcome.incident.state).toBe('out');
  });

  it('that was announced before is made without a second announcement', async () => {
    const { calls } = await played({ ...well, 'restore announced': 'yes' }, { health: () => view });
    expect(calls).toEqual(['restore static', 'disarm']);
  });

  it('that target health does not show keeps its scheduled restore, and is settled by the next round', async () => {
    const { outcome, calls } = await played(well);
    expect(calls).not.toContain('disarm');
    expect(outcome.incident.state).toBe('out');
    expect(outcome.remarks).toHaveLength(1);
  });

  it('of what has vanished, twice asked, closes the case and cancels the scheduled restore', async () => {
    const restore = () => Promise.reject(new TargetVanished('i-1 is gone'));
    const { outcome, calls } = await played(well, { restore });
    expect(calls).toEqual(['put out', 'restore static', 'restore static', 'disarm']);
    expect(outcome).toMatchObject({
      incident: { state: 'closed', because: 'vanished' },
      decision: { action: 'close', because: 'vanished' },
    });
  });

  it('of an instance that does not run waits, with its scheduled restore in the future', async () => {
    const restore = () => Promise.reject(new TargetNotRunning('its instance is stopped'));
    const over = await played({ ...well, 'lease left': '-100' }, { restore });
    expect(over.calls).toEqual(['put out', 'restore static', 'arm']);
    expect(over.outcome).toMatchObject({ incident: { state: 'out' }, decision: { action: 'wait', leaseEndsAt: NOW + 900_000 } });
    const early = await played({ ...well, 'lease left': '800' }, { restore, hasScheduledRestore: true });
    expect(early.calls).toEqual(['put out', 'restore static']);
  });

  it('that its Auto Scaling group refuses pages, and makes the scheduled restore again that was refused until it was a dead letter', async () => {
    const restore = () => Promise.reject(new ReturnRefused('web has no room for i-1'));
    const lost = await played({ ...well, 'lease left': '-4000' }, { restore });
    expect(lost.calls).toEqual(['put out', 'restore static', 'arm']);
    expect(lost.armedAt).toEqual([NOW + 60_000]);
    expect(lost.outcome.decision).toMatchObject({ action: 'page', blocked: ['no-way-back'], reason: 'web has no room for i-1' });
    const kept = await played({ ...well, 'lease left': '-100' }, { restore, hasScheduledRestore: true });
    expect(kept.calls).toEqual(['put out', 'restore static']);
    const observing = await played({ ...well, 'lease left': '-4000', mode: 'observe' }, { restore });
    expect(observing.calls).toEqual(['put out', 'restore static']);
  });

  it('that AWS refuses fails the run and keeps the scheduled restore', async () => {
    const restore = () => Promise.reject(new Error('throttled'));
    await expect(played(well, { restore })).rejects.toThrow('throttled');
  });
});

describe('a target that its scheduled restore has registered', () => {
  it('is watched, and the scheduled restore is over', async () => {
    const { outcome, calls } = await played({ case: 'out', 'lease left': '-60', 'registered states': 'healthy' });
    expect(calls).toEqual(['disarm']);
    expect(outcome).toMatchObject({ incident: { state: 'watching', ejections: [{ restoredAt: NOW }] }, decision: { action: 'watch' } });
  });
});

describe('a third removal within six hours', () => {
  it('is made like any other, and held', async () => {
    const third = { 'ejected minutes ago': '100 200' };
    const { outcome, calls } = await played(third, { health: goneFrom(2, view) });
    expect(outcome.decision.action).toBe('hold');
    expect(calls).toEqual(['put suspected', 'arm', 'remove static']);
  });
});

describe('one group of several', () => {
  it('is the one that is read and counted', async () => {
    const here = situation(new Map());
    const [group] = here.groups;
    const [incident] = here.openCases;
    const [decision] = decide(here);
    if (group === undefined || incident === undefined || decision === undefined) throw new Error('the situation has a case to decide');
    const empty = { ...group, group: { ...group.group, arn: 'another' }, lbView: [], rounds: [] };
    const world = { health: goneFrom(2, view), newestRound: () => group.rounds[0] };
    const { stored, calls } = await carried({ ...here, groups: [empty, group] }, incident, decision, world);
    expect(calls).toContain('remove static');
    expect(stored[0]?.ejections).toMatchObject([{ originalCount: 4 }]);
  });

  it('that is gone when the removal is to be made fails the run, with its scheduled restore in place', async () => {
    const here = situation(new Map());
    const [incident] = here.openCases;
    const [decision] = decide(here);
    if (incident === undefined || decision === undefined) throw new Error('the situation has a case to decide');
    await expect(carried({ ...here, groups: [] }, incident, decision)).rejects.toThrow('lost its group between decision and removal');
  });
});

describe('an end', () => {
  it('of a target case cancels the scheduled restore of its last removal', async () => {
    const { outcome, calls } = await played({ case: 'watching', 'watch left': '-1', verdict: 'clean' });
    expect(calls).toEqual(['disarm']);
    expect(outcome.incident).toMatchObject({ state: 'closed', because: 'recovered', closedAt: NOW });
  });

  it('of a case that never removed its target cancels nothing', async () => {
    const { outcome, calls } = await played({ 'clean rounds': '5' });
    expect(calls).toEqual([]);
    expect(outcome.incident).toMatchObject({ state: 'closed', because: 'not-acted' });
  });

  it('of a case about a group needs no call', async () => {
    const { outcome, calls } = await played({ about: 'shared', 'clean rounds': '5' });
    expect(calls).toEqual([]);
    expect(outcome.incident).toMatchObject({ state: 'closed', because: 'recovered' });
  });

  it('of a hold needs none either, and one in force stays', async () => {
    const over = await played({ hold: 'over' }, {}, (decision) => decision);
    expect(over.calls).not.toContain('disarm');
  });
});

describe('what is kept', () => {
  it.each(['keep', 'page'] as const)('%s changes nothing', async (action) => {
    const { outcome, calls } = await played({}, {}, (decision) => ({ ...decision, action }));
    expect(calls).toEqual([]);
    expect(outcome.incident.state).toBe('suspected');
  });
});

describe('a second look', () => {
  const contested = { case: 'out', 'lease left': '600' };

  it('at target health that shows the same ends a case that somebody else settled, and its scheduled restore', async () => {
    const { outcome, calls } = await played(contested, { health: () => view });
    expect(calls).toEqual(['disarm']);
    expect(outcome.incident).toMatchObject({ state: 'closed', because: 'operator' });
  });

  it.each([
    ['a target that somebody seems to have put back', contested],
    ['one whose scheduled restore seems to have registered it', { case: 'out', 'lease left': '-10' }],
    ['a removal that seems not to have been made', { confirmed: 'no', 'announced seconds ago': '100' }],
  ])('that differs changes nothing about %s', async (_, described) => {
    const { outcome, calls } = await played(described, { health: () => view.slice(1) });
    expect(calls).toEqual([]);
    expect(outcome.decision).not.toHaveProperty('because');
    expect(outcome.decision).toMatchObject({
      action: 'keep',
      caseId: 'case-1',
      lookAgainAt: NOW + 60_000,
      blocked: [],
      reason: expect.stringContaining('no conclusion is drawn'),
    });
    expect(outcome.incident.state).not.toBe('closed');
  });
});

describe('a target that is given up', () => {
  const given = { case: 'out', 'registered states': 'absent', 'given up': 'now' };

  it('has its scheduled restore cancelled, and its case ends', async () => {
    const { outcome, calls } = await played(given);
    expect(calls).toEqual(['disarm']);
    expect(outcome.incident).toMatchObject({ state: 'closed', because: 'operator', ejections: [{ wayBackCancelledAt: NOW }] });
    expect(outcome.decision).toMatchObject({ action: 'close', because: 'operator' });
  });

  it('keeps its case open when the scheduled restore may be under way, and says so', async () => {
    const { outcome } = await played({ ...given, 'lease left': '30' });
    expect(outcome.incident).toMatchObject({ state: 'out', ejections: [{ wayBackCancelledAt: NOW }] });
    expect(outcome.remarks.join()).toContain('may still be registered once');
  });

  it('is not given up as long as its scheduled restore is still there', async () => {
    await expect(played(given, { hasScheduledRestore: true })).rejects.toThrow('is still there after it was cancelled');
  });
});
