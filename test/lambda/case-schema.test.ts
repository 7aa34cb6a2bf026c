/**
 * Which stored records read as cases: every kind that is written, and none that lacks what its kind
 * promises.
 */
import { openCase } from '../../core/case-transitions';
import type { Case } from '../../core/model';
import { unreadableCase } from '../../core/unreadable';
import { caseOf, recordOf } from '../../lambda/records/case-schema';

const COMMON = { now: 1, groupArn: 'arn', id: 'case-1', summary: 'opened' };
const TARGET = { id: 'i-1', port: 8080 };
const HOLD = { by: 'Ann', reason: 'load test' };
const STACK = openCase({ now: 1, id: 'case-1', summary: 'opened', about: 'breaker' });
const ONE = openCase({ ...COMMON, about: 'target', target: TARGET });

const DECIDED = { action: 'keep', caseId: 'case-1', reason: 'r', blocked: [], guardrails: [], lookAgainAt: 0 } as const;

const stored = (record: Case, change: object = {}): unknown => JSON.parse(JSON.stringify({ ...recordOf(record), ...change }));

describe('a stored record', () => {
  it.each<[string, Case]>([
    ['a target', ONE],
    ['a target of an IP address', openCase({ ...COMMON, about: 'target', target: { ...TARGET, id: '10.0.0.1', availabilityZone: 'all' } })],
    ['all slow', openCase({ ...COMMON, about: 'shared' })],
    ['a group that cannot be seen', openCase({ ...COMMON, about: 'blind' })],
    ['a group that does not exist', openCase({ ...COMMON, about: 'missing' })],
    ['a breaker of a group', openCase({ ...COMMON, about: 'breaker' })],
    ['a breaker of the stack', STACK],
    ['a hold of a group', openCase({ ...COMMON, about: 'hold', hold: HOLD })],
    ['a hold of a target', openCase({ ...COMMON, about: 'hold', hold: { ...HOLD, target: TARGET, untilAt: 2 } })],
  ])('reads as a case: %s', (_name, record) => {
    expect(caseOf(stored(record))).toEqual(record);
  });

  it('of an earlier release reads: with a decision that lacks what its action takes today, and with fields that nobody knows', () => {
    expect(
      caseOf(stored(ONE, { state: 'out', decision: { action: 'eject', blocked: [] }, ejections: [{ target: TARGET }], other: 1 })),
    ).toBeDefined();
  });

  it.each<[string, unknown]>([
    ['a target case without its target', stored(ONE, { target: undefined })],
    ['a hold without whom it is by', stored(openCase({ ...COMMON, about: 'hold', hold: HOLD }), { hold: { reason: 'load test' } })],
    ['a hold that says nothing', stored(openCase({ ...COMMON, about: 'hold', hold: HOLD }), { hold: undefined })],
    ['a kind that is not known', stored(ONE, { about: 'zone' })],
    ['what only stands for a record', stored(unreadableCase({ id: 'a', groupArn: 'arn', version: '2' }))],
    ['another version', stored(ONE, { v: 2 })],
    ['a state that is not known', stored(ONE, { state: 'asleep' })],
    ['a removal of no target', stored(ONE, { ejections: [{ intentAt: 1 }] })],
    ['nothing', undefined],
  ])('is no case: %s', (_name, record) => {
    expect(caseOf(record)).toBeUndefined();
  });

  it('of a breaker of the stack stands under `*`, where every release has looked for it', () => {
    const closed: Case = { ...STACK, decision: { ...DECIDED, action: 'close', because: 'operator' }, state: 'closed' };
    const record = JSON.stringify(recordOf(closed));
    expect(record).toMatch(/^\{"v":1,"id":"case-1","rev":0,"groupArn":"\*","about":"breaker"/);
    expect(record).toContain('"caseId":"case-1","groupArn":"*","reason"');
    expect(caseOf(JSON.parse(record))).toEqual(closed);
  });

  it('of a breaker of the stack keeps the group whose limit opened it', () => {
    const opened: Case = { ...STACK, decision: { ...DECIDED, groupArn: 'arn' } };
    expect(recordOf(opened)).toMatchObject({ groupArn: '*', decision: { groupArn: 'arn' } });
    expect(caseOf(stored(opened))).toEqual(opened);
  });
});
