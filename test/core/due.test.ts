import { cleanSpell } from '../../core/case';
import { due } from '../../core/due';
import type { Case, FleetVerdict, Round, TargetVerdict } from '../../core/model';
import { groupCase, targetCase } from '../builders/cases';
import { roundOf, verdict } from '../builders/rounds';

const NOW = 1_000_000;
const target = { id: 'i-1', port: 80 };

function round(startedAt: number, fields: { fleet?: FleetVerdict; verdict?: TargetVerdict['verdict'] } = {}): Round {
  const verdicts = [verdict('i-1:80', { verdict: fields.verdict ?? 'clean' })];
  return roundOf({
    startedAt,
    endedAt: startedAt,
    fleet: fields.fleet ?? 'none',
    says: 's',
    verdicts,
    lbView: [{ target, state: 'healthy' }],
  });
}

const kinds = (rounds: Round[], openCases: Case[] = []) =>
  due({ now: NOW, staleMs: 60_000, openCases, rounds: new Map([['g', rounds]]) }).map((item) =>
    item.kind === 'group' ? item.about : item.kind,
  );

const aCase = targetCase({ groupArn: 'g', target });

describe('what is due', () => {
  it('is nothing when all is well', () => expect(kinds([round(NOW)])).toEqual([]));
  it('is nothing without a round', () => expect(kinds([])).toEqual([]));
  it('is a conviction without a case', () => expect(kinds([round(NOW, { verdict: 'convicted' })])).toEqual(['conviction']));
  it('is no conviction that is stale', () => expect(kinds([round(NOW - 60_001, { verdict: 'convicted' })])).toEqual([]));
  it('is no suspicion', () => expect(kinds([round(NOW, { verdict: 'suspect' })])).toEqual([]));
  it('is each open case, and no second one for its conviction', () => {
    expect(kinds([round(NOW, { verdict: 'convicted' })], [aCase])).toEqual(['case']);
  });
  it('is a shared cause that two rounds in a row saw', () => {
    expect(kinds([round(NOW, { fleet: 'shared' })])).toEqual([]);
    expect(kinds([round(NOW, { fleet: 'shared' }), round(NOW - 1)])).toEqual([]);
    expect(kinds([round(NOW, { fleet: 'shared' }), round(NOW - 1, { fleet: 'shared-zone' })])).toEqual(['shared']);
  });
  it('is blindness in two rounds, once', () => {
    const rounds = [round(NOW, { fleet: 'blind' }), round(NOW - 1, { fleet: 'blind' })];
    expect(kinds(rounds)).toEqual(['blind']);
    expect(kinds(rounds, [groupCase('blind', { groupArn: 'g' })])).toEqual(['case']);
  });
});

describe('a clean spell', () => {
  it('counts clean rounds up to the newest, until the first that is not', () => {
    const rounds = [round(9000), round(6000), round(3000, { verdict: 'suspect' }), round(0)];
    expect(cleanSpell(rounds, target, 1000)).toEqual({ rounds: 2, sinceAt: 6000 });
  });
  it('is none when the newest round is not clean, or does not know the target', () => {
    expect(cleanSpell([round(9000, { verdict: 'convicted' }), round(6000)], target, 1000)).toEqual({ rounds: 0 });
    expect(cleanSpell([round(9000)], { id: 'i-2', port: 80 }, 1000)).toEqual({ rounds: 0 });
  });
  it('counts rounds that are close together as one', () => {
    expect(cleanSpell([round(9000), round(8900), round(8800), round(5000)], target, 1000)).toEqual({ rounds: 2, sinceAt: 5000 });
  });
});
