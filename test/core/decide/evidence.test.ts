/** Since when what was measured is evidence: not from a sickness that was over. */
import { isTargetCase } from '../../../core/case';
import { evidenceSince } from '../../../core/decide/evidence';
import { openLedger } from '../../../core/decide/ledger';
import { targetKey, type Round, type TargetVerdict } from '../../../core/model';
import { NOW } from '../../builders/now';
import { described } from './described';

const MINUTE_MS = 60_000;
const base = described();

/** What each round said of the target, newest first; `gone` is a round that knows nothing of it. */
function since(said: readonly (TargetVerdict['verdict'] | 'gone')[], judgeSaysAgoMs: number): number {
  const [group] = base.groups;
  const [incident] = base.openCases.filter(isTargetCase);
  if (group === undefined || incident === undefined) throw new Error('the situation has a group and a case');
  const key = targetKey(incident.target);
  const [model] = group.rounds;
  const verdict = model?.verdicts.find((one) => one.key === key);
  if (model === undefined || verdict === undefined) throw new Error('the situation has a round');
  const rounds: Round[] = said.map((one, index) => ({
    ...model,
    startedAt: NOW - index * MINUTE_MS - 5000,
    endedAt: NOW - index * MINUTE_MS,
    verdicts: one === 'gone' ? [] : [{ ...verdict, verdict: one }],
  }));
  const [round = model] = rounds;
  const judged = { ...verdict, evidenceSince: NOW - judgeSaysAgoMs };
  const situation = { ...base, openCases: [], closedCases: [] };
  const ledger = openLedger(situation);
  return NOW - evidenceSince({ situation, group: { ...group, rounds }, incident, round, verdict: judged, ledger });
}

describe('evidence begins', () => {
  it('when the judge says, while every round convicts or suspects', () => {
    expect(since(['convicted', 'suspect', 'suspect', 'suspect'], 3 * MINUTE_MS + 5000)).toBe(3 * MINUTE_MS + 5000);
  });

  it('when the judge says, across one round without suspicion: what comes and goes is one sickness', () => {
    expect(since(['convicted', 'clean', 'convicted', 'suspect'], 3 * MINUTE_MS + 5000)).toBe(3 * MINUTE_MS + 5000);
  });

  it.each([
    ['clean', ['convicted', 'clean', 'clean', 'convicted']],
    ['not judged, or not there', ['convicted', 'unjudged', 'gone', 'convicted']],
  ] as const)('anew after two rounds in which it was %s', (_, said) => {
    expect(since(said, 3 * MINUTE_MS + 5000)).toBe(5000);
  });

  it('when the judge says, where that is after such rounds', () => {
    expect(since(['convicted', 'suspect', 'clean', 'clean'], MINUTE_MS + 5000)).toBe(MINUTE_MS + 5000);
  });

  it('when the judge says, where only the oldest round is without suspicion, and anew after two of them', () => {
    const LONG_AGO = 60 * MINUTE_MS;
    expect(since(['convicted', 'convicted', 'convicted', 'clean'], LONG_AGO)).toBe(LONG_AGO);
    expect(since(['convicted', 'convicted', 'clean', 'clean'], LONG_AGO)).toBe(MINUTE_MS + 5000);
  });

  it('anew, where the judge says that it began when such a round ended', () => {
    expect(since(['convicted', 'convicted', 'clean', 'clean'], 2 * MINUTE_MS)).toBe(MINUTE_MS + 5000);
    expect(since(['convicted', 'convicted', 'clean', 'clean'], 2 * MINUTE_MS - 1)).toBe(2 * MINUTE_MS - 1);
  });
});
