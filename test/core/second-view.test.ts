/**
 * What no scenario can say: rounds in which others were suspected and left, or the target was
 * suspected before.
 */
import { openLedger } from '../../core/decide/ledger';
import { evaluateGuardrails } from '../../core/decide/guardrails';
import { isTargetCase, verdictOf } from '../../core/case';
import type { Blocked, ClientView, GuardrailCheck, Round, TargetVerdict } from '../../core/model';
import { situation } from '../builders/scenario/situation';

const MINUTE_MS = 60_000;

/** The guardrails for the first target, with its rounds as `change` makes them, newest first. */
function checks(
  description: readonly (readonly [string, string])[],
  change: (rounds: readonly Round[]) => readonly Round[],
): GuardrailCheck[] {
  const built = situation(new Map(description));
  const [read] = built.groups;
  const incident = built.openCases.find(isTargetCase);
  if (read === undefined || incident === undefined) throw new Error('the situation has a group and a case');
  const group = { ...read, rounds: change(read.rounds) };
  const [round] = group.rounds;
  const verdict = verdictOf(round, incident.target);
  if (round === undefined || verdict === undefined) throw new Error('the target is convicted');
  const now = { ...built, groups: [group] };
  return evaluateGuardrails({ situation: now, group, incident, round, verdict, ledger: openLedger(now) });
}

function refused(all: readonly GuardrailCheck[]): Blocked[] {
  return all.filter(({ passed }) => !passed).map(({ guardrail }) => guardrail);
}

function withVerdict(round: Round, key: string, fields: Partial<TargetVerdict>): Round {
  return { ...round, verdicts: round.verdicts.map((one) => (one.key === key ? { ...one, ...fields } : one)) };
}

function withoutTarget(round: Round, id: string): Round {
  return { ...round, lbView: round.lbView.filter(({ target }) => target.id !== id) };
}

const SHOWN = [
  ['targets', '8'],
  ['client slow', 'none'],
  ['balancer', '0/800 0/800 0/800 0/800 0/800 0/800 0/800 0/800'],
  ['evidence spans', '330'],
] as const;

describe('another target that was convicted meanwhile', () => {
  const OTHER = 'i-2:8080';
  const convicted = { verdict: 'convicted', why: 'level' } as const;
  /** Convicted and in service until two rounds ago, and then out. */
  const left = (rounds: readonly Round[]) =>
    rounds.map((round, index) => (index < 2 ? withoutTarget(round, 'i-2') : withVerdict(round, OTHER, index < 6 ? convicted : {})));

  test('and has left since: what the p99 showed until then may have been its own', () => {
    const p99 = ['p99', '45 45 2600 2600 2600 2600 45 45'] as const;
    expect(refused(checks([...SHOWN, p99], (rounds) => rounds))).toEqual([]);
    expect(refused(checks([...SHOWN, p99], left))).toEqual(['second-view-awaited']);
  });

  test('and is well again, in service: likewise', () => {
    const recovered = (rounds: readonly Round[]) =>
      rounds.map((round, index) => (index < 2 || index > 5 ? round : withVerdict(round, OTHER, convicted)));
    expect(refused(checks([...SHOWN, ['p99', '45 45 2600 2600 2600 2600 45 45']], recovered))).toEqual(['second-view-awaited']);
  });
});

test('a client is compared with rounds in which the target was not suspected: an earlier spell of it is no usual state', () => {
  const samples: ClientView['samples'] = Array.from({ length: 20 }, (_, index) => ({ latencyMs: index < 5 ? 2600 : 100 }));
  const earlierSpell = (rounds: readonly Round[]) => {
    const oldest = rounds.at(-1);
    if (oldest === undefined) return rounds;
    const spell = Array.from({ length: 12 }, (_, index): Round => {
      const startedAt = oldest.startedAt - (index + 1) * MINUTE_MS;
      const round = { ...oldest, startedAt, endedAt: startedAt + 5000, clientView: { groupArn: oldest.groupArn, samples } };
      return withVerdict(round, 'i-1:8080', { verdict: 'convicted', why: 'level' });
    });
    return [...rounds, ...spell];
  };
  const asked = [
    ['client slow', '5'],
    ['balancer', 'unread'],
  ] as const;
  expect(refused(checks(asked, earlierSpell))).toEqual([]);
});

describe('rounds in which many were slow together', () => {
  const ofMany = (rounds: readonly Round[]) => rounds.map((round, index) => (index < 2 ? round : { ...round, fleet: 'shared' as const }));

  test('what other views held until then was of all, so that a view of this target alone is waited for', () => {
    expect(refused(checks(SHOWN, (rounds) => rounds))).not.toContain('second-view-awaited');
    expect(refused(checks(SHOWN, ofMany))).toContain('second-view-awaited');
  });
});
