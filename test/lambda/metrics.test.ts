/**
 * What is published, and that its number is bounded whatever happens: CloudWatch bills by the
 * metric.
 */
import { unreadableCase } from '../../core/unreadable';
import * as fc from 'fast-check';
import { announced, confirmedOut, watching } from '../../core/case-transitions';
import { BLOCKED, type Case, type Decision, type FleetVerdict, type Replacement, type Round } from '../../core/model';
import { embeddedMetrics } from '../../lambda/aws/metrics';
import { GROUP_METRICS, STACK_METRICS } from '../../lambda/contract';
import { decisionMetrics } from '../../lambda/metrics/decision-metrics';
import { sweepMetrics, type SweepFacts } from '../../lambda/metrics/sweep-metrics';
import type { Measurement } from '../../lambda/ports';
import { breakerCase, groupCase, replacementCase, targetCase } from '../builders/cases';
import { decisionTo } from '../builders/decisions';
import { ejection } from '../builders/ejections';
import { groupOf } from '../builders/groups';
import { REPLACEMENT } from '../builders/replacements';
import { roundOf, verdict } from '../builders/rounds';

const NOW = 10_000_000;
const target = { id: 'i-1', port: 80 };

function round(name: string, medians: readonly (number | undefined)[], fleet: FleetVerdict = 'none', convicted = 0): Round {
  const verdicts = medians.map((medianMs, index) =>
    verdict(`i-${index}:80`, { verdict: index < convicted ? 'convicted' : 'clean', ...(medianMs === undefined ? {} : { medianMs }) }),
  );
  return roundOf({ groupArn: name, group: groupOf({ name }), fleet, verdicts });
}

function swept(facts: Partial<SweepFacts>): Measurement[] {
  return sweepMetrics({ now: NOW, startedAt: NOW - 4000, rounds: [], openCases: [], isOut: () => false, ...facts });
}

const decided = ({ action = 'keep', blocked = [] }: Partial<Pick<Decision, 'action' | 'blocked'>> = {}): Decision =>
  decisionTo(action, { caseId: 'c', groupArn: 'g', target, blocked });

const suspected: Case = targetCase({ openedAt: 0, groupArn: 'g', id: 'c', target });
const left = ejection(target, NOW - 60_000, NOW + 900_000);
const intent = announced(suspected, decided({ action: 'eject' }), left);
const out = confirmedOut(intent, left, NOW - 50_000, 'out');

describe('a sweep', () => {
  it('tells of each group how far its slowest target is from the middle one', () => {
    const [group] = swept({ rounds: [round('checkout', [100, 4000, 110, 90], 'convicted', 1)] });
    expect(group).toEqual({
      at: NOW,
      of: { group: 'checkout' },
      values: { SlowestTargetMs: 4000, MedianTargetMs: 100, ConvictedTargets: 1, Blind: 0 },
    });
  });

  it('leaves out what users do not see: targets that are out, and targets that never answered', () => {
    const [group] = swept({ rounds: [round('checkout', [100, 4000, undefined])], isOut: (_, key) => key === 'i-1:80' });
    expect(group?.values).toMatchObject({ SlowestTargetMs: 100, MedianTargetMs: 100 });
  });

  it('tells no latency of a group that nobody could reach', () => {
    const [group] = swept({ rounds: [round('checkout', [undefined, undefined], 'blind')] });
    expect(group?.values).toEqual({ ConvictedTargets: 0, Blind: 1 });
  });

  it('tells the state of the stack from the records, so that a failing responder cannot hide it', () => {
    const breaker = breakerCase('g');
    const alert = { id: 'a', at: NOW - 121_000, severity: 'page' as const, subject: 's', body: 'b' };
    const waiting = { ...breaker, outbox: [alert, { ...alert, sentAt: NOW }, { ...alert, at: NOW - 1000 }] };
    const later = unreadableCase({ id: 'later', groupArn: 'g', version: '2' });
    const stack = swept({ rounds: [round('a', [1], 'blind'), round('b', [1])], openCases: [out, waiting, later] }).at(-1);
    expect(stack).toEqual({
      at: NOW,
      values: {
        GroupsMeasured: 2,
        RoundMs: 4000,
        BlindGroups: 1,
        LongestOutMs: 50_000,
        UnsentAlerts: 1,
        OpenBreakers: 1,
        UnreadableRecords: 1,
      },
    });
  });

  it('counts a task that is out for its replacement from its last deregistration, until it is stopped or given up', () => {
    const outMs = (fields: Partial<Replacement>) =>
      swept({ openCases: [replacementCase({ ...REPLACEMENT, deregisteredAt: [NOW - 900_000, NOW - 60_000], ...fields })] }).at(-1)?.values[
        'LongestOutMs'
      ];
    expect(outMs({})).toBe(60_000);
    expect(outMs({ calledOffAt: NOW - 1000, scheduleCancelledAt: NOW - 1000 })).toBe(60_000);
    expect(outMs({ stoppedAt: NOW - 1000 })).toBe(0);
    expect(outMs({ givenUpBy: 'Ann' })).toBe(0);
  });

  it('says that nobody is out, and does not stay silent about it', () => {
    expect(swept({ openCases: [suspected] }).at(-1)?.values).toMatchObject({ LongestOutMs: 0, UnsentAlerts: 0, OpenBreakers: 0 });
  });
});

describe('a decision', () => {
  const back = watching(out, left, NOW, NOW + 1000, 'back');

  it('counts an left when the record says that the target is out, and once', () => {
    expect(decisionMetrics(NOW, suspected, out, decided({ action: 'eject' }))).toEqual([{ at: NOW, values: { Ejections: 1 } }]);
    expect(decisionMetrics(NOW, suspected, intent, decided({ action: 'eject' }))).toEqual([]);
    expect(decisionMetrics(NOW, out, out, decided({ action: 'renew' }))).toEqual([]);
  });

  it('counts a restore, whoever made it', () => {
    expect(decisionMetrics(NOW, out, back, decided({ action: 'watch' }))).toEqual([{ at: NOW, values: { Restores: 1 } }]);
  });

  it('counts a blocked left once, and under each of its reasons', () => {
    expect(decisionMetrics(NOW, suspected, suspected, decided({ blocked: ['grace', 'held', 'grace'] }))).toEqual([
      { at: NOW, values: { Blocked: 1 } },
      { at: NOW, of: { reason: 'grace' }, values: { Blocked: 1 } },
      { at: NOW, of: { reason: 'held' }, values: { Blocked: 1 } },
    ]);
  });

  it('does not count a group that is slow as a whole as a blocked left', () => {
    const whole = groupCase('shared', { groupArn: 'g' });
    const { target: _nobody, ...decision } = decided({ blocked: ['shared-cause'] });
    expect(decisionMetrics(NOW, whole, whole, decision)).toEqual([]);
  });
});

describe('the number of metrics', () => {
  const METRIC_DOLLARS = 0.3;
  /** The worst that a month can bring: every metric of every group and every reason. */
  const most = (groups: number) => groups * Object.keys(GROUP_METRICS).length + Object.keys(STACK_METRICS).length + BLOCKED.length;
  const names = (published: readonly Measurement[]) =>
    new Set(published.flatMap(({ of, values }) => Object.keys(values).map((name) => `${name} ${JSON.stringify(of ?? {})}`)));

  it('is four a group and a constant, whatever the targets, the cases and the decisions', () => {
    const anyRound = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      medians: fc.array(fc.option(fc.integer({ min: 1, max: 9000 }), { nil: undefined }), { maxLength: 40 }),
      fleet: fc.constantFrom<FleetVerdict>('none', 'convicted', 'shared', 'blind'),
    });
    const anyDecision = fc.record({
      blocked: fc.array(fc.constantFrom(...BLOCKED)),
      before: fc.constantFrom(suspected, intent, out),
      after: fc.constantFrom(suspected, intent, out, watching(out, left, NOW, NOW, 'back')),
    });
    fc.assert(
      fc.property(fc.array(anyRound), fc.array(anyDecision), (rounds, decisions) => {
        const published = [
          ...swept({ rounds: rounds.map(({ name, medians, fleet }) => round(name, medians, fleet)) }),
          ...decisions.flatMap(({ before, after, blocked }) => decisionMetrics(NOW, before, after, decided({ blocked }))),
        ];
        expect(names(published).size).toBeLessThanOrEqual(most(3));
        expect(JSON.stringify(published)).not.toContain('i-1');
      }),
    );
  });

  it('costs at most 42 dollars a month at 20 groups, most of it never published', () => {
    expect(most(20) * METRIC_DOLLARS).toBeLessThanOrEqual(42);
  });
});

describe('a line of embedded metrics', () => {
  function line(measurement: Measurement): unknown {
    const lines: object[] = [];
    embeddedMetrics('Sickbay', (written) => void lines.push(written))(measurement);
    return lines[0];
  }

  it('carries its dimensions and values at the root and their names in the directive', () => {
    expect(line({ at: 7, of: { group: 'checkout' }, values: { SlowestTargetMs: 4000, Blind: 0 } })).toEqual({
      _aws: {
        Timestamp: 7,
        CloudWatchMetrics: [
          {
            Namespace: 'Sickbay',
            Dimensions: [['Stack', 'Group']],
            Metrics: [
              { Name: 'SlowestTargetMs', Unit: 'Milliseconds' },
              { Name: 'Blind', Unit: 'Count' },
            ],
          },
        ],
      },
      Stack: 'Sickbay',
      Group: 'checkout',
      SlowestTargetMs: 4000,
      Blind: 0,
    });
  });

  it('names the reason of a blocked left, and of the whole stack nothing but the stack', () => {
    expect(line({ at: 7, of: { reason: 'grace' }, values: { Blocked: 1 } })).toMatchObject({
      Stack: 'Sickbay',
      Reason: 'grace',
      Blocked: 1,
    });
    expect(line({ at: 7, values: { RoundMs: 1 } })).toMatchObject({ _aws: { CloudWatchMetrics: [{ Dimensions: [['Stack']] }] } });
  });
});
