/** What comes of the second views of a conviction: which one decides, and what is waited for. */
import { AWAITED_MS } from '../../../core/decide/second-view/second-view';
import { evaluateGuardrails } from '../../../core/decide/guardrails';
import { suspicionOf } from '../../../core/decide/second-view/suspicion';
import { candidate, inRounds, type Change, type Keys } from './described';

/** The three guardrails that a second view decides: `NO` before what refuses. */
function said(keys: Keys = {}, change?: Change): Record<'contradicted' | 'second-view-awaited' | 'uncorroborated', string> {
  const checks = evaluateGuardrails(candidate(keys, change));
  const of = (name: string) => {
    const found = checks.find(({ guardrail }) => guardrail === name);
    return `${found?.passed === true ? '' : 'NO '}${found?.value}; ${found?.limit}`;
  };
  return {
    contradicted: of('contradicted'),
    'second-view-awaited': of('second-view-awaited'),
    uncorroborated: of('uncorroborated'),
  };
}
const refused = (keys: Keys, change?: Change) =>
  Object.entries(said(keys, change)).flatMap(([name, text]) => (text.startsWith('NO ') ? [name] : []));

const MINUTES = { targets: '8', 'evidence spans': '330', balancer: '0/800 0/800 0/800 0/800 0/800 0/800' };
const FAST = { ...MINUTES, p99: '45' };
const SLOW = { ...MINUTES, p99: '45 2600 2600 2600 2600 2600' };
const NO_CLIENT = { 'client slow': 'none' };

describe('a view that excludes it', () => {
  it('refuses the removal with what it saw, and nothing else is asked for', () => {
    const { contradicted, ...others } = said({ ...NO_CLIENT, ...FAST });
    expect(contradicted).toMatch(
      /^NO p99 of 45 ms at the load balancer in \d whole minutes, 324 ms is slow; no second view contradicts it$/,
    );
    expect(others['second-view-awaited']).toBe('nothing to wait for; no second view is still to come');
    expect(others.uncorroborated).toMatch(/^no client was sampled; p99 of 45 ms .*; a second view$/);
  });

  it('is the p99 unless our client agrees, which asks for the page that is probed', () => {
    expect(refused({ ...FAST, ...NO_CLIENT })).toEqual(['contradicted']);
    expect(refused({ ...FAST, 'client slow': '3' })).toEqual([]);
  });

  it('is our client, whatever the p99 shows', () => {
    expect(said({ ...SLOW, 'client slow': '0' }).contradicted).toMatch(/^NO 0 of 120 client requests slow or failed/);
  });

  it('is a second prober above all, whatever the others show', () => {
    const { contradicted } = said({ ...SLOW, 'client slow': '3', 'second look': 'fast' });
    expect(contradicted).toMatch(/^NO 0 of \d+ bad from the second subnet/);
  });
});

describe('a view that could tell', () => {
  const silent = { ...NO_CLIENT, balancer: 'nothing' };

  it('is waited for, for six minutes from when the evidence began, and how long is said', () => {
    const leftS = (keys: Keys) => Math.round((suspicionOf(candidate(keys)).since + AWAITED_MS - candidate(keys).situation.now) / 1000);
    expect(leftS(silent)).toBe(260);
    expect(said(silent)['second-view-awaited']).toBe(
      'NO CloudWatch tells of no whole minute since it began; a second view, waited for 260 s more at most',
    );
    expect(refused(silent)).toEqual(['second-view-awaited']);
    expect(said(silent).uncorroborated).toBe(
      'no client was sampled; CloudWatch tells of no whole minute since it began; a second view, once it is there',
    );
    expect(refused({ ...silent, 'evidence spans': '349' })).toContain('second-view-awaited');
    expect(refused({ ...silent, 'evidence spans': '350' })).toEqual(['uncorroborated']);
    expect(said({ ...silent, 'evidence spans': '350' }).uncorroborated).toBe(
      'NO no client was sampled; CloudWatch tells of no whole minute since it began; a second view that works',
    );
  });

  it('is not waited for where another one shows it already', () => {
    expect(refused({ balancer: 'nothing' })).toEqual([]);
    expect(refused({ ...SLOW, ...NO_CLIENT })).toEqual([]);
  });

  it('is a second prober too, where there is one, and is named', () => {
    const client = { 'client slow': '1', ...FAST, balancer: 'nothing' };
    const { 'second-view-awaited': without } = said(client);
    const { 'second-view-awaited': withOne } = said({ ...client, 'second look': 'none' });
    expect(without).not.toContain('second subnet');
    expect(withOne).toContain('; the prober in the second subnet has not measured it;');
    expect(said({ ...client, 'second look': 'all slow' })['second-view-awaited']).toContain('it finds the peers bad too');
    expect(said({ ...client, 'second look': 'slow' })['second-view-awaited']).not.toContain('second subnet');
    expect(said({ ...client, 'second look': 'slow' }).contradicted).toContain('bad from the second subnet');
    expect(said(client).contradicted).not.toContain('second subnet');
  });

  it('is the p99 too, where so few requests would not show it yet', () => {
    const few = { ...FAST, ...NO_CLIENT, balancer: '0/20 0/20 0/20 0/20 0/20 0/20' };
    expect(said(few)['second-view-awaited']).toMatch(
      /^NO p99 of 45 ms at the load balancer in \d whole minutes, 324 ms is slow; a second view/,
    );
  });

  it('of errors is never waited for: a client or the load balancer meets them, or nothing is removed', () => {
    const errors = { why: 'errors', ...NO_CLIENT, balancer: 'nothing' };
    expect(refused(errors)).toEqual(['uncorroborated']);
    expect(said(errors).uncorroborated).toMatch(/ asked for\); errors that a client or the load balancer sees too$/);
    expect(said(errors)['second-view-awaited']).toBe('nothing to wait for; no second view is still to come');
  });

  it('is of errors, whatever convicted first, where most samples failed at once: they leave no waits for a p99 to show', () => {
    const every = (of: number | string, index = 1) =>
      inRounds(({ phases: _phases, ...round }) => ({
        ...round,
        samples: { ...round.samples, 'i-1:8080': (round.samples['i-1:8080'] ?? []).map((sample, at) => (at % index === 0 ? of : sample)) },
      }));
    const wellForUsers = { ...FAST, ...NO_CLIENT, why: 'tail' };
    expect(refused(wellForUsers, every('reset'))).toEqual(['uncorroborated']);
    expect(said(wellForUsers, every('reset')).uncorroborated).toMatch(/^NO no client was sampled; 0 of 800 requests at the load balancer/);
    expect(refused({ ...wellForUsers, balancer: MINUTES.balancer.replaceAll('0/', '100/') }, every('reset'))).toEqual([]);
    // Where the judge says errors, half of the samples are enough.
    expect(said({ ...wellForUsers, why: 'errors' }, every(40, 2)).uncorroborated).toContain('requests at the load balancer');
    // A time-out is a wait that is too long, and one failure of two may be by the way.
    expect(said(wellForUsers, every('timeout')).uncorroborated).not.toContain('requests at the load balancer');
    expect(said(wellForUsers, every('reset', 2)).uncorroborated).not.toContain('requests at the load balancer');
  });
});

describe('when nothing to wait for any more', () => {
  const late = { targets: '8', 'evidence spans': '350', balancer: 'unread' };

  it('one view that works, and cannot tell, is enough for one suspect', () => {
    expect(refused({ ...late, 'client slow': '1' })).toEqual([]);
    expect(refused({ ...late, ...NO_CLIENT })).toEqual(['uncorroborated']);
  });

  it('what is slow in connect alone needs a view that agrees, and a second prober is one', () => {
    const connect = { ...late, phases: 'connect', 'client slow': '1' };
    expect(said(connect).uncorroborated).toMatch(
      /^NO slow in connect alone, as our prober sees it, which a network path may do; 6 of 120 .*; a second view that agrees$/,
    );
    expect(refused({ ...connect, 'second look': 'slow' })).toEqual([]);
    expect(refused({ ...late, ...NO_CLIENT, 'second look': 'slow' })).toEqual(['uncorroborated']);
  });

  it('which of several suspects users meet is open while a view could still tell, and for ever where another is convicted', () => {
    const several = { ...late, 'also suspected': '2', 'client slow': '1' };
    const open = /^NO 1 more under suspicion; which of them users meet is not known; .*; a second view that agrees$/;
    expect(said(several).uncorroborated).toMatch(open);
    const sticky = { ...several, balancer: MINUTES.balancer, p99: '45', sticky: 'yes' };
    expect(said(sticky).uncorroborated).toMatch(open);
    const unable = { ...late, targets: '16', 'also suspected': '2', 'client slow': '0' };
    const convicted = inRounds((round, index) => ({
      ...round,
      verdicts: round.verdicts.map((one) => (index === 1 && one.key === 'i-2:8080' ? { ...one, verdict: 'convicted' } : one)),
    }));
    expect(refused(unable, convicted)).toEqual(['uncorroborated']);
    // In a large group somebody is always under suspicion: that alone hides nothing.
    expect(refused(unable)).toEqual([]);
  });
});
