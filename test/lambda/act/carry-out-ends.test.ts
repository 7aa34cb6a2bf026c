/**
 * Where carrying out a decision turns: late removals, refused returns, instances that are stopped,
 * second looks.
 */
import { isTargetCase } from '../../../core/case';
import { decide } from '../../core/decisions';
import { hourlyLimitAlone } from '../../../core/decide/breaker';
import { ReturnRefused } from '../../../lambda/act/return-refused';
import { outCase } from '../../builders/cases';
import { decisionTo } from '../../builders/decisions';
import { confirmed, ejection } from '../../builders/ejections';
import { SEARCH } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';
import { carried, goneFrom, played } from './carry-out-setup';
import { TARGET } from '../../builders/targets';

const view = situation(new Map()).groups[0]?.lbView ?? [];
const MEMBER = { 'declared owner': 'asg', 'observed owner': 'asg', 'drains for': '60' };

describe('a removal that was carried out late', () => {
  it('is on record as made after all, with the scheduled restore that it was announced with', async () => {
    const { outcome, calls } = await played({ 'spared seconds ago': '100', 'registered states': 'absent' });
    expect(calls).toEqual(['arm']);
    expect(outcome.incident).toMatchObject({ state: 'out' });
    expect(outcome.incident.ejections[0]).not.toHaveProperty('abandonedAt');
    expect(outcome.incident.ejections[0]?.confirmedAt).toBe(NOW);
  });

  it('is the last one: an earlier one that was given up stays so', async () => {
    const here = situation(new Map(Object.entries({ confirmed: 'no', 'registered states': 'absent', 'announced seconds ago': '100' })));
    const [incident] = here.openCases.filter(isTargetCase);
    const earlier = ejection(TARGET, NOW - 900_000, NOW + 1000, { abandonedAt: NOW - 800_000 });
    if (incident === undefined) throw new Error('the scenario has a case');
    const twice = { ...incident, ejections: [earlier, ...incident.ejections] };
    const { outcome } = await carried({ ...here, openCases: [twice] }, twice, decisionTo('confirm', { reason: 'it left' }));
    expect(outcome.incident.ejections.map(({ abandonedAt, confirmedAt }) => [abandonedAt, confirmedAt])).toEqual([
      [NOW - 800_000, undefined],
      [undefined, NOW],
    ]);
  });
});

describe('what is announced', () => {
  it('is the target as the load balancer has it', async () => {
    const { stored } = await played({ zones: 'a a b b' }, { health: goneFrom(2, view) });
    expect(stored[0]?.ejections[0]?.target).toEqual({ id: 'i-1', port: 8080, availabilityZone: 'a' });
  });
});

describe('the last look', () => {
  it('says on record what blocked it, each reason apart', async () => {
    const { outcome } = await played({}, { killSwitch: 'on', leaseLeftMs: 0 });
    expect(outcome.incident.events.at(-1)?.says).toContain('blocked right before the call: kill-switch, world-changed');
    expect(hourlyLimitAlone(outcome.decision.guardrails)).toBeUndefined();
  });

  it('reads the budgets on target health as it is by then', async () => {
    const { outcome, calls } = await played({ targets: '20', 'ejected minutes ago': '' }, { health: () => view.slice(0, 2) });
    expect(calls).not.toContain('remove static');
    expect(outcome.decision.blocked).toContain('capacity-floor');
  });

  it('shares the budget of a group by a host that has joined this one since the decision', async () => {
    const decided = situation(new Map());
    const [here] = decided.groups;
    const [incident] = decided.openCases;
    if (here === undefined || incident === undefined) throw new Error('the scenario has a group and a case');
    const joins = { target: { id: 'i-5', port: 8080 }, state: 'healthy' as const };
    const target = { id: 'i-9', port: 8080 };
    const out = outCase(confirmed(target, NOW - 60_000, NOW + 840_000), { groupArn: SEARCH, id: 'out-of-search' });
    const search = { ...here, group: { ...here.group, arn: SEARCH, name: 'search' }, lbView: [joins], rounds: [] };
    const hosts = new Map([[SEARCH, [target.id]]]);
    const both = { ...decided, groups: [here, search], hosts, openCases: [incident, out] };
    const decision = decide(both).find(({ caseId }) => caseId === incident.id);
    expect(decision?.action).toBe('eject');
    if (decision === undefined) return;
    const { outcome, calls } = await carried(both, incident, decision, { health: () => [...view, joins] });
    expect(calls).not.toContain('remove static');
    expect(outcome.decision.blocked).toEqual(['budget-group']);
  });
});

describe('a return that the group of the instance refuses', () => {
  const well = { ...MEMBER, case: 'out', 'registered states': 'absent', 'clean rounds': '5' };

  it('pages a person, keeps the scheduled restore, and leaves the target out', async () => {
    const restore = () => Promise.reject(new ReturnRefused('no room for i-1'));
    const { outcome, calls } = await played(well, { restore, hasScheduledRestore: true });
    expect(calls).toEqual(['put out', 'restore asg']);
    expect(outcome).toMatchObject({
      incident: { state: 'out' },
      decision: { action: 'page', reason: 'no room for i-1', blocked: ['no-way-back'] },
    });
  });

  it('is settled once target health can be trusted to show it', async () => {
    const just = { case: 'out', 'restore asked by': 'Ann' };
    const settled = await played({ ...just, 'confirmed seconds ago': '30', 'registered states': 'absent' }, { health: () => view });
    expect(settled.outcome.incident.state).toBe('watching');
    const early = await played({ ...just, 'confirmed seconds ago': '29', 'registered states': 'absent' }, { health: () => view });
    expect(early.outcome.incident.state).toBe('out');
  });
});

describe('an instance that is stopped', () => {
  const stopped = { case: 'out', 'registered states': 'absent', 'instance is': 'stopped' };

  it('keeps a scheduled restore that is far enough ahead', async () => {
    const { calls, outcome } = await played({ ...stopped, 'lease left': '800' }, { hasScheduledRestore: true });
    expect(calls).toEqual([]);
    expect(outcome.incident.ejections[0]?.leaseEndsAt).toBe(NOW + 800_000);
    expect(outcome.incident.updatedAt).toBe(NOW - 120_000);
  });

  it('gets one where there is none, for the end of its lease', async () => {
    const { calls, armedAt, outcome } = await played({ ...stopped, 'lease left': '800' });
    expect([calls, armedAt]).toEqual([['arm'], [NOW + 800_000]]);
    expect(outcome.incident.ejections[0]?.leaseEndsAt).toBe(NOW + 800_000);
  });

  it('has the new end of its lease on record when its scheduled restore is moved', async () => {
    const { armedAt, outcome } = await played({ ...stopped, 'lease left': '300' }, { hasScheduledRestore: true });
    expect(armedAt).toEqual([NOW + 900_000]);
    expect(outcome.incident.ejections[0]?.leaseEndsAt).toBe(NOW + 900_000);
  });
});

describe('an end that rests on target health', () => {
  const waits = async (described: Readonly<Record<string, string>>) => (await played(described, { health: () => view })).waits;

  it('is looked at twice, and one of a removal that is over or whose scheduled restore is cancelled is not', async () => {
    expect(await waits({ case: 'out', 'lease left': '600' })).toEqual([2000]);
    expect(await waits({ case: 'watching', 'watch left': '-1', verdict: 'clean' })).toEqual([]);
    expect(await waits({ 'spared seconds ago': '100, called off', 'clean rounds': '3', verdict: 'clean' })).toEqual([]);
  });
});

describe('a case about no target', () => {
  it('is closed or left, whatever else was decided', async () => {
    const { outcome, calls } = await played({ about: 'shared', fleet: 'shared' });
    expect(calls).toEqual([]);
    expect(outcome).toMatchObject({ incident: { state: 'suspected' }, decision: { action: 'keep' } });
  });
});
