/**
 * The query of the access logs, by the adapter, against the lab's CloudWatch Logs over the wire.
 */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { minutesOf, OWN_AGENT, queryFor, ROWS_MAX, type Query, type Subject } from '../../../core/access-log/query';
import { accessLogs } from '../../../lambda/aws/access-logs';
import type { Clock } from '../../../lambda/ports';
import { USER_AGENT } from '../../../lambda/probe/request';
import { open, type Opened } from '../../lab/wire-setup';

const LOG = '/aws/alb/checkout';
const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';
const OTHER = GROUP.replace('/web/', '/other/');
const MINUTE = 60_000;

const SICK: Subject = { groupArn: GROUP, endpoint: '10.0.0.1:8080', peers: ['10.0.0.2:8080', '10.0.0.3:8080'], fromMs: 1200 };

let opened: Opened;
let client: CloudWatchLogsClient;
let clock: Clock;

beforeEach(async () => {
  opened = await open();
  client = new CloudWatchLogsClient(opened.client);
  opened.clock.advance(20 * MINUTE - (opened.clock.now() % MINUTE));
  opened.world.logs.add(LOG);
  const { clock: settable } = opened;
  clock = { now: () => settable.now(), sleep: async (ms) => settable.advance(ms) };
});
afterEach(async () => {
  client.destroy();
  await opened.door.close();
});

interface Request {
  readonly group?: string;
  readonly to?: string;
  /** Seconds until the answer, as the log has it. */
  readonly took?: string | number;
  readonly status?: string | number;
  readonly agent?: string;
  readonly minutesAgo?: number;
  readonly copies?: number;
}

function logged({
  group = GROUP,
  to = SICK.endpoint,
  took = '0.040',
  status = 200,
  agent = 'Mozilla/5.0',
  minutesAgo = 2,
  copies,
}: Request) {
  const at = clock.now() - minutesAgo * MINUTE + 5_000;
  const record = {
    time: new Date(at).toISOString(),
    elb: 'app/front/50dc6c495c0c9188',
    target_port: to,
    target_processing_time: took,
    elb_status_code: status,
    target_group_arn: group,
    user_agent: agent,
  };
  opened.world.logs.deliver(LOG, record, { at, ingestedAt: at, ...(copies === undefined ? {} : { copies }) });
}

const adapter = (maxScannedMiB = 2_000) => accessLogs(client, clock, { logGroups: [LOG], maxScannedMiB });

async function minutes(subjects: readonly Subject[] = [SICK]) {
  const query = queryFor(subjects, clock.now());
  if (query === undefined) throw new Error('nobody is asked about');
  const { rows } = await adapter().query(query);
  return subjects.map((subject) => minutesOf(rows, query, subject));
}

const startsAt = (minutesAgo: number) => opened.clock.now() - (opened.clock.now() % MINUTE) - minutesAgo * MINUTE;

describe('real requests', () => {
  test('are counted by target and minute: slow, failed, and given up by the client', async () => {
    const began = startsAt(2);
    logged({ copies: 3 });
    logged({ took: '1.199' });
    logged({ took: 1.2 });
    logged({ took: '2.5', status: '500' });
    logged({ took: '-1', status: 504 });
    logged({ took: -1, status: '460' });
    logged({ to: '10.0.0.2:8080', copies: 10 });
    logged({ to: '10.0.0.3:8080', took: '3.0' });
    expect(await minutes()).toEqual([
      [
        {
          startsAt: began,
          own: { requests: 8, slow: 3, failed: 2, aborted: 1 },
          peers: { requests: 11, slow: 1, failed: 0, aborted: 0 },
          logged: 19,
        },
      ],
    ]);
  });

  test('of another group, and those that no target was chosen for, are not there', async () => {
    logged({ group: OTHER, copies: 50 });
    logged({ to: '-', took: '-1', status: 503, copies: 50 });
    logged({ copies: 2 });
    expect((await minutes())[0]).toMatchObject([{ own: { requests: 2 }, logged: 2 }]);
  });

  test('of our own client are logged, and are none of users', async () => {
    expect(USER_AGENT.startsWith(OWN_AGENT)).toBe(true);
    logged({ agent: USER_AGENT, took: '2.5', copies: 4 });
    logged({});
    expect((await minutes())[0]).toMatchObject([{ own: { requests: 1, slow: 0 }, logged: 5 }]);
  });

  test('to a target that is neither it nor a peer are logged alone', async () => {
    logged({ to: '10.0.0.9:8080', took: '2.5', copies: 7 });
    logged({});
    expect((await minutes())[0]).toMatchObject([{ own: { requests: 1 }, peers: { requests: 0 }, logged: 8 }]);
  });

  test('of several targets of several groups are asked for in one query, each by what is slow there', async () => {
    const quick: Subject = { groupArn: OTHER, endpoint: '10.0.1.1:80', peers: [], fromMs: 300 };
    logged({ took: '0.5' });
    logged({ group: OTHER, to: quick.endpoint, took: '0.5' });
    const [first, second] = await minutes([SICK, quick]);
    expect([first?.[0]?.own, second?.[0]?.own]).toMatchObject([
      { requests: 1, slow: 0 },
      { requests: 1, slow: 1 },
    ]);
    expect(opened.calls.filter(({ action }) => action === 'logs:StartQuery')).toHaveLength(1);
  });

  test('of longer ago than the window, or not yet ingested, are not seen', async () => {
    logged({ minutesAgo: 14 });
    const at = clock.now() - MINUTE;
    opened.world.logs.deliver(LOG, { target_group_arn: GROUP }, { at, ingestedAt: at + 10 * MINUTE });
    expect(await minutes()).toEqual([[]]);
  });
});

describe('a query', () => {
  const asked = (): Query => {
    const query = queryFor([SICK], clock.now());
    if (query === undefined) throw new Error('nobody is asked about');
    return query;
  };

  test('has in it nothing but what was checked', () => {
    expect(queryFor([], 0)).toBeUndefined();
    for (const groupArn of [`${GROUP}"] | limit 1`, 'arn:aws:s3:::bucket', ''])
      expect(() => queryFor([{ ...SICK, groupArn }], 0)).toThrow('no ARN of a target group');
    const { queryString } = asked();
    expect(queryString).not.toContain(SICK.endpoint);
    expect(queryString).toContain(`["${GROUP}"]`);
  });

  test('that runs for longer than 20 s is stopped, and speaks for nobody', async () => {
    opened.world.logs.tookMs = 60_000;
    logged({});
    await expect(adapter().query(asked())).rejects.toThrow('was stopped: it had run for 20 s');
    expect(opened.calls.at(-1)?.action).toBe('logs:StopQuery');
  });

  test('that reads more than is configured is stopped', async () => {
    opened.world.logs.tookMs = 10_000;
    logged({ copies: 40_000 });
    await expect(adapter(10).query(asked())).rejects.toThrow(/was stopped: it had read 1\d MiB/);
    expect(opened.calls.at(-1)?.action).toBe('logs:StopQuery');
  });

  test('that was cancelled is no answer, nor is one that may have left rows out', async () => {
    logged({});
    const answer = (status: string, results: unknown[] = []) =>
      client.middlewareStack.add(
        (next, { commandName }) =>
          async (args) => {
            const { output, response } = await next(args);
            return { output: commandName === 'GetQueryResultsCommand' ? Object.assign(output, { status, results }) : output, response };
          },
        { name: 'answered', step: 'initialize', override: true },
      );
    answer('Cancelled');
    await expect(adapter().query(asked())).rejects.toThrow('ended as Cancelled');
    answer(
      'Complete',
      Array.from({ length: ROWS_MAX }, () => []),
    );
    await expect(adapter().query(asked())).rejects.toThrow('more may have been left out');
  });

  test('of a log group that is not there fails', async () => {
    const there = accessLogs(client, clock, { logGroups: ['/gone'], maxScannedMiB: 10 });
    await expect(there.query(asked())).rejects.toThrow("Log group '/gone' does not exist");
  });
});

describe('an answer', () => {
  const row = {
    target_group_arn: GROUP,
    target_port: SICK.endpoint,
    minute: '2026-11-27T20:53',
    logged: '1',
    requests: '1',
    slow0: '0',
    failed: '0',
    aborted: '0',
  };
  const read = (changed: Record<string, string>) => minutesOf([{ ...row, ...changed }], { limitsMs: [1200] }, SICK);

  test('has its minutes in UTC, on any day', () => {
    for (const day of ['1970-01-01', '2000-02-29', '2023-12-31', '2024-02-29', '2024-03-01', '2026-11-27', '2100-02-28', '2100-03-01'])
      expect(read({ minute: `${day}T23:59` })[0]?.startsAt).toBe(Date.parse(`${day}T23:59:00Z`));
    for (const minute of ['2026-13-01T00:00', '2026-00-01T00:00', '2026-01-32T00:00', '2026-01-01T24:00', '2026-01-01T00:60'])
      expect(() => read({ minute })).toThrow('no minute');
  });

  test('that has another form is refused as a whole', () => {
    expect(read({})).toHaveLength(1);
    expect(() => read({ minute: '27/Nov/2026' })).toThrow('no minute');
    expect(() => read({ requests: 'many' })).toThrow('requests: no count');
    expect(() => read({ slow0: '-1' })).toThrow('slow0: no count');
  });
});
