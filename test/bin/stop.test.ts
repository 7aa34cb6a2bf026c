/** A person's answer to a proposal, and what the command line tells of it. */
import { InvalidAutomationSignalException, type SSMClient } from '@aws-sdk/client-ssm';
import { CommandError, EXIT } from '../../bin/exit';
import { ask } from '../../bin/stop/ask';
import { whyNone } from '../../bin/stop/why-none';
import { exitOf, follow } from '../../bin/stop/follow';
import { stopText } from '../../bin/stop/show';
import { checkAnswer, sendAnswer, type Answer } from '../../bin/stop/signal';
import type { Stop } from '../../core/model';
import { stopMeant } from '../../core/stop/meant';
import { outCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { NOW } from '../builders/now';
import { PLAN, stopOf } from '../builders/stops';
import { containing, matching } from '../builders/text';
import { clientThat } from '../builders/clients';

const APPROVE: Answer = { type: 'Approve', digest: PLAN.digest };

function refusal(work: () => unknown): { readonly message: string; readonly exitCode: number } {
  try {
    work();
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('an answer to a proposal', () => {
  test('is sent to its execution', () => {
    expect(checkAnswer(stopOf(), APPROVE, NOW)).toBe('execution-1');
    expect(checkAnswer(stopOf(), { type: 'Reject' }, NOW)).toBe('execution-1');
  });

  test('with another digest is a mistake that names both, whoever approves or denies', () => {
    for (const type of ['Approve', 'Reject'] as const) {
      const { message, exitCode } = refusal(() => checkAnswer(stopOf(), { type, digest: 'f'.repeat(64) }, NOW));
      expect(message).toContain('f'.repeat(64));
      expect(message).toContain(PLAN.digest);
      expect(exitCode).toBe(EXIT.usage);
    }
  });

  test.each<[string, Partial<Stop>, number, RegExp]>([
    ['that expired', {}, 900_000, /expired at .* UTC, and nothing was sent/],
    ['that is being withdrawn', { cancelling: { end: 'withdrawn', why: 'gone' } }, 0, /nothing was sent: the stop is proposed, and cannot/],
    ['that somebody approved already', { state: 'acting' }, 0, /nothing was sent: the stop is acting/],
    ['that was refused', { state: 'refused', because: 'another boot' }, 0, /the stop is refused: another boot/],
  ])('to one %s is not sent', (_, more, laterMs, words) => {
    const { message, exitCode } = refusal(() => checkAnswer(stopOf(more), APPROVE, NOW + laterMs));
    expect(message).toMatch(words);
    expect(exitCode).toBe(EXIT.findings);
  });

  test('to one whose execution is not started yet is not sent', () => {
    const { executionId: _none, ...rest } = stopOf();
    expect(refusal(() => checkAnswer(rest, APPROVE, NOW)).message).toMatch(/not started yet/);
  });

  test('of somebody who is no approver says who they are, and where the approvers are named', async () => {
    const fault = new InvalidAutomationSignalException({ message: 'not one of the approvers', $metadata: {} });
    const client = clientThat<SSMClient>(() => Promise.reject(fault));
    const sending = sendAnswer(client, 'execution-1', APPROVE, async () => 'arn:aws:sts::123456789012:assumed-role/dev/ann');
    await expect(sending).rejects.toMatchObject({
      exitCode: EXIT.lacking,
      message: matching(/not one of the approvers[^]*assumed-role\/dev\/ann[^]*stop\.approvers/),
    });
  });

  test('without the permission says which one is needed, also where nobody can tell who it is', async () => {
    const fault = Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
    const client = clientThat<SSMClient>(() => Promise.reject(fault));
    const sending = sendAnswer(client, 'execution-1', APPROVE, () => Promise.reject(new Error('no STS')));
    await expect(sending).rejects.toMatchObject({
      exitCode: EXIT.lacking,
      message: matching(/identity not known: no STS[^]*ssm:SendAutomationSignal/),
    });
  });

  test('that fails for another reason is no answer', async () => {
    const client = clientThat<SSMClient>(() => Promise.reject(new Error('socket hang up')));
    await expect(sendAnswer(client, 'execution-1', APPROVE, async () => 'ann')).rejects.toThrow('socket hang up');
  });
});

describe('following a stop', () => {
  const said = (...says: string[]) => says.map((one, index) => ({ at: NOW + index, says: one }));

  async function followed(states: readonly Partial<Stop>[]): Promise<{ readonly last: Stop; readonly told: string[] }> {
    const told: string[] = [];
    const left = [...states];
    let now = NOW;
    const last = await follow({
      read: async () => stopOf((left.length > 1 ? left.shift() : left[0]) ?? {}),
      now: () => now,
      sleep: async (ms) => void (now += ms),
      progress: (line) => told.push(line.replace(/^\S+ +(UTC +)?/, '')),
    });
    return { last, told };
  }

  test('tells each event once, and ends when it is verified', async () => {
    const { last, told } = await followed([
      { events: said('proposed') },
      { state: 'acting', events: said('proposed', 'approved') },
      { state: 'acting', events: said('proposed', 'approved') },
      { state: 'holding', events: said('proposed', 'approved', 'verified') },
    ]);
    expect(told).toEqual(['proposed', 'approved', 'verified']);
    expect(exitOf(last, 'Approve')).toBe(EXIT.fine);
  });

  test.each(['refused', 'undone', 'withdrawn', 'expired', 'denied'] as const)('that is %s ends with 1', async (state) => {
    const { last } = await followed([{ state: 'acting' }, { state }]);
    expect(exitOf(last, 'Approve')).toBe(EXIT.findings);
  });

  test('a denial ends well when the stop is denied, and not when it went on', () => {
    expect(exitOf(stopOf({ state: 'denied' }), 'Reject')).toBe(EXIT.fine);
    expect(exitOf(stopOf({ state: 'holding' }), 'Reject')).toBe(EXIT.findings);
  });

  test('gives up after a while, and says that it goes on without it', async () => {
    const { told } = await followed([{ state: 'verifying' }]);
    expect(told.at(-1)).toContain('goes on without this command');
  });
});

describe('which stop is meant', () => {
  const older = stopOf({ id: 'case-1/stop/1', state: 'refused', endedAt: NOW, proposedAt: NOW - 60_000 });
  const newer = stopOf({ id: 'case-1/stop/2' });

  test('one that has not ended, then the newest; by case, stop or instance', () => {
    for (const subject of ['case-1', newer.instanceId]) expect(stopMeant([older, newer], subject)).toBe(newer);
    expect(stopMeant([older, newer], older.id)).toBe(older);
    expect(stopMeant([{ ...newer, endedAt: NOW, state: 'denied' }, older], 'case-1')?.id).toBe(newer.id);
    expect(stopMeant([older, newer], 'case-2')).toBeUndefined();
    const shown = stopOf({ caseId: '2026-01-31T23:59:00.000Z-3340d2be' });
    expect(stopMeant([older, shown], '0131T2359-3340d2be')).toBe(shown);
  });

  test('one that blocks its group goes before a newer one that does not', () => {
    const failed = stopOf({ id: 'case-1/stop/1', state: 'undone', endedAt: NOW, blocksGroup: true, proposedAt: NOW - 60_000 });
    expect(stopMeant([failed, { ...newer, state: 'denied', endedAt: NOW }], newer.instanceId)).toBe(failed);
  });

  const target = { id: 'i-0aaaaaaaaaaaaaaa1', port: 8080 };
  const incident = outCase(confirmed(target, NOW - 60_000, NOW + 840_000), { openedAt: NOW });
  const records = { now: NOW, stops: [], unreadable: [], openCases: [incident], stopSwitch: { on: false, why: 'not read' } };

  test('without one, the records say why as far as they can', () => {
    expect(whyNone(records, 'case-9')).toEqual([expect.stringContaining('no open case is about "case-9"')]);
    expect(whyNone(records, incident.id).join('\n')).toMatch(/no-culprit: no finding names exactly one process/);
    const failed = stopOf({ state: 'undone', blocksGroup: true, groupArn: incident.groupArn });
    expect(whyNone({ ...records, stops: [failed] }, target.id).join('\n')).toContain('stop-breaker: case-1/stop/1');
    expect(
      whyNone({ ...records, openCases: [{ ...incident, id: '2026-01-31T23:59:00.000Z-3340d2be' }] }, '0131T2359-3340d2be').join('\n'),
    ).toMatch(/no-culprit/);
  });
});

describe('what is shown of a stop', () => {
  test('a proposal has its dry run, its digest, and both answers as commands', () => {
    const text = stopText(stopOf(), NOW).join('\n');
    expect(text).toMatch(/Dry run on i-0aaaaaaaaaaaaaaa1/);
    expect(text).toContain(`digest ${PLAN.digest}`);
    expect(text).toMatch(new RegExp(`stop case-1 --approve ${PLAN.digest}`));
    expect(text).toMatch(/stop case-1 --deny/);
  });

  test('one that expired has no command that would do nothing', () => {
    expect(stopText(stopOf(), NOW + 900_000).join('\n')).not.toMatch(/--approve|--deny/);
  });

  test('one that holds can be undone or kept', () => {
    const text = stopText(stopOf({ state: 'holding' }), NOW).join('\n');
    expect(text).toMatch(/undo case-1\n.*undo case-1 --keep/);
  });
});

describe('asking the function that stops', () => {
  const request = { kind: 'undo', stop: 'case-1', by: 'ann', reason: 'needed' } as const;
  const busy = Object.assign(new Error('busy'), { name: 'TooManyRequestsException' });

  test('asks again while another run is under way', async () => {
    const answers: (() => Promise<{ outcome: 'done'; says: string[] }>)[] = [
      () => Promise.reject(busy),
      () => Promise.reject(busy),
      async () => ({ outcome: 'done', says: ['undone'] }),
    ];
    const told: string[] = [];
    const invoke = () => answers.shift()?.() ?? Promise.reject(new Error('asked too often'));
    const answer = await ask({ invoke, now: () => NOW, sleep: async () => undefined, progress: (line) => told.push(line) }, request);
    expect(answer.says).toEqual(['undone']);
    expect(told).toHaveLength(2);
  });

  test('gives up in the end, and says that nothing was done', async () => {
    let now = NOW;
    const asking = {
      invoke: () => Promise.reject(busy),
      now: () => now,
      sleep: async (ms: number) => void (now += ms),
      progress: () => undefined,
    };
    await expect(ask(asking, request)).rejects.toMatchObject({
      exitCode: EXIT.findings,
      message: containing('nothing was done'),
    });
  });
});
