/** Why a target was not convicted, for somebody who has never heard of a nat. */
import { VETOES } from '../../../core/judge/vetoes';
import type { Round, TargetVerdict } from '../../../core/model';
import { notConvicted, notConvictedLines } from '../../../core/report/not-convicted';
import { incidentOf } from '../../builders/incidents';

const KEY = 'i-0a1b2c3d4e5f60710:8080';
const { rounds } = incidentOf('asg');

/** The newest round with another verdict on one of its targets. */
function roundWith(changes: Partial<TargetVerdict>, more: Partial<Round> = {}): Round {
  const [newest] = rounds;
  if (newest === undefined) throw new Error('the incident has rounds');
  const verdicts = newest.verdicts.map((verdict) => (verdict.key === KEY ? { ...verdict, ...changes } : verdict));
  return { ...newest, verdicts, ...more };
}

const because = (changes: Partial<TargetVerdict>, more?: Partial<Round>) =>
  notConvicted(KEY, [roundWith(changes, more)]).rounds[0]?.because;
const text = (...of: readonly Round[]) => notConvictedLines(notConvicted(KEY, of)).join('\n');

test.each(VETOES.map(({ name }) => name))('the veto %s is named, and said in words that need no other page', (veto) => {
  const told = because({ verdict: 'suspect', evidenceNats: 20, veto }) ?? '';
  expect(told).toContain(`The evidence was enough, and was not used (${veto}). `);
  expect(told.length).toBeGreaterThan(120);
});

test('too little evidence is told as how likely it makes sickness, and how likely a conviction asks for', () => {
  expect(because({ verdict: 'suspect', evidenceNats: 9.1, neededNats: 13.5 })).toBe(
    'It is under suspicion. What was measured is 9,000 times as likely if it is sick as if it is healthy; a conviction asks for 730,000 times. Rounds that look like this one add up.',
  );
});

test('a clean target is told by its level and its samples, and never called fast', () => {
  expect(because({ verdict: 'clean', ratio: 1.2, bad: { k: 0, n: 10 } })).toBe(
    'It answers in 1.2x the time of its peers; under 1.6x nothing is held against a target. None of its 10 probes was slow or failed.',
  );
  expect(because({ verdict: 'clean', ratio: 2.4, bad: { k: 2, n: 10 } })).toBe(
    'It answers in 2.4x the time of its peers, and either always did or wavers by as much from round to round. 2 of its 10 probes were slow or failed, which healthy targets of this group have as well.',
  );
});

test('what was not judged, not measured or convicted after all is told as that', () => {
  expect(because({ verdict: 'unjudged' }, { fleet: 'blind', says: 'the prober cannot be trusted' })).toBe(
    'Nobody was judged: the prober cannot be trusted.',
  );
  expect(because({ verdict: 'unjudged', cold: true })).toContain('may still be warming up');
  expect(because({ verdict: 'clean', everReached: false })).toContain('does its security group admit the prober?');
  expect(because({ verdict: 'convicted' })).toBe('It was convicted: what came of that is in its case.');
  const gone = roundWith({}, { verdicts: [], lbView: [] });
  expect(notConvicted(KEY, [gone]).rounds[0]).toEqual(
    expect.objectContaining({ because: 'It was not measured: the load balancer says not registered.' }),
  );
});

test('the newest round goes first, then each reason with how often it held, then the rounds as a table', () => {
  const zone = roundWith({ verdict: 'suspect', evidenceNats: 15, veto: 'zone' });
  const told = text(...rounds.slice(0, 3), zone, zone);
  expect(told).toMatch(/^i-0a1b2c3d4e5f60710:8080 \(checkout-app-1\) of checkout-tg: not convicted in the 5 newest rounds, /);
  expect(told).toMatch(/\n {2}3x clean, last at \d\d:\d\d UTC: It answers in /);
  expect(told).toMatch(
    /\n {2}2x veto zone, last at \d\d:\d\d UTC: The evidence was enough, and was not used \(zone\)\. The other targets of its /,
  );
  expect(told.indexOf('3x clean')).toBeLessThan(told.indexOf('2x veto zone'));
  expect(told).toMatch(/\n {2}\d\d:\d\d:\d\d {2}healthy +suspect +\S+ ms +\d+ of \d+ +15\.0 +13\.5 +zone\n/);
});

test('of rounds that convicted it the first line says so', () => {
  expect(text(roundWith({ verdict: 'convicted' }), ...rounds.slice(1, 3))).toMatch(/: convicted in 1 of the 3 newest rounds/);
});
