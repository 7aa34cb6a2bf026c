/** Who serves, who stays and who was there before, in each group that a removal is felt in. */
import { affectedGroups, originalAt } from '../../../core/decide/affected-groups';
import { evaluateGuardrails } from '../../../core/decide/guardrails';
import type { Case, Ejection, GuardrailCheck, LbTarget, TargetCase } from '../../../core/model';
import { holdCase, outCase } from '../../builders/cases';
import { ejection } from '../../builders/ejections';
import { GROUP, INTERNAL } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { verdict } from '../../builders/rounds';
import { allOf, candidate, inGroup, inRounds, without, type Change, type Keys } from './described';

const STANDBY = { 'declared owner': 'asg', 'observed owner': 'asg', 'other group': 'healthy healthy healthy healthy' };

function said(name: GuardrailCheck['guardrail'], keys: Keys = {}, change?: Change): string {
  const check = evaluateGuardrails(candidate(keys, change)).find(({ guardrail }) => guardrail === name);
  return `${check?.passed === true ? '' : 'NO '}${check?.value}; ${check?.limit}`;
}

const withoutCrossZone = inGroup((group) => ({
  ...group,
  group: { ...group.group, attributes: without(group.group.attributes, 'load_balancing.cross_zone.enabled') },
}));

const attached = (fields: object): Change =>
  inGroup((group) => ({
    ...group,
    owners: new Map(
      [...group.owners].map(([id, seen]) => [
        id,
        seen.owner === 'asg'
          ? { ...seen, autoScaling: { ...seen.autoScaling, attached: seen.autoScaling.attached.map((one) => ({ ...one, ...fields })) } }
          : seen,
      ]),
    ),
  }));

describe('cross-zone load balancing', () => {
  it('is on for HTTP and HTTPS unless the group says no, also where it says nothing', () => {
    expect(said('zone-floor', {}, withoutCrossZone)).toContain('cross-zone is on');
    expect(said('zone-floor', { protocol: 'HTTPS' })).toContain('cross-zone is on');
  });

  it('is off for any other protocol unless the group says yes', () => {
    expect(said('zone-floor', { protocol: 'TCP' })).toContain('NO zone unknown');
    expect(said('zone-floor', { protocol: 'TCP', 'cross-zone': 'true' })).toContain('cross-zone is on');
    const network = { ...STANDBY, 'other balancer': 'network' };
    const says = attached({ attributes: { 'load_balancing.cross_zone.enabled': 'true' } });
    expect(said('zone-floor', network)).toContain('NO internal: zone unknown');
    expect(said('zone-floor', network, says)).toContain('cross-zone is on');
  });
});

describe('an attached group', () => {
  it('has the floor of its own configuration, where it is configured', () => {
    const configured: Change = (here) => {
      const [own] = here.config.targetGroups;
      const other = own === undefined ? [] : [{ ...own, arn: INTERNAL, minHealthy: 4 }];
      return { ...here, config: { ...here.config, targetGroups: [...here.config.targetGroups, ...other] } };
    };
    expect(said('capacity-floor', STANDBY)).toBe('3 serving well after it; at least 3');
    expect(said('capacity-floor', STANDBY, configured)).toBe('NO internal: 3 serving well after it; at least 4');
  });

  it('that is not measured counts a host that is suspected here as ill there', () => {
    expect(
      said('capacity-floor', { ...STANDBY, targets: '5', 'other group': 'healthy healthy healthy healthy', 'also suspected': '2' }),
    ).toBe('NO internal: 2 serving well after it; at least 3');
  });
});

describe('a static target', () => {
  it('leaves on its own port, and its instance stays on another one', () => {
    const side: LbTarget = { target: { id: 'i-1', port: 9090 }, state: 'healthy' };
    const onSidePort = allOf(
      inGroup((group) => ({ ...group, lbView: [...group.lbView, side] })),
      inRounds((round) => ({ ...round, verdicts: [...round.verdicts, verdict('i-1:9090')] })),
    );
    expect(said('capacity-floor', {}, onSidePort)).toBe('4 serving well after it; at least 3');
    expect(said('capacity-floor', STANDBY, onSidePort)).toBe('3 serving well after it; at least 3');
  });
});

describe('a threshold in percent', () => {
  it('is of what is registered after the removal, not of what leaves already', () => {
    const states = 'healthy healthy healthy unhealthy draining draining draining';
    expect(said('capacity-floor', { targets: '7', 'registered states': states, 'dns percentage': '100' })).toBe(
      'NO 2 serving well after it; at least 3',
    );
  });
});

describe('the set that was there before we began', () => {
  const onStandby: Partial<Ejection> = { owner: 'asg', autoScalingGroup: 'web', confirmedAt: NOW - 59_000 };

  function out(id: string, groupArn: string, fields: Partial<Ejection> = {}, more: Partial<TargetCase> = {}): Case {
    const target = { id, port: 9090 };
    return outCase(ejection(target, NOW - 60_000, NOW + 840_000, fields), { groupArn, id: `out ${id}`, ...more });
  }

  function original(keys: Keys, ...others: readonly Case[]): string[] {
    const asked = candidate(keys, (here) => ({ ...here, openCases: [...here.openCases, ...others] }));
    const [own] = affectedGroups(asked);
    return own === undefined ? [] : [...originalAt(own, asked)].filter((key) => !key.endsWith(':8080'));
  }

  it('has what we took out of this group, and not what we took out of others', () => {
    expect(original({}, out('i-8', GROUP), out('i-9', INTERNAL))).toEqual(['i-8:9090']);
  });

  it('has nothing that is back, or about which nothing was removed', () => {
    const back = out('i-8', GROUP, { restoredAt: NOW - 1000 });
    expect(original({}, back, out('i-9', GROUP, {}, { state: 'suspected', ejections: [] }))).toEqual([]);
    const hold = holdCase({}, { id: 'h', state: 'out', ejections: [ejection({ id: 'i-7', port: 9090 }, NOW, NOW)] });
    expect(original({}, hold)).toEqual([]);
  });

  it('has what is on Standby in this Auto Scaling group on behalf of another target group', () => {
    expect(original(STANDBY, out('i-9', INTERNAL, onStandby))).toEqual(['i-9:9090']);
    expect(original(STANDBY, out('i-9', INTERNAL, { ...onStandby, autoScalingGroup: 'jobs' }))).toEqual([]);
    expect(original(STANDBY, out('i-9', INTERNAL))).toEqual([]);
    expect(original({}, out('i-9', INTERNAL, onStandby))).toEqual([]);
  });

  it('goes by any removal of a case that was not given up', () => {
    const earlier: Ejection = { ...ejection({ id: 'i-9', port: 9090 }, NOW - 300_000, NOW), ...onStandby };
    const now = out('i-9', INTERNAL, { autoScalingGroup: 'jobs' });
    expect(original(STANDBY, { ...now, ejections: [earlier, ...now.ejections] })).toEqual(['i-9:9090']);
    const spared = { ...earlier, abandonedAt: NOW - 200_000 };
    expect(original(STANDBY, { ...now, ejections: [spared, ...now.ejections] })).toEqual([]);
  });

  it('counts an instance once, though it is registered here or out of here too', () => {
    expect(original(STANDBY, out('i-2', INTERNAL, onStandby))).toEqual([]);
    expect(original(STANDBY, out('i-9', GROUP), out('i-9', INTERNAL, onStandby), out('i-8', GROUP))).toEqual(['i-9:9090', 'i-8:9090']);
    const otherPort = out('i-9', INTERNAL, onStandby, { target: { id: 'i-9', port: 9091 } });
    expect(original(STANDBY, out('i-9', GROUP, onStandby), otherPort)).toEqual(['i-9:9090']);
  });

  it('has both what is out of this group and what is on Standby by another one', () => {
    expect(original(STANDBY, out('i-8', GROUP), out('i-9', INTERNAL, onStandby))).toEqual(['i-8:9090', 'i-9:9090']);
  });
});
