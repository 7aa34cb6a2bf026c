/**
 * What one run of the responder reads, in which order it works, and what it says when a step fails.
 */
import { isTargetCase } from '../../core/case';
import type { Case, Round } from '../../core/model';
import { breakerCase, outCase, targetCase } from '../builders/cases';
import { confirmed, ejection } from '../builders/ejections';
import { GROUP, SEARCH } from '../builders/groups';
import { NOW } from '../builders/now';
import { HOLD, FAILING, CHECKOUT, CONVICTED, CLEAN, run, asked, out, hold, closed, I1, BOTH, search, only } from './respond-setup';

describe('a run of the responder', () => {
  it('does nothing at all while another one has the lease of the stack', async () => {
    const { summary, calls } = await run({ isLeased: true, open: [hold('h', GROUP)] });
    expect(summary).toEqual({ outcome: 'somebody else is responding', decisions: [] });
    expect(calls).toEqual([]);
  });

  it('reads no group in full where nothing is due, and gives its lease back', async () => {
    const { summary, calls } = await run();
    expect(summary).toEqual({ outcome: 'nothing due', decisions: [] });
    expect(calls).toEqual(['groups', 'describe', 'release']);
  });

  it('says what it has decided, in its answer and in its log', async () => {
    const { summary, logged, calls } = await run({ open: [hold('h', GROUP)] });
    expect(summary).toMatchObject({ outcome: 'done', decisions: [{ caseId: 'h', action: 'keep' }] });
    expect(logged).toContainEqual({
      message: 'decision',
      fields: { caseId: 'h', action: 'keep', blocked: [], reason: 'held by an operator' },
    });
    expect(asked(calls, 'put')).toEqual([]);
    expect(calls.at(-1)).toBe('release');
  });

  it('gives its lease back when it fails', async () => {
    const { error, calls } = await run(only('groups'));
    expect(error).toBe(FAILING);
    expect(calls.at(-1)).toBe('release');
  });
});

describe('a request', () => {
  it('that is refused is answered with why, and nothing else is done', async () => {
    const { summary, calls } = await run({ open: [hold('h', GROUP)] }, { ...HOLD, subject: 'i-9' });
    expect(summary).toMatchObject({ outcome: 'refused', decisions: [] });
    expect(summary?.says?.[0]).toBe('no target and no target group "i-9"');
    expect(asked(calls, 'put')).toEqual([]);
    expect(asked(calls, 'groups')).toHaveLength(1);
  });

  it('that is granted is on record before the run that follows reads the records', async () => {
    const { summary, stored, calls } = await run({}, HOLD);
    expect(summary).toMatchObject({ outcome: 'done', says: ['checkout is held: the group by Ann: load test, until released'] });
    expect(summary?.decisions.map(({ caseId }) => caseId)).toEqual([stored[0]?.id]);
    expect(asked(calls, 'groups')).toHaveLength(2);
  });

  it('knows the targets that the newest round of each group saw, and no group without a round', async () => {
    const { summary } = await run({ listed: [CHECKOUT, search], rounds: { [GROUP]: CLEAN } }, { ...HOLD, subject: 'i-9' });
    expect(summary?.says).toEqual([
      'no target and no target group "i-9"',
      'target groups: checkout, search',
      'targets: i-1:8080, i-2:8080, i-3:8080, i-4:8080',
    ]);
  });

  it('is answered with every failure that came after it was on record', async () => {
    const { summary, logged } = await run({ open: [closed('a'), closed('b')], ...only('archive') }, HOLD);
    expect(summary).toMatchObject({ outcome: 'done', decisions: [], failures: ['Error: it failed', 'Error: it failed'] });
    expect(summary?.says).toHaveLength(1);
    expect(logged.map(({ message }) => message)).toContain('failed-after-a-request');
    const one = await run({ open: [closed('a')], ...only('archive') }, HOLD);
    expect(one.summary?.failures).toEqual(['Error: it failed']);
  });
});

describe('a step that fails', () => {
  it('is thrown after the others were tried: one as it is, several with their number', async () => {
    const one = await run({ open: [closed('a'), hold('h', GROUP)], ...only('archive') });
    expect(one.error).toBe(FAILING);
    expect(asked(one.calls, 'drop')).toEqual([]);
    const two = await run({
      open: [closed('a'), closed('b'), closed('c')],
      fails: (call) => (/^archive [ab]/.test(call) ? FAILING : undefined),
    });
    expect(two.error).toBeInstanceOf(AggregateError);
    expect(String(two.error)).toContain("2 of the response's steps failed");
    expect(two.logged.filter(({ message }) => message === 'archiving-failed').map(({ fields }) => fields)).toMatchObject([
      { caseId: 'a' },
      { caseId: 'b' },
    ]);
    expect(asked(two.calls, 'drop')).toEqual(['c']);
  });

  it('of an inspection is told, and the case goes on without it', async () => {
    const { error, logged, summary, calls } = await run({
      open: [targetCase({ id: 't', target: { id: 'i-1', port: 8080 } })],
      rounds: { [GROUP]: CONVICTED },
      ...only('inspect'),
    });
    expect([error, summary]).toEqual([FAILING, undefined]);
    expect(logged).toContainEqual({ message: 'inspection-failed', fields: expect.objectContaining({ caseId: 't' }) });
    expect(logged.map(({ message }) => message)).toContain('decision');
    expect(calls).toContain(`health ${GROUP}`);
  });

  it('of an action is told, and the next case has its turn', async () => {
    const due = [out('dropped', { id: 'i-1', port: 8080 }, SEARCH, -1000), hold('h', GROUP)];
    const { error, logged } = await run({ open: due, ...only('cancel') });
    expect(error).toBe(FAILING);
    expect(logged).toContainEqual({
      message: 'action-failed',
      fields: expect.objectContaining({ caseId: 'dropped', action: 'watch' }),
    });
    expect(logged).toContainEqual({ message: 'decision', fields: expect.objectContaining({ caseId: 'h' }) });
  });
});

describe('what is read', () => {
  it('in full is every group that something is due in, and no other', async () => {
    const { calls } = await run({ listed: [CHECKOUT, search], open: [hold('h', SEARCH)] }, undefined, BOTH);
    expect(asked(calls, 'describe')).toEqual([SEARCH]);
    expect(asked(calls, 'health')).toEqual([SEARCH]);
    const convicted = await run({ listed: [CHECKOUT, search], rounds: { [GROUP]: CONVICTED } });
    expect(asked(convicted.calls, 'describe')).toEqual([GROUP]);
  });

  it('of a group with a case that is no longer due in a round of its own is target health', async () => {
    const { calls } = await run(
      { listed: [CHECKOUT, search], open: [hold('h', GROUP), closed('c')], rounds: { [SEARCH]: CLEAN } },
      undefined,
      BOTH,
    );
    expect(asked(calls, 'health')).toEqual([GROUP]);
  });

  it('once more is whether what the listing lacks exists, and not the whole stack', async () => {
    const breaker = breakerCase();
    const lacking = await run({ listed: [search], open: [hold('h', `${GROUP}-2`), breaker] });
    expect(asked(lacking.calls, 'missing')).toEqual([`${GROUP}-2,${GROUP}`]);
    const complete = await run({ open: [hold('h', GROUP), breaker] });
    expect(asked(complete.calls, 'missing')).toEqual([]);
  });

  it('as missing is told of a group that is configured, and of no other', async () => {
    const both = { listed: [], gone: [GROUP, SEARCH], open: [out('o', { id: 'i-1', port: 1 }, SEARCH)] };
    const { stored } = await run(both);
    expect(new Set(stored.filter(({ about }) => about === 'missing').map(({ groupArn }) => groupArn))).toEqual(new Set([GROUP]));
  });

  it('of a group that is no longer configured is target health, while a target of it is out', async () => {
    const removed = out('o', { id: 'i-1', port: 8080 }, SEARCH, -1000);
    const { calls, summary } = await run({
      open: [removed, targetCase({ id: 't', target: { id: 'i-2', port: 1 }, groupArn: `${GROUP}-2` })],
    });
    expect(new Set(asked(calls, 'health'))).toEqual(new Set([SEARCH]));
    expect(summary?.decisions.find(({ caseId }) => caseId === 'o')?.reason).toBe(
      'its target group is no longer configured, and its scheduled restore registered it',
    );
    const unreadable = await run({ open: [removed], ...only(`health ${SEARCH}`) });
    expect(unreadable.error).toBe(FAILING);
    expect(unreadable.logged).toContainEqual({ message: 'decision', fields: expect.objectContaining({ caseId: 'o', action: 'keep' }) });
    expect(unreadable.logged.map(({ message }) => message)).toContain('group-unread');
  });

  it('of a group that was deleted, or where a person has a hold alone, is no target health', async () => {
    const deleted = await run({ gone: [SEARCH], open: [out('o', { id: 'i-1', port: 8080 }, SEARCH)] });
    expect(asked(deleted.calls, 'health')).toEqual([]);
    const held = await run({ open: [{ ...hold('h', SEARCH), state: 'out', ejections: [ejection(I1, NOW, NOW)] }] });
    expect(asked(held.calls, 'health')).toEqual([]);
  });

  it('of a group that cannot be read decides nothing there, and everything elsewhere', async () => {
    const two = {
      listed: [CHECKOUT, search],
      open: [out('o', { id: 'i-1', port: 8080 }, GROUP), out('p', { id: 'i-1', port: 8080 }, `${GROUP}-2`)],
    };
    const { logged, error } = await run({ ...two, ...only(`health ${GROUP}`) });
    const reasons = logged.filter(({ message }) => message === 'decision').map(({ fields }) => ('reason' in fields ? fields.reason : ''));
    expect(reasons.filter((reason) => reason === 'its target group could not be read')).toHaveLength(1);
    expect(error).toBeDefined();
  });

  it('fails no run when a group was deleted since it was listed', async () => {
    const notFound = Object.assign(new Error('gone'), { name: 'TargetGroupNotFoundException' });
    const { summary, error } = await run({ open: [targetCase({ id: 't', target: I1 })], ...only(`health ${GROUP}`, notFound) });
    expect(error).toBeUndefined();
    expect(summary?.decisions[0]?.reason).toBe('its target group could not be read');
  });

  it('of instances is the state of those that are out, each once', async () => {
    const I2 = { id: 'i-0aaaaaaaaaaaaaaa2', port: 8080 };
    const open = [
      out('o', I1, GROUP),
      out('p', { ...I1, port: 9090 }, GROUP),
      out('q', { id: '10.0.0.1', port: 80 }, GROUP),
      targetCase({ id: 't', target: I2 }),
    ];
    const { calls, summary } = await run({ open, states: { [I1.id]: 'stopped' } });
    expect(asked(calls, 'states')).toEqual([I1.id]);
    expect(summary?.decisions.find(({ caseId }) => caseId === 'o')).toBeDefined();
    const none = await run({ open: [targetCase({ id: 't', target: I2 })] });
    expect(asked(none.calls, 'states')).toEqual([]);
  });

  it('of instances may fail: nothing rests on it', async () => {
    const { error, logged, summary } = await run({ open: [out('o', I1, GROUP)], ...only('states') });
    expect([error, summary?.outcome]).toEqual([undefined, 'done']);
    expect(logged).toContainEqual({ message: 'instance-states-unread', fields: expect.objectContaining({ ids: [I1.id] }) });
  });
});

describe('what counts', () => {
  const refused = (result: Awaited<ReturnType<typeof run>>) =>
    result.summary?.decisions.find(({ caseId }) => caseId === 't')?.blocked ?? [];
  const mine = targetCase({ id: 't', target: { id: 'i-1', port: 8080 } });

  it('against a budget is what is out where a round of before saw a host of this group', async () => {
    const elsewhere = out('o', { id: 'i-9', port: 8080 }, SEARCH);
    const shared = CLEAN.map((round, index) => (index === 1 ? round : { ...round, lbView: [] }));
    const apart = CLEAN.map((round) => ({ ...round, lbView: [] }));
    const withRounds = (rounds: readonly Round[]) =>
      run({ listed: [CHECKOUT, search], open: [mine, elsewhere], rounds: { [GROUP]: CONVICTED, [SEARCH]: rounds } });
    expect(refused(await withRounds(shared))).toContain('budget-group');
    expect(refused(await withRounds(apart))).not.toContain('budget-group');
  });

  it('against the hour is each removal once, whether its case is archived yet or not', async () => {
    const done = (id: string): Case => {
      const left = confirmed({ id: `i-${id}`, port: 1 }, NOW - 600_000, NOW, { restoredAt: NOW - 1000 });
      return outCase(left, { id, state: 'closed', closedAt: NOW - 500 });
    };
    const hour = async (open: readonly Case[], archived: readonly Case[]) => {
      const result = await run({ open: [mine, ...open], closed: archived, rounds: { [GROUP]: CONVICTED } });
      const checks = result.summary?.decisions.find(({ caseId }) => caseId === 't')?.guardrails ?? [];
      return checks.find(({ guardrail }) => guardrail === 'budget-group-hour')?.value;
    };
    expect(await hour([], [done('7')])).toBe('1 removed in the last hour');
    expect(await hour([done('7')], [])).toBe('1 removed in the last hour');
    expect(await hour([done('7')], [done('7')])).toBe('1 removed in the last hour');
    expect(await hour([done('7'), done('8')], [done('7'), done('9')])).toBe('3 removed in the last hour');
  });
});

describe('a case', () => {
  it('is opened for a conviction, with its target, its evidence and its address, under an id that the round and the target make', async () => {
    const addressed = CONVICTED.map((round) => ({ ...round, addresses: { 'i-1:8080': '10.0.0.1' } }));
    const first = await run({ rounds: { [GROUP]: addressed } });
    const [opened] = first.stored;
    expect(opened).toMatchObject({ about: 'target', target: { id: 'i-1', port: 8080 }, groupArn: GROUP, address: '10.0.0.1' });
    expect(opened?.id).toMatch(/^2026-01-01T11:59:45\.000Z-[0-9a-f]{8}$/);
    const again = await run({ rounds: { [GROUP]: CONVICTED } });
    expect(again.stored[0]?.id).toBe(opened?.id);
    expect(again.stored[0]).not.toHaveProperty('address');
  });

  it('is opened for a group that two rounds call shared, and is about no target', async () => {
    const shared = CONVICTED.map((round): Round => ({ ...round, fleet: 'shared', verdicts: [] }));
    const { stored } = await run({ rounds: { [GROUP]: shared } });
    expect(stored[0]).toMatchObject({ about: 'shared', groupArn: GROUP });
    expect(stored[0] !== undefined && isTargetCase(stored[0])).toBe(false);
  });

  it('that is closed is not inspected, and goes to the archive and out of the records, in this order', async () => {
    const ended = { ...targetCase({ id: 't', target: { id: 'i-1', port: 8080 } }), state: 'closed' as const, closedAt: NOW - 1000 };
    const { calls, summary } = await run({ open: [ended], rounds: { [GROUP]: CLEAN } });
    expect(asked(calls, 'inspect')).toEqual([]);
    expect(summary?.decisions).toEqual([]);
    expect(calls.filter((call) => /^(archive|drop)/.test(call))).toEqual(['archive t', 'drop t']);
  });

  it('whose alert is out is told with its case and its group, and marked as sent', async () => {
    const { published, stored, calls } = await run({
      rounds: { [GROUP]: CONVICTED.map((round): Round => ({ ...round, fleet: 'shared', verdicts: [] })) },
    });
    const [opened] = stored;
    expect(published[0]?.about).toEqual({ caseId: opened?.id, groupArn: GROUP });
    expect(stored.at(-1)?.outbox.map(({ sentAt }) => sentAt)).toEqual([NOW]);
    expect(calls.indexOf(`publish ${opened?.id}`)).toBeGreaterThan(calls.indexOf(`put ${opened?.id}`));
  });
});
