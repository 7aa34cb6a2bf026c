/** Guardrails where they turn, what each says when it passes, and what no scenario can describe. */
import { hourlyLimitAlone } from '../../../core/decide/breaker';
import { evaluateGuardrails, evaluateRenewal } from '../../../core/decide/guardrails';
import type { Situation } from '../../../core/decide/situation';
import { isTargetCase } from '../../../core/case';
import type { Case, GuardrailCheck, LbTarget, Target, TargetCase } from '../../../core/model';
import { confirmed, ejection } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { verdict } from '../../builders/rounds';
import { allOf, candidate, inCase, inGroup, inRounds, without, type Change, type Keys } from './described';

const SIDE_PORT: Target = { id: 'i-1', port: 9090 };
const STANDBY = { 'declared owner': 'asg', 'observed owner': 'asg' };

const said = ({ guardrail, passed, value, limit }: GuardrailCheck) => `${guardrail}${passed ? '' : ' NO'}: ${value}; limit: ${limit}`;

function all(keys: Keys = {}, change?: Change): string[] {
  return evaluateGuardrails(candidate(keys, change)).map(said);
}

/** What the guardrails of that name say, in their order. */
function of(name: GuardrailCheck['guardrail'], keys: Keys = {}, change?: Change): string[] {
  return all(keys, change).filter((text) => text.split(/[ :]/)[0] === name);
}

/** The sick target's instance serves on another port as well, and is well there. */
const onSidePort = allOf(
  inGroup((group) => ({ ...group, lbView: [...group.lbView, { target: SIDE_PORT, state: 'healthy' } satisfies LbTarget] })),
  inRounds((round) => ({
    ...round,
    lbView: [...round.lbView, { target: SIDE_PORT, state: 'healthy' }],
    verdicts: [...round.verdicts, verdict('i-1:9090')],
  })),
);

describe('the table of an alert', () => {
  const EVERYWHERE = [
    'no-probe-path: /api/cart; limit: a configured path',
    'too-few-peers: 4 comparable targets; limit: at least 3',
    'never-reached: answered before; limit: answered at least once',
    'stale-evidence: spans 90 s, ended 10 s ago; limit: spans 60 s or more, ended less than 120 s ago',
    "shared-cause: round says convicted; 0 of 3 peers' pools near full; limit: not shared; fewer than a third near full",
    'shared-zone: convicted; limit: not shared-zone',
    'blind: convicted; limit: not blind',
    'grace: warm; limit: warm: 300 s after registration',
    'contradicted: 40 of 160 client requests slow or failed, 0 of 240 before; CloudWatch was not asked; limit: no second view contradicts it',
    'second-view-awaited: nothing to wait for; limit: no second view is still to come',
    'uncorroborated: 40 of 160 client requests slow or failed, 0 of 240 before; CloudWatch was not asked; limit: a second view',
    'capacity-floor: 3 serving well after it; limit: at least 3',
    'zone-floor: cross-zone is on; limit: only counted when it is off',
    'capacity-projection: 53 % (pool 8 of 20 on i-2, the fullest of 3 read x 4/3); limit: 70 %',
    'budget-group: 0 out; limit: fewer than 1',
    'budget-group-hour: 0 removed in the last hour; limit: fewer than 2',
    'budget-stack: 0 removed in the last hour; limit: fewer than 3',
    'breaker-open: 0 open; limit: none: a person closes it',
    'held: not held; limit: no hold',
    'frozen-zonal-shift: 0 targets under a zonal shift; limit: 0',
    'frozen-atw: 0 targets with anomaly mitigation in effect; limit: 0',
    'contested: by no one; limit: not within six hours',
    'world-changed: healthy; limit: healthy: it gets traffic',
  ];

  it('says of a static target what was asked, what was seen, and where the limit is', () => {
    expect(all()).toEqual([
      'mode-observe: enforce, target group tagged; limit: enforce and the tag sickbay:enforce=Sickbay',
      'kill-switch: off; limit: off',
      'owner-undeclared: static; limit: static, asg or ecs',
      'owner-unsupported: static; limit: static, as declared',
      'target-unsupported: instance over HTTP HTTP1; limit: instance or ip over HTTP or HTTPS, or instance over TCP or TLS with "nlb", probed in its own protocol version',
      ...EVERYWHERE,
      'asg-at-min: in no Auto Scaling group; limit: applies to members of one only',
      'zone-imbalance: in no Auto Scaling group; limit: applies to members of one only',
      'no-way-back: in no Auto Scaling group; limit: applies to members of one only',
      'frozen-deployment: in no Auto Scaling group; limit: applies to members of one only',
      'capacity-unknown: every group was read; limit: every attached group can be read',
      'owner-unsupported: in no Auto Scaling group; limit: applies to members of one only',
      'world-changed: in no Auto Scaling group; limit: InService',
      'world-changed: in no Auto Scaling group; limit: applies to members of one only',
      'unreadable-record: none; limit: every record can be read',
    ]);
  });

  it('says the same of a member of an Auto Scaling group, and what its group shows', () => {
    expect(all({ ...STANDBY, 'other group': 'healthy healthy healthy healthy' })).toEqual([
      'mode-observe: enforce, target group tagged, Auto Scaling group web tagged; limit: enforce and the tag sickbay:enforce=Sickbay on both',
      'kill-switch: off; limit: off',
      'owner-undeclared: asg; limit: static, asg or ecs',
      'owner-unsupported: asg; limit: asg, as declared',
      'target-unsupported: instance over HTTP HTTP1; limit: instance or ip over HTTP or HTTPS, or instance over TCP or TLS with "nlb", probed in its own protocol version',
      ...EVERYWHERE,
      'asg-at-min: web: desired 4, minimum 2; limit: desired capacity at least 1 above it',
      'zone-imbalance: web: in balance; limit: at most 1 instance apart, or AZRebalance suspended',
      'no-way-back: web: desired 4, maximum 6, no launch hook; limit: desired capacity at least 1 below the maximum, and no launch hook',
      'frozen-deployment: web: at rest; limit: nothing under way',
      'capacity-unknown: every group was read; limit: every attached group can be read',
      'owner-unsupported: web: attached, drains for 300 s; limit: attached to the target group, on its port, drained within half a lease',
      'world-changed: InService; limit: InService',
      'world-changed: not out; limit: not out on behalf of another case',
      'unreadable-record: none; limit: every record can be read',
    ]);
  });

  it('says of a renewal what the others can do without', () => {
    const near = { ...STANDBY, case: 'out', 'registered states': 'absent', 'lease left': '300' };
    expect(evaluateRenewal(candidate(near)).map(said)).toEqual([
      'shared-cause: round says convicted; limit: not shared',
      'shared-zone: convicted; limit: not shared-zone',
      'blind: convicted; limit: not blind',
      'capacity-floor: 3 serving well after it; limit: at least 3',
      'zone-floor: cross-zone is on; limit: only counted when it is off',
      'capacity-projection: 40 % (pool 8 of 20 on i-2, the fullest of 3 read x 3/3); limit: 70 %',
      'capacity-unknown: every group was read; limit: every attached group can be read',
      'capacity-unknown: every group was read; limit: every attached group can be read',
      'budget-group: 0 out; limit: fewer than 1',
      'frozen-zonal-shift: 0 targets under a zonal shift; limit: 0',
      'unreadable-record: none; limit: every record can be read',
    ]);
  });

  it('names every one of several, apart', () => {
    const held = (here: Situation) => ({
      ...here,
      openCases: here.openCases.flatMap((value): Case[] => (value.about === 'hold' ? [value, { ...value, id: 'second' }] : [value])),
    });
    const [hold = ''] = of('held', { hold: '1' }, held);
    expect(hold).toBe(
      'held NO: the target by Ann: load test, until released; the target by Ann: load test, until released; limit: no hold',
    );
    const bad = { 'count threshold': 'many', 'routing count': 'few', 'cross-zone': 'false', zones: 'a a b b' };
    const thresholds =
      'target_group_health.dns_failover.minimum_healthy_targets.count=many, target_group_health.unhealthy_state_routing.minimum_healthy_targets.count=few';
    expect(of('capacity-floor', bad)).toEqual([`capacity-floor NO: ${thresholds}; limit: thresholds as ELB documents them`]);
    expect(of('zone-floor', bad)).toEqual([`zone-floor NO: ${thresholds}; limit: thresholds as ELB documents them`]);
    expect(of('contested', { contested: 'yes', 'contested elsewhere': 'yes' })[0]).toContain('2 times (checkout, internal)');
    const twoLater = (here: Situation) => ({ ...here, openCases: [...here.openCases, ...here.closedCases] });
    expect(of('unreadable-record', { 'later version': 'closed' }, twoLater)[0]).toContain('NO: later, later;');
  });

  it('names every sign of a deployment, every hook, and everything that does not fit Standby, apart', () => {
    expect(of('frozen-deployment', { ...STANDBY, refresh: 'Pending, InProgress', suspended: 'Launch' })[0]).toContain(
      'web: instance refresh Pending, instance refresh InProgress, Launch suspended;',
    );
    expect(of('no-way-back', { ...STANDBY, 'launch hook': 'one, two' })[0]).toContain('launch hooks one, two;');
    expect(of('owner-unsupported', { ...STANDBY, 'not attached': 'yes', port: '9000' })[1]).toContain(
      'web: not attached to checkout, registered on port 9000, by somebody else than the group;',
    );
    expect(of('capacity-unknown', { ...STANDBY, 'asg unread': 'one, two' })[0]).toContain('NO: one; two;');
    expect(of('zone-imbalance', { ...STANDBY, 'asg outside': 'i-8, i-9' })[0]).toContain('in service outside the enabled zones: i-8, i-9;');
    expect(of('zone-imbalance', { ...STANDBY, suspended: 'AZRebalance' })[0]).toContain('web: AZRebalance suspended;');
    const twoOut = (here: Situation) => ({
      ...here,
      openCases: here.openCases.flatMap((value) => (value.id === 'case-elsewhere' ? [value, { ...value, id: 'another' }] : [value])),
    });
    expect(of('world-changed', { ...STANDBY, 'out elsewhere': 'yes' }, twoOut)[2]).toContain(
      'NO: out, or about to be, on behalf of case-elsewhere, another;',
    );
  });
});

describe('authority', () => {
  it('an instance whose owner was not observed has an unknown one', () => {
    const unseen = inGroup((group) => ({ ...group, owners: new Map() }));
    expect(of('owner-unsupported', {}, unseen)[0]).toBe('owner-unsupported NO: unknown: not observed; limit: static, as declared');
  });

  it('HTTP and HTTPS are moved, and nothing else; without a version HTTP1 is meant', () => {
    const versionless = inGroup((group) => ({ ...group, group: without(group.group, 'protocolVersion') }));
    expect(of('target-unsupported', { protocol: 'HTTPS' })[0]).toContain('target-unsupported: instance over HTTPS HTTP1');
    expect(of('target-unsupported', { protocol: 'TCP' })[0]).toContain('NO: instance over TCP HTTP1');
    expect(of('target-unsupported', {}, versionless)[0]).toContain('target-unsupported: instance over HTTP HTTP1');
  });
});

describe('evidence', () => {
  it('peers that are not judged or cold are nobody to compare with', () => {
    const without = (count: number, fields: object) =>
      inRounds((round) => ({
        ...round,
        verdicts: round.verdicts.map((one, index) => (index > 0 && index <= count ? { ...one, ...fields } : one)),
      }));
    expect(of('too-few-peers', {}, without(1, { cold: true }))[0]).toContain('too-few-peers: 3 comparable');
    expect(of('too-few-peers', {}, without(2, { cold: true }))[0]).toContain('NO: 2 comparable');
    expect(of('too-few-peers', {}, without(2, { verdict: 'unjudged' }))[0]).toContain('NO: 2 comparable');
  });

  it('has to span a minute, and to be of less than two minutes ago, to the second', () => {
    expect(of('stale-evidence', { 'evidence spans': '60' })[0]).toContain('stale-evidence: spans 60 s');
    expect(of('stale-evidence', { 'evidence spans': '59' })[0]).toContain('NO: spans 59 s');
    expect(of('stale-evidence', { 'round ended': '119' })[0]).toContain('stale-evidence: spans');
    expect(of('stale-evidence', { 'round ended': '120' })[0]).toContain('NO: spans 90 s, ended 120 s ago');
    expect(of('stale-evidence', { 'round ended': '-30' })[0]).toContain('stale-evidence: spans');
    expect(of('stale-evidence', { 'round ended': '-31' })[0]).toContain('NO: spans');
  });

  describe('a shared cause by the pools that were read lately', () => {
    const pools = (...read: readonly (readonly [host: string, active: number, max: number])[]) =>
      inCase((value) => ({
        ...value,
        loads: read.map(([host, active, max]) => ({ host, capturedAt: NOW - 20_000, pool: { active, max } })),
      }));

    it("is a third of the peers' pools near full", () => {
      expect(of('shared-cause', {}, pools(['i-2', 18, 20], ['i-3', 1, 20], ['i-4', 1, 20]))[0]).toContain('NO:');
      expect(of('shared-cause', {}, pools(['i-2', 18, 20], ['i-3', 1, 20], ['i-4', 1, 20], ['i-5', 1, 20]))[0]).toContain('1 of 4 peers');
    });

    it("does not count the sick target's own pool, which is full because it is sick", () => {
      expect(of('shared-cause', {}, pools(['i-1', 20, 20], ['i-2', 1, 20], ['i-3', 1, 20]))[0]).toContain('0 of 2 peers');
    });

    it('does not count a pool without a size, which would make the others look better', () => {
      const read = [
        ['i-2', 20, 20],
        ['i-3', 1, 20],
        ['i-4', 1, 20],
        ['i-5', 0, 0],
      ] as const;
      expect(of('shared-cause', {}, pools(...read))[0]).toContain('NO: round says convicted; 1 of 3 peers');
    });

    it('is none where no host was read lately', () => {
      const unread = inCase((value) => without(value, 'loads'));
      expect(of('shared-cause', {}, unread)[0]).toContain('0 of 0 peers');
      expect(of('shared-cause', { 'peer pools': '20/20 20/20 20/20', inspected: '120' })[0]).toContain('0 of 0 peers');
    });
  });
});

describe('how many may leave', () => {
  it('the load of the sick host says nothing about the others, even where another of its ports stays', () => {
    const ownLoad = inCase((value) => ({ ...value, loads: [{ host: 'i-1', capturedAt: NOW - 1000, pool: { active: 1, max: 20 } }] }));
    expect(of('capacity-unknown', {}, allOf(onSidePort, ownLoad))[0]).toContain('capacity-unknown NO: no pool or CPU reading');
    const out = { case: 'out', 'registered states': 'absent', 'clean rounds': '1', cause: 'present', 'cause checked': '10' };
    const renewal = evaluateRenewal(candidate(out, allOf(onSidePort, ownLoad))).map(said);
    expect(renewal.find((text) => text.startsWith('capacity'))).toBeDefined();
    expect(renewal.filter((text) => text.includes('pool 1 of 20'))).toEqual([]);
    expect(renewal.join()).toContain('capacity-unknown NO: no pool or CPU reading');
  });

  it('a target that is slow is none of many that are slower than they were: those the judge calls shared', () => {
    const slower = { targets: '8', 'peers slow': '5' };
    expect(of('shared-cause', slower)[0]).toMatch(/^shared-cause: round says convicted; 0 of 3 peers' pools near full; limit/);
    expect(of('shared-cause', { ...slower, why: 'errors' })[0]).toContain('shared-cause NO');
  });

  it('a case that was never inspected tells no load', () => {
    const uninspected = inCase((value) => without(value, 'loads'));
    expect(of('capacity-unknown', {}, uninspected)[0]).toContain('capacity-unknown NO: no pool or CPU reading');
  });

  it("CloudWatch's word on the rate counts for less than two minutes", () => {
    const rate = { 'declared capacity': '50', 'peer pools': '- - -', balancer: '0/6000 0/6000 0/6000' };
    const none = 'capacity-unknown NO: no pool or CPU reading of a remaining target within 120 s, no recent whole minute of requests';
    expect(of('capacity-projection', { ...rate, 'balancer read': '119' })[0]).toContain('requests/s of 50 x 4 declared');
    expect(of('capacity-unknown', { ...rate, 'balancer read': '120' })[0]).toContain(none);
    expect(of('capacity-unknown', { ...rate, balancer: '' })[0]).toContain(none);
  });

  it('one of fewer than twenty, and a fifth from twenty on', () => {
    expect(of('budget-group', { targets: '19' })[0]).toContain('limit: fewer than 1');
    expect(of('budget-group', { targets: '20' })[0]).toContain('limit: fewer than 4');
    expect(of('budget-group', { targets: '30' })[0]).toContain('limit: fewer than 6');
  });

  it('nothing that is allowed ran into an hourly limit', () => {
    expect(hourlyLimitAlone(evaluateGuardrails(candidate()))).toBeUndefined();
  });
});

describe('a hold', () => {
  const held = (fields: object) => (here: Situation) => ({
    ...here,
    openCases: here.openCases.map((value) => (value.hold === undefined ? value : { ...value, hold: { ...value.hold, ...fields } })),
  });

  it('of another port of the instance is none of a static target, and forbids Standby', () => {
    expect(of('held', { hold: '1' }, held({ target: SIDE_PORT }))[0]).toContain('held: not held');
    expect(of('held', { hold: '1', ...STANDBY }, held({ target: SIDE_PORT }))[0]).toContain('held NO:');
  });
});

describe('the world', () => {
  it('a target that is registered nowhere by now is not removed', () => {
    const left = { 'registered states': 'absent', 'states in rounds': 'healthy' };
    expect(of('world-changed', left)[0]).toBe('world-changed NO: not registered; limit: healthy: it gets traffic');
  });
});

describe('Standby', () => {
  const may = (name: GuardrailCheck['guardrail'], keys: Keys, change?: Change) =>
    evaluateGuardrails(candidate({ ...STANDBY, ...keys }, change))
      .filter(({ guardrail }) => guardrail === name)
      .every(({ passed }) => passed);

  it('is possible down to the minimum and up to the maximum, and no further', () => {
    expect([may('asg-at-min', { 'asg sizes': '4/3' }), may('asg-at-min', { 'asg sizes': '4/4' })]).toEqual([true, false]);
    expect([may('no-way-back', { 'asg sizes': '4/2/5' }), may('no-way-back', { 'asg sizes': '4/2/4' })]).toEqual([true, false]);
  });

  it('is possible where the instance has drained after half a lease, in the slowest of its groups', () => {
    expect([may('owner-unsupported', { 'drains for': '450' }), may('owner-unsupported', { 'drains for': '451' })]).toEqual([true, false]);
    const attached = { 'drains for': '100', 'other group': 'healthy healthy healthy healthy' };
    expect(of('owner-unsupported', { ...STANDBY, ...attached })[1]).toContain('attached, drains for 300 s');
  });

  it('waits while somebody drains a target, whatever its health, and not for one that we have out', () => {
    const draining = { targets: '6', 'registered states': 'healthy healthy healthy healthy healthy draining' };
    const unhealthy = { targets: '6', 'registered states': 'healthy healthy healthy healthy healthy unhealthy.draining' };
    const other = (fields: Partial<TargetCase>) => (here: Situation) => {
      const [value] = here.openCases.filter(isTargetCase);
      const target = { id: 'i-6', port: 8080 };
      return value === undefined ? here : { ...here, openCases: [...here.openCases, { ...value, id: 'other', target, ...fields }] };
    };
    const out: Partial<TargetCase> = {
      state: 'out',
      ejections: [confirmed({ id: 'i-6', port: 8080 }, NOW - 60_000, NOW + 840_000)],
    };
    expect(of('frozen-deployment', { ...STANDBY, ...draining })[0]).toContain('NO: web: i-6 draining, not by Sickbay');
    expect(of('frozen-deployment', { ...STANDBY, ...unhealthy })[0]).toContain('NO: web: i-6 draining, not by Sickbay');
    expect(may('frozen-deployment', draining, other(out))).toBe(true);
    expect(may('frozen-deployment', draining, other({ state: 'suspected' }))).toBe(false);
    expect(may('frozen-deployment', { ...draining, breaker: 'elsewhere' })).toBe(false);
  });

  it('is asked of its own case as of none, though its removal is announced already', () => {
    const announced = inCase((value) => ({ ...value, ejections: [ejection(value.target, NOW - 1000, NOW + 899_000)] }));
    expect(may('world-changed', {}, announced)).toBe(true);
  });

  it('of an instance elsewhere does not matter to a static target', () => {
    expect(of('world-changed', { 'out elsewhere': 'yes' })[2]).toContain('world-changed: in no Auto Scaling group');
  });
});
