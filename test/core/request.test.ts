import { isOut, openIntent } from '../../core/case';
import { holdsOn } from '../../core/decide/hold';
import { answerRequest, type Answer, type Known, type OperatorRequest } from '../../core/decide/request';
import type { Case, Target, TargetCase } from '../../core/model';
import { breakerCase, outCase } from '../builders/cases';
import { confirmed, ejection } from '../builders/ejections';
import { GROUP, SEARCH } from '../builders/groups';
import { NOW } from '../builders/now';

const FIRST: Target = { id: 'i-1', port: 8080 };
const SECOND: Target = { id: 'i-2', port: 8080 };
const ASKED = { by: 'Ann', reason: 'load test' };

function out(target: Target, groupArn = GROUP, fields: Partial<TargetCase> = {}): TargetCase {
  return outCase(confirmed(target, NOW - 500_000, NOW + 400_000), { groupArn, id: `case-${target.id}`, rev: 3, ...fields });
}

function known(openCases: readonly Case[] = [], fields: Partial<Known> = {}): Known {
  return {
    now: NOW,
    stamp: '2026-01-01T12:00:00.000Z',
    groups: new Map([
      [GROUP, [FIRST, SECOND]],
      [SEARCH, [SECOND]],
    ]),
    openCases,
    ...fields,
  };
}

function changed(answer: Answer): readonly Case[] {
  return answer.granted ? answer.changes.map(({ incident }) => incident) : [];
}

/** The records after the changes are stored. */
function after(before: Known, request: OperatorRequest, now = before.now): Known {
  const changes = changed(answerRequest(before, request));
  const untouched = before.openCases.filter((incident) => !changes.some((other) => other.id === incident.id));
  return {
    ...before,
    now,
    stamp: String(now),
    openCases: [...untouched, ...changes.map((incident) => ({ ...incident, rev: incident.rev + 1 }))],
  };
}

describe('hold', () => {
  const hold = (subject: string, forS?: number): OperatorRequest => ({
    kind: 'hold',
    subject,
    ...ASKED,
    ...(forS === undefined ? {} : { forS }),
  });

  it.each(['i-1', 'i-1:8080'])('of %s forbids the removal of that target alone', (subject) => {
    const { openCases } = after(known(), hold(subject));
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW)).toHaveLength(1);
    expect(holdsOn(openCases, GROUP, { target: SECOND }, NOW)).toEqual([]);
  });

  it.each(['checkout', GROUP])('of the group %s forbids every removal in it, and none elsewhere', (subject) => {
    const { openCases } = after(known(), hold(subject));
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW)).toHaveLength(1);
    expect(holdsOn(openCases, GROUP, { target: SECOND }, NOW)).toHaveLength(1);
    expect(holdsOn(openCases, SEARCH, { target: SECOND }, NOW)).toEqual([]);
  });

  it('of a target that two groups have holds in both', () => {
    const { openCases } = after(known(), hold('i-2'));
    expect([GROUP, SEARCH].map((arn) => holdsOn(openCases, arn, { target: SECOND }, NOW).length)).toEqual([1, 1]);
  });

  it('ends when its time is over', () => {
    const { openCases } = after(known(), hold('i-1', 7200));
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW + 7_199_999)).toHaveLength(1);
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW + 7_200_000)).toEqual([]);
  });

  it('asked for twice is one hold, with what was asked last', () => {
    const twice = after(after(known(), hold('i-1', 7200), NOW + 1000), hold('i-1', 60));
    expect(twice.openCases).toHaveLength(1);
    expect(twice.openCases[0]?.hold?.untilAt).toBe(NOW + 61_000);
  });

  it('says who asked and why, on the record and to everybody', () => {
    const answer = answerRequest(known(), hold('i-1'));
    expect(changed(answer)[0]?.events.at(-1)?.says).toBe('the target by Ann: load test, until released');
    expect(answer.granted && answer.changes[0]?.decision?.reason).toContain('by Ann: load test');
  });

  it('of something unknown is refused, with what was asked and what there is', () => {
    expect(answerRequest(known(), hold('i-9'))).toEqual({
      granted: false,
      summary: ['no target and no target group "i-9"', 'target groups: checkout, search', 'targets: i-1:8080, i-2:8080'],
    });
  });

  it('can be put on a target that is out and registered nowhere', () => {
    const gone = known([out({ id: 'i-7', port: 8080 })]);
    expect(answerRequest(gone, hold('i-7')).granted).toBe(true);
  });
});

describe('release', () => {
  const release = (subject: string): OperatorRequest => ({ kind: 'release', subject, ...ASKED });
  const held = () => after(known(), { kind: 'hold', subject: 'checkout', ...ASKED });

  it('ends the hold, with who asked', () => {
    const { openCases } = after(held(), release('checkout'));
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW)).toEqual([]);
    expect(openCases[0]).toMatchObject({ state: 'closed', because: 'operator', decision: { reason: 'released by Ann: load test' } });
  });

  it('of what is not held is refused and says what is: a target is not released from the hold of its group', () => {
    expect(answerRequest(held(), release('i-1'))).toEqual({
      granted: false,
      summary: ['i-1:8080 of checkout is not held', 'held: checkout'],
    });
  });
});

describe('restore', () => {
  const restore = (subject?: string): OperatorRequest => ({
    kind: 'restore',
    forS: 3600,
    ...ASKED,
    ...(subject === undefined ? {} : { subject }),
  });
  const records = known([out(FIRST), out(SECOND, SEARCH)]);

  it('announces the restore with who asked, and holds the target so that it is not taken out again at once', () => {
    const { openCases } = after(records, restore('i-1'));
    const mine = openCases.find((incident) => incident.target?.id === 'i-1');
    expect(mine?.ejections[0]).toMatchObject({ restoreIntentAt: NOW, restoreAskedBy: 'Ann: load test' });
    expect(holdsOn(openCases, GROUP, { target: FIRST }, NOW + 3_599_000)).toHaveLength(1);
    expect(openCases.find((incident) => incident.target?.id === 'i-2')?.ejections[0]?.restoreIntentAt).toBeUndefined();
  });

  it('without a subject is for everything that is out', () => {
    const { openCases } = after(records, restore());
    const asked = openCases.filter((incident) => incident.ejections[0]?.restoreAskedBy !== undefined);
    expect(new Set(asked.map((incident) => incident.target?.id))).toEqual(new Set(['i-1', 'i-2']));
  });

  it('asked for twice changes nothing more', () => {
    const once = after(records, restore('i-1'));
    expect(changed(answerRequest(once, restore('i-1')))).toEqual([]);
  });

  it('leaves a longer hold as it is', () => {
    const held = after(records, { kind: 'hold', subject: 'checkout', ...ASKED });
    expect(changed(answerRequest(held, restore('i-1'))).map((incident) => incident.about)).toEqual(['target']);
  });

  it('is possible for a removal that was announced and not yet seen', () => {
    const announced = out(FIRST, GROUP, { state: 'suspected', ejections: [ejection(FIRST, NOW - 5000, NOW + 900_000)] });
    const { openCases } = after(known([announced]), restore('i-1'));
    const mine = openCases.find((incident) => incident.id === announced.id);
    expect(mine !== undefined && isOut(mine) && openIntent(mine)?.restoreIntentAt).toBe(NOW);
  });

  it('of what is not out is refused and says what is', () => {
    expect(answerRequest(known([out(FIRST)]), restore('i-2'))).toEqual({
      granted: false,
      summary: ['i-2 is not currently removed by Sickbay', 'out: i-1:8080 of checkout'],
    });
  });
});

describe('give-up', () => {
  const giveUp = (subject: string): OperatorRequest => ({ kind: 'give-up', subject, ...ASKED });

  it('puts on record who gave the target up, and it is out by us no more', () => {
    const { openCases } = after(known([out(FIRST)]), giveUp('i-1'));
    expect(openCases[0]?.ejections.at(-1)).toMatchObject({ givenUpAt: NOW, givenUpBy: 'Ann: load test' });
    expect(openCases.some(isOut)).toBe(false);
  });

  it('says what it means that an instance stays on standby', () => {
    const [left] = out(FIRST).ejections;
    const onStandby = out(FIRST, GROUP, { ejections: left === undefined ? [] : [{ ...left, owner: 'asg', autoScalingGroup: 'web' }] });
    expect(answerRequest(known([onStandby]), giveUp('i-1')).summary.join()).toContain(
      'stays on Standby in web, neither checked nor replaced',
    );
  });

  it('is asked for twice and changes nothing more, and no restore undoes it', () => {
    const before = after(known([out(FIRST)]), giveUp('i-1'));
    expect(answerRequest(before, giveUp('i-1'))).toMatchObject({ granted: true, changes: [] });
    expect(answerRequest(before, { kind: 'restore', subject: 'i-1', forS: 60, ...ASKED }).granted).toBe(false);
  });

  it('is refused for a whole group, for what is not out, and for what nobody knows', () => {
    const before = known([out(FIRST)]);
    expect(answerRequest(before, giveUp('checkout')).summary.join()).toContain('name one target that is out');
    expect(answerRequest(before, giveUp('i-2')).summary).toEqual(['i-2 is not currently removed by Sickbay', 'out: i-1:8080 of checkout']);
    expect(answerRequest(before, giveUp('i-9')).granted).toBe(false);
  });
});

describe('close-breaker', () => {
  it('closes every open breaker, and says so when there is none', () => {
    const breaker = breakerCase();
    const { openCases } = after(known([breaker]), { kind: 'close-breaker', by: 'Ann' });
    expect(openCases[0]).toMatchObject({ state: 'closed', because: 'operator', decision: { reason: 'closed by Ann' } });
    expect(answerRequest(known(), { kind: 'close-breaker', by: 'Ann' }).summary).toEqual(['no breaker is open']);
  });
});
