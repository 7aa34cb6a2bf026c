/** What is told once, however often a run has to ask for it. */
import { worthTelling } from '../../core/report/worth-telling';
import { decide } from './decisions';
import { decisionTo } from '../builders/decisions';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';

describe('a restore', () => {
  const here = situation(
    new Map([
      ['case', 'out'],
      ['registered states', 'absent'],
      ['clean rounds', '5'],
    ]),
  );
  const [incident] = here.openCases;
  const [decision] = decide(here);
  if (incident === undefined || decision?.action !== 'restore') throw new Error('the scenario restores its target');

  it('is told when it is asked for', () => {
    expect(worthTelling(incident, decision, NOW)).toBe(true);
    expect(worthTelling({ ...incident, decision: decisionTo('eject', decision) }, decision, NOW)).toBe(true);
  });

  it('is not told again while target health has yet to show it, and its end is', () => {
    const told = { ...incident, decision };
    expect(worthTelling(told, decision, NOW)).toBe(false);
    expect(worthTelling(told, { ...decision, action: 'watch' }, NOW)).toBe(true);
  });
});
