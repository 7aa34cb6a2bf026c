/** A request as it arrives, and as it is put on record. */
import type { Known } from '../../../core/decide/request';
import type { Case } from '../../../core/model';
import { carryOutRequest, parseRequest } from '../../../lambda/act/request';
import { outCase } from '../../builders/cases';
import { confirmed } from '../../builders/ejections';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { respondPorts } from '../../builders/ports';

const WHO = { by: 'Ann', reason: 'load test' };
const known = (openCases: readonly Case[] = []): Known => ({
  now: NOW,
  stamp: 'T',
  groups: new Map([[GROUP, [{ id: 'i-1', port: 80 }]]]),
  openCases,
});

describe('what a request may be', () => {
  it.each([
    { kind: 'hold', subject: 'i-1', ...WHO },
    { kind: 'hold', subject: 'i-1', ...WHO, forS: 60 },
    { kind: 'hold', subject: 'i-1', ...WHO, forS: 604_800 },
    { kind: 'release', subject: 'i-1', ...WHO },
    { kind: 'restore', ...WHO, forS: 3600 },
    { kind: 'restore', subject: 'i-1', ...WHO, forS: 3600 },
    { kind: 'give-up', subject: 'i-1', ...WHO },
    { kind: 'close-breaker', by: 'Ann' },
  ])('$kind', (request) => {
    expect(parseRequest(request)).toEqual(request);
  });

  it.each([
    [{ kind: 'reboot' }, 'wish.kind: one of the kinds hold, release, restore, give-up, close-breaker'],
    [{ kind: 'hold', subject: 'i-1', ...WHO, forS: 59 }, 'wish.forS: at least 60 s'],
    [{ kind: 'hold', subject: 'i-1', ...WHO, forS: 604_801 }, 'wish.forS: at most 604800 s'],
    [{ kind: 'hold', subject: 'i-1', ...WHO, forS: 60.5 }, 'wish.forS: whole seconds from 60 to 604800'],
    [{ kind: 'hold', subject: '', ...WHO }, 'wish.subject: a target or a target group'],
    [{ kind: 'hold', subject: 'i'.repeat(301), ...WHO }, 'wish.subject: a target or a target group'],
    [{ kind: 'hold', subject: 7, ...WHO }, 'wish.subject: a target or a target group'],
    [
      { kind: 'hold', subject: 'i-1', by: '', reason: '' },
      'wish.by: a name of 1 to 400 characters; wish.reason: a reason of 1 to 300 characters',
    ],
  ])('and not %j', (request, allowed) => {
    expect(() => parseRequest(request)).toThrow(
      `not an operator request: got ${JSON.stringify(request).slice(0, 200)}; allowed: ${allowed}`,
    );
  });
});

describe('a request that is carried out', () => {
  async function carriedOut(before: Known, request: Parameters<typeof carryOutRequest>[2]) {
    const stored: Case[] = [];
    const ports = respondPorts({ cases: { put: async (incident) => (stored.push(incident), incident) } });
    const answer = await carryOutRequest(ports, before, request);
    return { stored, answer };
  }

  it('stores nothing when it is refused', async () => {
    const { stored, answer } = await carriedOut(known(), { kind: 'hold', subject: 'i-9', ...WHO });
    expect([stored, answer.granted]).toEqual([[], false]);
  });

  it('stores what it decides with its alert, in one write', async () => {
    const { stored, answer } = await carriedOut(known(), { kind: 'hold', subject: 'i-1', ...WHO });
    expect(answer.granted).toBe(true);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({ about: 'hold', decision: { action: 'keep', reason: expect.stringContaining('held') } });
    expect(stored[0]?.outbox).toHaveLength(1);
  });

  it('tells nothing yet of what is only announced: what comes of it is told', async () => {
    const target = { id: 'i-1', port: 80 };
    const out = outCase(confirmed(target, NOW - 9000, NOW), { id: 'o' });
    const { stored } = await carriedOut(known([out]), { kind: 'give-up', subject: 'i-1', ...WHO });
    expect(stored[0]).toMatchObject({ id: 'o', outbox: [] });
  });
});
