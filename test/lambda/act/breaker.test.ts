/** Opening a breaker: which, when, and what is on record. */
import { decide } from '../../core/decisions';
import type { Case, Decision } from '../../../core/model';
import { tripBreakers } from '../../../lambda/act/breaker';
import { breakerCase } from '../../builders/cases';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { respondPorts } from '../../builders/ports';
import { situation } from '../../builders/scenario/situation';

const HERE = situation(new Map([['ejected minutes ago', '50 20']]));
const refusedByTheHour = () => decide(HERE);

async function opened(decisions: readonly Decision[], openCases: readonly Case[] = [], put?: () => Promise<never>) {
  const stored: Case[] = [];
  const logged: { readonly message: string; readonly fields: object }[] = [];
  const failures: unknown[] = [];
  const ports = respondPorts({
    clock: { now: () => NOW },
    cases: { put: put ?? (async (incident) => (stored.push(incident), incident)) },
    log: (message, fields) => void logged.push({ message, fields }),
  });
  await tripBreakers(ports, { ...HERE, openCases }, decisions, failures);
  return { stored, logged, failures };
}

describe('a breaker', () => {
  it('is opened for the group whose hourly limit alone refused a removal, with its alert in the same write', async () => {
    const { stored, failures } = await opened(refusedByTheHour());
    expect(failures).toEqual([]);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toMatchObject({
      about: 'breaker',
      groupArn: GROUP,
      id: '2026-01-01T12:00:00.000Z-breaker-0123456789abcdef',
      decision: { action: 'keep', caseId: stored[0]?.id, reason: 'an hourly limit was passed: i-1 would have been removed as well' },
    });
    expect(stored[0]?.outbox).toHaveLength(1);
    expect(stored[0]?.events[0]?.says).toBe('an hourly limit was passed: i-1 would have been removed as well');
  });

  it('is one, however many decisions ran into the limit', async () => {
    expect((await opened([...refusedByTheHour(), ...refusedByTheHour()])).stored).toHaveLength(1);
  });

  it('is none where none of the decisions ran into it', async () => {
    expect((await opened(decide(situation(new Map())))).stored).toEqual([]);
  });

  it('is not opened a second time', async () => {
    const open = breakerCase(GROUP);
    expect((await opened(refusedByTheHour(), [open])).stored).toEqual([]);
    expect((await opened(refusedByTheHour(), [{ ...open, groupArn: `${GROUP}-2` }])).stored).toHaveLength(1);
  });

  it('that cannot be stored is a failure of the run', async () => {
    const failing = new Error('throttled');
    const { failures, logged } = await opened(refusedByTheHour(), [], () => Promise.reject(failing));
    expect(failures).toEqual([failing]);
    expect(logged).toEqual([
      { message: 'breaker-failed', fields: expect.objectContaining({ groupArn: GROUP, error: 'Error: throttled' }) },
    ]);
  });
});
