/** When the access logs are asked: once in a run, where a removal is due, and frugally. */
import { SUBJECTS_MAX, type Query } from '../../../core/access-log/query';
import type { Case } from '../../../core/model';
import { accessLogViews, type Asked } from '../../../lambda/inspect/access-log-view';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';

const DESCRIBED = [
  ['access log', '0/100'],
  ['balancer', '0/800'],
] as const;

const ROW = {
  target_group_arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef',
  target_port: '10.0.0.1:8080',
  minute: '2026-01-01T11:55',
  logged: '400',
  requests: '100',
  slow0: '96',
  failed: '1',
  aborted: '0',
};

function about(description: readonly (readonly [string, string])[] = [], change: (value: Case) => Case = (value) => value): Asked {
  const { openCases, groups } = situation(new Map([...DESCRIBED, ...description]));
  const [[incident], [group]] = [openCases, groups];
  if (incident === undefined || group === undefined) throw new Error('the situation has a case and a group');
  const { accessLog: _none, ...fresh } = incident;
  return { incident: change(fresh), about: group };
}

class Bench {
  readonly queries: Query[] = [];
  readonly logged: string[] = [];
  answer: () => { rows: Record<string, string>[]; scannedBytes: number } = () => ({ rows: [ROW], scannedBytes: 1_000 });

  async views(asked: readonly Asked[], configured = true) {
    const query = async (of: Query) => {
      this.queries.push(of);
      return this.answer();
    };
    const ports = {
      clock: { now: () => NOW, sleep: async () => undefined },
      log: (event: string) => void this.logged.push(event),
      ...(configured ? { accessLogs: { query } } : {}),
    };
    return accessLogViews(ports, situation(new Map(DESCRIBED)).config, asked);
  }
}

describe('the access logs', () => {
  it('are asked about a convicted target, and the answer is kept with what was asked', async () => {
    const bench = new Bench();
    const views = await bench.views([about()]);
    expect([...views.values()]).toEqual([
      {
        readAt: NOW,
        fromMs: expect.closeTo(323.9, 0),
        endpoint: '10.0.0.1:8080',
        minutes: [
          expect.objectContaining({
            own: { requests: 100, slow: 96, failed: 1, aborted: 0 },
            peers: { requests: 0, slow: 0, failed: 0, aborted: 0 },
            logged: 400,
          }),
        ],
        scannedBytes: 1_000,
      },
    ]);
  });

  it('are not asked where none are configured, nobody is convicted, it is out, or they were asked just now', async () => {
    const bench = new Bench();
    await bench.views([about()], false);
    await bench.views([about([['verdict', 'suspect']])]);
    await bench.views([about([['case', 'out']])]);
    await bench.views([about([], (value) => ({ ...value, accessLog: { readAt: NOW - 59_999, fromMs: 1, endpoint: '', minutes: [] } }))]);
    expect(bench.queries).toEqual([]);
    await bench.views([about([], (value) => ({ ...value, accessLog: { readAt: NOW - 60_000, fromMs: 1, endpoint: '', minutes: [] } }))]);
    expect(bench.queries).toHaveLength(1);
  });

  it('are asked once for all, and at most for so many, those longest open first', async () => {
    const bench = new Bench();
    const many = Array.from({ length: SUBJECTS_MAX + 2 }, (_, index) =>
      about([], (value) => ({ ...value, id: `c${index}`, openedAt: 100 - index })),
    );
    const views = await bench.views(many);
    expect(bench.queries).toHaveLength(1);
    expect([...views.keys()]).toEqual(
      many
        .slice(2)
        .map(({ incident }) => incident.id)
        .reverse(),
    );
  });

  it('that could not be read, or answered something else, say so and nothing more', async () => {
    const bench = new Bench();
    bench.answer = () => {
      throw new Error('AccessDenied: no');
    };
    const [unread] = (await bench.views([about()])).values();
    expect(unread).toMatchObject({ minutes: [], unread: 'Error: AccessDenied: no' });
    bench.answer = () => ({ rows: [{ ...ROW, requests: 'many' }], scannedBytes: 1 });
    expect([...(await bench.views([about()])).values()][0]?.unread).toContain('requests: no count');
    expect(bench.logged).toEqual(['access-logs-unread', 'access-logs-unread']);
  });
});
