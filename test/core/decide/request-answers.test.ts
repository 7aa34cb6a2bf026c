/** What an operator is answered, word by word, and records that a request must leave alone. */
import { answerRequest, isNamed, type Known, type OperatorRequest } from '../../../core/decide/request';
import type { BreakerCase, Case, Ejection, Hold, HoldCase, Target, TargetCase } from '../../../core/model';
import { breakerCase, holdCase, outCase } from '../../builders/cases';
import { confirmed } from '../../builders/ejections';
import { GROUP, SEARCH } from '../../builders/groups';
import { NOW } from '../../builders/now';

const FIRST: Target = { id: 'i-1', port: 8080 };
const SECOND: Target = { id: 'i-2', port: 8080 };
const ASKED = { by: 'Ann', reason: 'load test' };

function known(openCases: readonly Case[] = [], groups: Known['groups'] = new Map([[GROUP, [FIRST, SECOND]]])): Known {
  return { now: NOW, stamp: 'T', groups, openCases };
}

const both = new Map([
  [GROUP, [FIRST, SECOND]],
  [SEARCH, [SECOND]],
]);

function out(target: Target, groupArn = GROUP, fields: Partial<Ejection> = {}, more: Partial<TargetCase> = {}): TargetCase {
  return outCase(confirmed(target, NOW - 500_000, NOW + 400_000, fields), { groupArn, id: `out-${target.id}`, ...more });
}

function held(id: string, groupArn = GROUP, hold: Partial<Hold> = {}, more: Partial<HoldCase> = {}): HoldCase {
  return holdCase({ by: 'Bob', reason: 'audit', ...hold }, { groupArn, id, ...more });
}

function breaker(id: string, groupArn?: string, more: Partial<Pick<BreakerCase, 'state'>> = {}): BreakerCase {
  return breakerCase(groupArn, { id, ...more });
}

const said = (before: Known, request: OperatorRequest) => answerRequest(before, request).summary;

function changes(before: Known, request: OperatorRequest): readonly Case[] {
  const answer = answerRequest(before, request);
  return answer.granted ? answer.changes.map(({ incident }) => incident) : [];
}

const hold = (subject: string, forS?: number): OperatorRequest => ({
  kind: 'hold',
  subject,
  ...ASKED,
  ...(forS === undefined ? {} : { forS }),
});
const release = (subject: string): OperatorRequest => ({ kind: 'release', subject, ...ASKED });
const restore = (subject?: string, forS = 3600): OperatorRequest => ({
  kind: 'restore',
  forS,
  ...ASKED,
  ...(subject === undefined ? {} : { subject }),
});
const giveUp = (subject: string): OperatorRequest => ({ kind: 'give-up', subject, ...ASKED });
const closeBreakers: OperatorRequest = { kind: 'close-breaker', by: 'Ann' };

describe('a name', () => {
  const zonal = { ...FIRST, availabilityZone: 'us-east-1a' };

  it('is of a target by its id, its id and port, or its key, and of its group by name or ARN', () => {
    const names = ['i-1', 'i-1:8080', 'i-1:8080:us-east-1a', 'checkout', GROUP, 'i-1:80', 'search', ''];
    expect(names.map((name) => isNamed({ groupArn: GROUP, target: zonal }, name))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('that nobody has is answered with what there is: by name, twenty at most', () => {
    const many = new Map([[GROUP, Array.from({ length: 22 }, (_, index) => ({ id: `i-${50 - index}`, port: 80 }))]]);
    const [, groups, targets = ''] = said(known([], many), hold('i-99'));
    expect(groups).toBe('target groups: checkout');
    expect(targets.startsWith('targets: i-29:80, i-30:80,')).toBe(true);
    expect(targets.endsWith('i-48:80 and 2 more')).toBe(true);
    const twenty = new Map([[GROUP, (many.get(GROUP) ?? []).slice(2)]]);
    expect(said(known([], twenty), hold('i-99'))[2]).toMatch(/i-48:80$/);
    expect(said(known([], new Map()), hold('i-99'))).toEqual([
      'no target and no target group "i-99"',
      'target groups: none',
      'targets: none',
    ]);
  });

  it('of what is out is known though it is registered nowhere, in a group that was not read too', () => {
    const [, groups, targets] = said(known([out({ id: 'i-7', port: 80 }), out({ id: 'i-8', port: 80 }, SEARCH)]), hold('i-99'));
    expect(groups).toBe('target groups: checkout, search');
    expect(targets).toBe('targets: i-1:8080, i-2:8080, i-7:80, i-8:80');
    expect(said(known([out(FIRST)]), hold('i-1'))).toHaveLength(1);
  });
});

describe('a hold', () => {
  it('is answered for each target and group, with who asked and for how long', () => {
    expect(said(known(), hold('i-1', 3600))).toEqual([
      'i-1:8080 of checkout is held: the target by Ann: load test, until 2026-01-01 13:00:00 UTC',
    ]);
    expect(said(known(), hold('checkout'))).toEqual(['checkout is held: the group by Ann: load test, until released']);
    expect(said(known([], both), hold('i-2'))).toHaveLength(2);
  });

  it('has an id that tells what is held, and its record who asked', () => {
    const [ofTarget] = changes(known(), hold('i-1'));
    const [ofGroup] = changes(known(), hold('checkout'));
    expect([ofTarget?.id, ofGroup?.id]).toEqual(['T-hold-checkout-i-1-8080', 'T-hold-checkout']);
    expect(ofGroup?.events.map(({ kind, says }) => `${kind}: ${says}`)).toEqual([
      'opened: hold asked for by Ann',
      'held: the group by Ann: load test, until released',
    ]);
    expect(ofGroup?.hold).toEqual({ by: 'Ann', reason: 'load test' });
    expect(answerRequest(known(), hold('checkout'))).toMatchObject({
      changes: [{ decision: { action: 'keep', blocked: [], guardrails: [], lookAgainAt: NOW } }],
    });
  });

  it('that is there is changed, and noted', () => {
    const [changed] = changes(known([held('h', GROUP, { target: FIRST })]), hold('i-1'));
    expect(changed).toMatchObject({ id: 'h', hold: { by: 'Ann' } });
    const [ofAnotherRead] = changes(known([held('h', GROUP, { target: { ...FIRST } })]), hold('i-1'));
    expect(ofAnotherRead?.id).toBe('h');
    expect(changed?.events.at(-1)).toMatchObject({ at: NOW, kind: 'held', says: 'the target by Ann: load test, until released' });
  });

  it('is a new one beside a hold of something else, and beside one that was closed', () => {
    const others = [
      held('of the group'),
      held('elsewhere', SEARCH, { target: FIRST }),
      held('of another target', GROUP, { target: SECOND }),
      held('closed', GROUP, { target: FIRST }, { state: 'closed' }),
    ];
    expect(changes(known(others, both), hold('i-1')).map(({ id }) => id)).toEqual(['T-hold-checkout-i-1-8080']);
    expect(changes(known(others.slice(1), both), hold('checkout')).map(({ id }) => id)).toEqual(['T-hold-checkout']);
  });
});

describe('a release', () => {
  it('ends every hold that is meant, and says so', () => {
    const holds = [held('a', GROUP, { target: SECOND }), held('b', SEARCH, { target: SECOND }), held('c')];
    const answer = answerRequest(known(holds, both), release('i-2'));
    expect(answer.summary).toEqual([
      'i-2:8080 of checkout is released by Ann: load test',
      'i-2:8080 of search is released by Ann: load test',
    ]);
    expect(answer).toMatchObject({ changes: [{ decision: { action: 'close', because: 'operator' } }, { incident: { id: 'b' } }] });
  });

  it('of what nobody knows is no release of nothing', () => {
    expect(said(known(), release('i-9'))[0]).toBe('no target and no target group "i-9"');
  });

  it('of what is not held says all that is, and nothing of what is no hold or closed', () => {
    const records = [
      held('a'),
      held('b', SEARCH),
      held('c', GROUP, { target: FIRST }, { state: 'closed' }),
      out(SECOND),
      breaker('x', GROUP),
    ];
    expect(said(known(records, both), release('i-2'))).toEqual([
      'i-2:8080 of checkout, i-2:8080 of search is not held',
      'held: checkout, search',
    ]);
    expect(said(known(), release('i-2'))[1]).toBe('held: nothing');
  });
});

describe('a restore', () => {
  it('is answered with what comes back, and for how long it stays', () => {
    expect(said(known([out(FIRST)]), restore('i-1'))).toEqual([
      'i-1:8080 of checkout is restored now and held: the target by Ann: load test, until 2026-01-01 13:00:00 UTC',
    ]);
  });

  it('of what nobody knows says so, and of nothing that is out says that', () => {
    expect(said(known(), restore('i-9'))[0]).toBe('no target and no target group "i-9"');
    expect(said(known(), restore('i-1'))).toEqual(['i-1 is not currently removed by Sickbay', 'out: nothing']);
    expect(said(known(), restore())).toEqual(['no target is removed', 'out: nothing']);
    expect(said(known([out(FIRST), out(SECOND, SEARCH)], both), restore('checkout'))).toHaveLength(1);
    expect(said(known([out(FIRST), out({ id: 'i-3', port: 1 }, SEARCH)], both), restore('i-2'))[1]).toBe(
      'out: i-1:8080 of checkout, i-3:1 of search',
    );
  });

  it('is of the group that was named, and of its target alone', () => {
    const ids = (subject: string) =>
      changes(known([out(SECOND), out({ id: 'i-3', port: 1 }, SEARCH)], both), restore(subject)).filter(({ about }) => about === 'target');
    expect(ids('search').map(({ id }) => id)).toEqual(['out-i-3']);
    expect(ids('i-2').map(({ id }) => id)).toEqual(['out-i-2']);
  });

  it.each([
    [3600, []],
    [3599, ['hold']],
  ])('leaves a hold alone that lasts as long (%s s), and changes a shorter one', (lasts, changed) => {
    const standing = held('h', GROUP, { target: FIRST, untilAt: NOW + lasts * 1000 });
    const about = changes(known([out(FIRST), standing]), restore('i-1')).map((one) => one.about);
    expect(about).toEqual([...changed, 'target']);
  });

  it('that was asked for already, and is held as long, changes nothing', () => {
    const asked = out(FIRST, GROUP, { restoreIntentAt: NOW - 1000, restoreAskedBy: 'Ann: load test' });
    const standing = held('h', GROUP, { target: FIRST, untilAt: NOW + 3_600_000 });
    expect(answerRequest(known([asked, standing]), restore('i-1'))).toMatchObject({ granted: true, changes: [] });
  });
});

describe('giving up', () => {
  it('is answered for each group that the target is out of, with what becomes of it', () => {
    const records = [out(SECOND), out(SECOND, SEARCH, { owner: 'asg', autoScalingGroup: 'web' }, { id: 'other' })];
    expect(said(known(records, both), giveUp('i-2'))).toEqual([
      'i-2:8080 of checkout is given up: it stays out, and Sickbay does not register it again',
      'i-2:8080 of search is given up: it stays on Standby in web, neither checked nor replaced, and Sickbay does not return it to service',
    ]);
  });

  it('of what nobody knows, of a group, and of what is not out is refused, with what is out', () => {
    expect(said(known(), giveUp('i-9'))[0]).toBe('no target and no target group "i-9"');
    expect(said(known([], both), giveUp('checkout'))).toEqual(['checkout is a target group; name one target that is out']);
    expect(said(known(), giveUp('i-1'))).toEqual(['i-1 is not currently removed by Sickbay', 'out: nothing']);
    const records = [out(FIRST), out({ id: 'i-3', port: 1 }), out(SECOND, GROUP, {}, { state: 'closed' }), breaker('x', GROUP)];
    expect(said(known(records), giveUp('i-2'))[1]).toBe('out: i-1:8080 of checkout, i-3:1 of checkout');
  });

  it('again says the same while its case is open, and that it is not out when it is closed', () => {
    const given = { givenUpAt: NOW - 1000, givenUpBy: 'Ann: load test' };
    expect(said(known([out(FIRST, GROUP, given)]), giveUp('i-1'))[0]).toContain('is given up');
    expect(said(known([out(FIRST, GROUP, given, { state: 'closed' })]), giveUp('i-1'))[0]).toContain('is not currently removed');
    expect(said(known([out(FIRST, GROUP, {}, { state: 'suspected', ejections: [] })]), giveUp('i-1'))[0]).toContain(
      'is not currently removed',
    );
    const two = [out(FIRST), out(FIRST, SEARCH, given)];
    expect(said(known(two, new Map([...both, [SEARCH, [FIRST]]])), giveUp('i-1'))).toEqual([
      expect.stringContaining('i-1:8080 of checkout is given up'),
      expect.stringContaining('i-1:8080 of search is given up'),
    ]);
  });
});

describe('breakers', () => {
  it('are closed, those that are open, and nothing else', () => {
    const records = [breaker('s'), breaker('c', GROUP), breaker('d', SEARCH, { state: 'closed' }), out(FIRST), held('h')];
    const answer = answerRequest(known(records), closeBreakers);
    expect(answer.summary).toEqual(['the breaker of the stack is closed', 'the breaker of checkout is closed']);
    expect(answer.granted && answer.changes.map(({ incident }) => incident.id)).toEqual(['s', 'c']);
    const [ofStack, ofGroup] = answer.granted ? answer.changes.map(({ decision }) => decision) : [];
    expect(ofStack).toMatchObject({ caseId: 's', action: 'close' });
    expect(ofStack).not.toHaveProperty('groupArn');
    expect(ofGroup).toMatchObject({ caseId: 'c', groupArn: GROUP });
    expect(said(known([out(FIRST)]), closeBreakers)).toEqual(['no breaker is open']);
  });
});
