/** The report that the stack writes into its bucket, after each event of a case. */
import { alert } from '../../core/report/alert';
import { reportKey } from '../../core/report/links';
import type { Case, Round } from '../../core/model';
import { unreadableCase } from '../../core/unreadable';
import { writeReport, type CaseStateChangeEvent, type ReportPorts } from '../../lambda/report/write-report';
import { breakerCase, targetCase } from '../builders/cases';
import { GROUP } from '../builders/groups';
import { firstAlertOf, incidentOf } from '../builders/incidents';
import { NOW } from '../builders/now';

interface Account {
  readonly open?: readonly Case[];
  readonly closed?: readonly Case[];
  readonly rounds?: readonly Round[];
  readonly failing?: Error;
}

function account({ open = [], closed = [], rounds = [], failing }: Account) {
  const stored = new Map<string, string>();
  const asked: { closedSince?: number; spans: unknown[] } = { spans: [] };
  const ports: ReportPorts = {
    clock: { now: () => NOW },
    log: () => undefined,
    cases: {
      open: async () => [...open],
      closedSince: async (at) => {
        asked.closedSince = at;
        return closed.filter(({ closedAt = 0 }) => closedAt >= at);
      },
    },
    rounds: async (groupArn, span) => {
      asked.spans.push({ groupArn, ...span });
      return [...rounds];
    },
    bucket: {
      put: async (key, page) => {
        if (failing !== undefined) throw failing;
        stored.set(key, page);
      },
    },
    deployment: { stack: 'Sickbay' },
  };
  return { ports, stored, asked };
}

const suspected = targetCase({ id: '2026-01-01T11:59:00.000Z-0a1b2c3d' });
const eventOf = ({ id, openedAt, closedAt }: Case): CaseStateChangeEvent => ({
  detail: {
    dedupKey: id,
    openedAt: new Date(openedAt).toISOString(),
    ...(closedAt === undefined ? {} : { closedAt: new Date(closedAt).toISOString().replace(/\.\d+/, '') }),
  },
});

describe('the report in the bucket', () => {
  it('is the page of the case, from the records as they are now, under a key of safe characters', async () => {
    const { told, rounds } = incidentOf('pool-starvation');
    if (told === null) throw new Error('the drill removed a target');
    const { ports, stored, asked } = account({ open: [suspected, told], rounds });
    const summary = await writeReport(ports, eventOf(told));
    expect([...stored.keys()]).toEqual([reportKey(told.id)]);
    expect(summary.key).toMatch(/^cases\/[\w.-]+\.html$/);
    const page = stored.get(reportKey(told.id)) ?? '';
    expect(page).toContain(`Case ${told.id}`);
    expect(page).toContain('starving its DB pool');
    expect(summary.bytes).toBe(Buffer.byteLength(page));
    expect(asked.spans).toEqual([expect.objectContaining({ groupArn: told.groupArn })]);
  });

  it('of a case that closed before the stop that the event is about began is found', async () => {
    const closed = targetCase({ id: suspected.id, state: 'closed', closedAt: NOW - 3_600_000, because: 'not-acted' });
    const { ports, stored } = account({ closed: [closed] });
    await writeReport(ports, { detail: { dedupKey: closed.id, openedAt: new Date(NOW).toISOString() } });
    expect([...stored.keys()]).toEqual([reportKey(closed.id)]);
  });

  it('of a case that is closed and archived is found by when it closed', async () => {
    const closed = targetCase({ id: suspected.id, state: 'closed', closedAt: NOW - 1, because: 'not-acted' });
    const { ports, stored, asked } = account({ closed: [closed] });
    await writeReport(ports, eventOf(closed));
    expect([...stored.keys()]).toEqual([reportKey(closed.id)]);
    // To the second: an event's time is never after the record's.
    expect(asked.closedSince).toBeLessThanOrEqual(NOW - 1);
  });

  it('of a case about the whole stack has no rounds to ask for', async () => {
    const breaker = breakerCase(undefined, { id: 'breaker-1' });
    const { ports, stored, asked } = account({ open: [breaker] });
    await writeReport(ports, eventOf(breaker));
    expect([...stored.keys()]).toEqual([reportKey('breaker-1')]);
    expect(asked.spans).toEqual([]);
  });

  it('says only what is on record: an event from elsewhere about a case that there is not fails', async () => {
    const { ports, stored } = account({ open: [suspected] });
    const forged = { detail: { dedupKey: '../../other', openedAt: new Date(NOW).toISOString() } };
    await expect(writeReport(ports, forged)).rejects.toThrow('case "../../other" is not on record');
    expect(stored.size).toBe(0);
  });

  it('is not made of a record of a later version', async () => {
    const later = unreadableCase({ id: suspected.id, groupArn: GROUP, version: '99' });
    await expect(writeReport(account({ open: [later] }).ports, eventOf(suspected))).rejects.toThrow('of a version that is not known');
  });

  it('that is not stored fails the function, whose alarm tells of it', async () => {
    const { ports } = account({ open: [suspected], failing: new Error('PutObject: status 503 SlowDown') });
    await expect(writeReport(ports, eventOf(suspected))).rejects.toThrow('SlowDown');
  });
});

test('the alert links to the page under the same key, in the console, which asks for a sign-in', () => {
  const input = firstAlertOf('pool-starvation');
  const entry = alert({ ...input, deployment: { stack: 'Sickbay', reportsBucket: 'sickbay-reports' } });
  const link = entry.event?.links.report;
  expect(link).toBe(
    `https://us-east-1.console.aws.amazon.com/s3/object/sickbay-reports?region=us-east-1&bucketType=general&prefix=${reportKey(input.incident.id)}`,
  );
  expect(entry.body).toContain(`Report: ${link}`);
  expect(JSON.stringify(entry)).not.toMatch(/X-Amz-Signature|Signature=/);
});
