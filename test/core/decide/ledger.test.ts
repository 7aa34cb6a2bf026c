/** What counts against the budgets, and which groups share one. */
import { openLedger } from '../../../core/decide/ledger';
import type { Situation } from '../../../core/decide/situation';
import type { Case, Ejection } from '../../../core/model';
import { outCase } from '../../builders/cases';
import { ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';

const HOUR_MS = 3_600_000;
const base = situation(new Map());

function ejected(groupArn: string, id: string, agoMs: number, fields: Partial<Ejection> = {}): Case {
  const target = { id, port: 80 };
  return outCase(ejection(target, NOW - agoMs, NOW + 900_000, fields), { groupArn, id: `${groupArn} ${id} ${agoMs}` });
}

function ledger(fields: Partial<Situation>) {
  return openLedger({ ...base, groups: [], openCases: [], closedCases: [], hosts: new Map(), ...fields });
}

/** Hosts of each group, as the latest rounds saw them. */
const hosts = (groups: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(groups));

describe('what is counted', () => {
  it('is what is out, and what this run has granted', () => {
    const made = ledger({ openCases: [ejected('a', 'i-1', 60_000)] });
    expect(made.outIn('a')).toBe(1);
    made.grant('a');
    expect(made.outIn('a')).toBe(2);
  });

  it('of the last hour is every ejection, open or closed, and every grant, and not one that was given up', () => {
    const mine = [ejected('a', 'i-1', HOUR_MS - 1), ejected('a', 'i-2', HOUR_MS), ejected('a', 'i-3', 1, { abandonedAt: NOW })];
    const made = ledger({ openCases: mine, closedCases: [{ ...ejected('a', 'i-4', 10), state: 'closed' }] });
    expect([made.ejectionsLastHour('a'), made.ejectionsLastHourInStack()]).toEqual([2, 2]);
    made.grant('a');
    expect([made.ejectionsLastHour('a'), made.ejectionsLastHourInStack()]).toEqual([3, 3]);
  });

  it('in the stack is counted over groups that share nothing, and in a group is not', () => {
    const openCases = [ejected('a', 'i-1', 1), ejected('b', 'i-2', 1)];
    const made = ledger({ openCases, hosts: hosts({ a: ['i-1'], b: ['i-2'] }) });
    expect([made.ejectionsLastHour('a'), made.outIn('a'), made.ejectionsLastHourInStack()]).toEqual([1, 1, 2]);
  });
});

describe('groups share a budget', () => {
  it('when a round saw a host in both, one group after the other', () => {
    const openCases = [ejected('c', 'i-9', 1)];
    const made = ledger({ openCases, hosts: hosts({ a: ['i-1', 'i-2'], b: ['i-2', 'i-3'], c: ['i-3'], d: ['i-4'] }) });
    expect([made.outIn('a'), made.outIn('b'), made.outIn('c'), made.outIn('d')]).toEqual([1, 1, 1, 0]);
  });

  it('whatever the order in which the groups are met', () => {
    const openCases = [ejected('a', 'i-9', 1)];
    const made = ledger({ openCases, hosts: hosts({ a: ['i-1'], b: ['i-2'], c: ['i-1', 'i-2'] }) });
    expect([made.outIn('a'), made.outIn('b'), made.outIn('c')]).toEqual([1, 1, 1]);
  });

  it('when target health shows a host in both now', () => {
    const [group] = base.groups;
    if (group === undefined) throw new Error('the situation has a group');
    const other = { ...group, group: { ...group.group, arn: 'b' } };
    const made = ledger({ groups: [group, other], openCases: [ejected('b', 'i-9', 1)] });
    expect(made.outIn(group.group.arn)).toBe(1);
  });

  it('when what is out was in both: it is registered nowhere, and its case says where it was', () => {
    const made = ledger({ openCases: [ejected('a', 'i-1', 1)], hosts: hosts({ b: ['i-1'] }) });
    expect(made.outIn('b')).toBe(1);
    const closedCases: Case[] = [{ ...ejected('a', 'i-2', 10), state: 'closed' }];
    expect(ledger({ closedCases, hosts: hosts({ b: ['i-2'] }) }).ejectionsLastHour('b')).toBe(1);
  });

  it('not when they have nothing in common', () => {
    const made = ledger({ openCases: [ejected('a', 'i-1', 1)], hosts: hosts({ a: ['i-1', 'i-3'], b: ['i-2'] }) });
    expect([made.outIn('a'), made.outIn('b')]).toEqual([1, 0]);
  });

  it('with a group that left the configuration while a target of it is out: nobody reads any more which hosts it has', () => {
    const made = ledger({ openCases: [ejected('dropped', 'i-1', 1)], hosts: hosts({ b: ['i-2'] }) });
    expect([made.outIn('b'), made.ejectionsLastHour('b')]).toEqual([1, 0]);
  });

  it('not with a group that was read in this run and has other hosts, though no round of it is remembered', () => {
    const [group] = base.groups;
    if (group === undefined) throw new Error('the situation has a group');
    const apart = {
      ...group,
      group: { ...group.group, arn: 'b' },
      lbView: [{ target: { id: 'i-7', port: 80 }, state: 'healthy' as const }],
    };
    const { arn } = group.group;
    expect(ledger({ groups: [group, apart], openCases: [ejected('b', 'i-9', 1)] }).outIn(arn)).toBe(0);
    expect(ledger({ groups: [group, apart], openCases: [ejected('dropped', 'i-9', 1)] }).outIn(arn)).toBe(1);
  });
});
