/**
 * Which stored records read as cases: every kind that is written, and none that lacks what its kind
 * promises.
 */
import { openCase } from '../../core/case-transitions';
import type { Case } from '../../core/model';
import { unreadableCase } from '../../core/unreadable';
import { isCase } from '../../lambda/records/case-schema';

const COMMON = { now: 1, groupArn: 'arn', id: 'case-1', summary: 'opened' };
const TARGET = { id: 'i-1', port: 8080 };
const HOLD = { by: 'Ann', reason: 'load test' };
const ONE = openCase({ ...COMMON, about: 'target', target: TARGET });

const stored = (record: Case, change: object = {}): unknown => JSON.parse(JSON.stringify({ ...record, ...change }));

describe('a stored record', () => {
  it.each<[string, Case]>([
    ['a target', ONE],
    ['a target of an IP address', openCase({ ...COMMON, about: 'target', target: { ...TARGET, id: '10.0.0.1', availabilityZone: 'all' } })],
    ['all slow', openCase({ ...COMMON, about: 'shared' })],
    ['a group that cannot be seen', openCase({ ...COMMON, about: 'blind' })],
    ['a group that does not exist', openCase({ ...COMMON, about: 'missing' })],
    ['a breaker', openCase({ ...COMMON, groupArn: '*', about: 'breaker' })],
    ['a hold of a group', openCase({ ...COMMON, about: 'hold', hold: HOLD })],
    ['a hold of a target', openCase({ ...COMMON, about: 'hold', hold: { ...HOLD, target: TARGET, untilAt: 2 } })],
  ])('reads as a case: %s', (_name, record) => {
    expect(isCase(stored(record))).toBe(true);
  });

  it('of an earlier release reads: with a decision that lacks what its action takes today, and with fields that nobody knows', () => {
    expect(
      isCase(stored(ONE, { state: 'out', decision: { action: 'eject', blocked: [] }, ejections: [{ target: TARGET }], other: 1 })),
    ).toBe(true);
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
    expect(isCase(record)).toBe(false);
  });
});
