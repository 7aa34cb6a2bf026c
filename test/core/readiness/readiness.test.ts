import type { Blocked, Case, Cause, FleetVerdict } from '../../../core/model';
import { nearMisses, observe, type GroupObserved, type RoundMark } from '../../../core/readiness/observed';
import { readiness } from '../../../core/readiness/readiness';
import { readinessText } from '../../../core/readiness/text';
import { targetCase } from '../../builders/cases';
import { diagnosisOf } from '../../builders/diagnoses';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { roundOf, verdict } from '../../builders/rounds';

const MINUTE = 60_000;
const DAY = 86_400_000;

function marks(days: number, fleet: (index: number) => FleetVerdict = () => 'none', minutes = 1): RoundMark[] {
  const count = Math.round((days * DAY) / (minutes * MINUTE));
  return Array.from({ length: count }, (_, index) => ({ startedAt: NOW - (count - index) * minutes * MINUTE, fleet: fleet(index) }));
}

function seen(of: readonly RoundMark[], fields: Partial<GroupObserved> = {}): GroupObserved {
  const found = observe(GROUP, of, [], 4);
  if (found === undefined) throw new Error('no rounds');
  return { ...found, ...fields };
}

const week = { days: 7 };

function refused(blocked: readonly Blocked[], cause: Cause = 'unknown'): Case {
  return targetCase({
    openedAt: NOW - 3 * 3_600_000,
    diagnosis: diagnosisOf([{ cause, confidence: 0.9, evidence: [], against: [] }]),
    refusals: [{ at: NOW - 2 * 3_600_000, blocked, says: '71x its peers' }],
  });
}

describe('readiness', () => {
  it('tells where Automatic Target Weights stood before a removal, and where Target Optimizer does', () => {
    const moved = roundOf({ lbView: [{ target: { id: 'i-1', port: 80 }, state: 'healthy', mitigationInEffect: true }] });
    const found = observe(GROUP, marks(7), [moved, roundOf(), moved], 4, { targetControlPort: 3000 });
    if (found === undefined) throw new Error('no rounds');
    expect(readiness([found], [], week, NOW).notes).toEqual(
      expect.arrayContaining([
        'checkout: in 2 rounds with a suspect Automatic Target Weights had moved traffic: then nothing is removed (frozen-atw)',
        'checkout has Target Optimizer: a target is removed only where probe.port leads past its agents (target-unsupported)',
      ]),
    );
    expect(readiness([seen(marks(7))], [], week, NOW).notes.join()).not.toMatch(/Automatic Target Weights|Target Optimizer/);
  });

  it('is given when every group was seen for long enough and nothing is doubtful', () => {
    expect(readiness([seen(marks(7))], [], week, NOW)).toMatchObject({ verdict: 'ready', missing: [] });
  });

  it('is not given for a group that is never measured, however long that was', () => {
    expect(readiness([seen(marks(7), { unprobed: true })], [], week, NOW)).toMatchObject({
      verdict: 'too-little-data',
      missing: ['checkout: no target was probed in its newest round: "sickbay doctor" says whether it can be measured'],
    });
  });

  it('says how many days are missing, and from when on they are not', () => {
    const report = readiness([seen(marks(2))], [], week, NOW);
    expect(report.verdict).toBe('too-little-data');
    expect(report.missing).toEqual(['checkout: 2.0 days seen of 7; 5.0 days are missing: not before 2026-01-06 11:01:00 UTC']);
  });

  it('is not given when no round was begun within the last hour', () => {
    expect(readiness([], [], week, NOW)).toMatchObject({
      verdict: 'too-little-data',
      missing: ['no round within the last hour: the sweep does not run, or measures no group'],
    });
  });

  it('is not given when the sweep stopped, or when rounds are missing in between', () => {
    const stopped = marks(8).filter(({ startedAt }) => startedAt < NOW - 20 * MINUTE);
    expect(readiness([seen(stopped)], [], week, NOW).missing).toEqual([expect.stringMatching(/its last round was at 2026-01-01 11:39:00/)]);
    const holed = marks(7).filter((_, index) => index % 1000 < 850 || index > 10_000);
    const { missing } = readiness([seen(holed)], [], week, NOW);
    expect(missing).toEqual([expect.stringMatching(/^checkout: \d+ of \d+ rounds are missing \(1[45] %; allowed 10 %\)$/)]);
  });

  it('takes a sweep every five minutes for what it is', () => {
    expect(readiness([seen(marks(7, undefined, 5))], [], week, NOW).missing).toEqual([]);
  });

  it('is not given when more than one round in twenty was blind', () => {
    const blind = (every: number) =>
      readiness([seen(marks(7, (index) => (index % every === 0 ? 'blind' : 'none')))], [], week, NOW).missing;
    expect(blind(21)).toEqual([]);
    expect(blind(19)).toEqual([expect.stringMatching(/rounds were blind \(5 %; allowed 5 %\)/)]);
  });

  it('asks to look at what is doubtful and at what other guardrails blocked', () => {
    const of = (incident: Case) => readiness([seen(marks(7))], [incident], week, NOW);
    expect(of(refused(['mode-observe'], 'pool-leak')).verdict).toBe('ready');
    expect(of(refused(['mode-observe'])).verdict).toBe('look-first');
    expect(of(refused(['mode-observe', 'capacity-floor'], 'pool-leak')).verdict).toBe('look-first');
  });

  it('says that a quiet time proves nothing, and that a small group loses nobody', () => {
    const { notes } = readiness([seen(marks(7), { targets: 2 })], [], week, NOW);
    expect(notes).toEqual([
      'checkout has 2 targets: of fewer than 3 none is removed',
      'no target was slow enough for a removal: what Sickbay does then was not seen here, only on the drill',
    ]);
  });

  it('is told with a row for each group, each candidate and the verdict last', () => {
    const near = { target: 'i-2:8080', at: NOW - DAY, untilAt: NOW - DAY + 3 * MINUTE, peak: 0.84, verdict: '12.2 nats of evidence' };
    const text = readinessText(readiness([seen(marks(7), { nearMisses: [near] })], [refused(['mode-observe'])], week, NOW));
    expect(text.find((line) => line.startsWith('checkout'))).toMatch(/^checkout {2}4 +10080 +7\.0 +0 % +0 % +1 +1 +0 +1 +0$/);
    expect(text).toContain('Possible false alarm: i-1:8080 of checkout, 2026-01-01 10:00:00 UTC');
    expect(text).toContain('  2025-12-31 12:00:00 UTC  i-2:8080 of checkout: 84 % of the evidence, 3 min: 12.2 nats of evidence');
    expect(text.at(-1)).toMatch(/^LOOK FIRST/);
  });
});

describe('near misses', () => {
  const round = (minute: number, evidenceNats: number, kind: 'suspect' | 'convicted' = 'suspect', key = 'i-1:8080') =>
    roundOf({
      groupArn: GROUP,
      startedAt: NOW + minute * MINUTE,
      fleet: kind,
      verdicts: [verdict(key, { verdict: kind, evidenceNats, neededNats: 10, says: `${evidenceNats} nats` })],
    });

  it('are suspicions with at least half of the evidence, each once, by their strongest round', () => {
    expect(nearMisses([round(1, 9), round(0, 6), round(2, 4), round(30, 5), round(60, 4.9)])).toEqual([
      { target: 'i-1:8080', at: NOW, untilAt: NOW + 2 * MINUTE, peak: 0.9, verdict: '9 nats' },
      { target: 'i-1:8080', at: NOW + 30 * MINUTE, untilAt: NOW + 30 * MINUTE, peak: 0.5, verdict: '5 nats' },
    ]);
  });

  it('are none that ended in a conviction', () => {
    expect(nearMisses([round(0, 8), round(1, 12, 'convicted')])).toEqual([]);
    expect(nearMisses([round(0, 8), round(1, 12, 'convicted', 'i-2:8080')])).toHaveLength(1);
  });
});
