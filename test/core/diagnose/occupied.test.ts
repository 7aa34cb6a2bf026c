/**
 * A client on the host itself that holds most of the application's open connections, while the page
 * happens to be quick. Made-up hosts.
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding, HostCapture } from '../../../core/model';
import { madeHost, processRow } from './synthetic';

const CRON = '39:cron<1:init';
const APP = '/usr/sbin/apache2 -k start';

interface Made {
  /** Connections of the client, and all that are open. */
  readonly held: number;
  readonly open: number;
  readonly servers?: number;
  readonly command?: string;
  readonly parents?: string;
  readonly local?: string;
}

function made(host: string, { held, open, servers = 12, command = '/opt/jobs/check_links', parents = CRON, local = '127.0.0.1' }: Made) {
  const client = held === 0 ? [] : [processRow(41, parents, command, { startedAt: 1_700_000_070_000, ppid: 39 })];
  const rows = held === 0 ? [] : [['out', `${local}:8080`, 'ESTABLISHED', 41, held, 'client'].join('\t')];
  const capture = madeHost({
    host,
    app: APP,
    rows: {
      sockets: [...rows, `in\t8080\tESTABLISHED\t${open}`],
      processes: client,
      groups: [`group\tapache2\troot\t1`, `group\tapache2\twww-data\t${servers}`],
      http: ['http\tprobe\t/cart\t200\t120\t9\tcurl'],
    },
  });
  const withoutPool = (stdout: string) => stdout.replaceAll(/^(m|out\t10\.0\.9\.9:5432)\t.*\n/gm, '');
  return 'stdout' in capture ? { ...capture, stdout: withoutPool(capture.stdout) } : capture;
}

function findings(sick: HostCapture, peer: Made = { held: 0, open: 3 }): readonly Finding[] {
  const peers = ['a', 'b', 'c'].map((host) => made(host, peer));
  return diagnose({ sick, peers, now: 1_700_000_100_000 }).findings;
}

const MOST: Made = { held: 20, open: 22, servers: 41 };

describe("a job of this host alone that holds most of the application's open connections", () => {
  test('has taken its workers, though the page is quick just now', () => {
    const [first] = findings(made('sick', MOST));
    expect(first).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 41 } });
    expect(first?.evidence).toContain("20 of the open connections to port 8080 are the job's, of all: 22; peers 3");
    expect(first?.evidence).toContain('processes of the server: 42; peers 13');
    expect(first?.against).toContain('the page itself is quick at the moment of the look');
  });

  test('is worth less where the server started no process for it', () => {
    const [[more], [less]] = [findings(made('sick', MOST)), findings(made('sick', { ...MOST, servers: 12 }))];
    expect(less?.confidence).toBeLessThan(more?.confidence ?? 0);
    expect(less).toMatchObject({ cause: 'pool-starvation', culprit: { pid: 41 } });
  });

  test('and that the clock did not start is a lead, which names nobody', () => {
    const [first] = findings(made('sick', { ...MOST, servers: 12, parents: '1:init' }));
    expect(first).toMatchObject({ cause: 'pool-starvation' });
    expect(first?.confidence).toBeLessThan(0.5);
    expect(first?.culprit).toBeUndefined();
  });
});

describe('nobody is blamed for', () => {
  test.each<[string, Made, Made]>([
    ['a proxy or an agent that every peer has', MOST, MOST],
    ['one that the peers have with fewer connections', MOST, { held: 4, open: 6 }],
    ['a checker that holds less than half', { held: 8, open: 22 }, { held: 0, open: 3 }],
    ['one that holds most of a few', { held: 7, open: 7 }, { held: 0, open: 0 }],
    ['as many as the users of the peers have', MOST, { held: 0, open: 21, servers: 40 }],
  ])('%s', (_, here, there) => {
    expect(findings(made('sick', here), there).filter(({ cause, culprit }) => cause === 'pool-starvation' || culprit)).toEqual([]);
  });
});

/** A server behind a cache: what the cache asks it is not connected at the moment of the look. */
describe('a job that crowds another server of this host while requests wait here alone', () => {
  const behind = (host: string, { held, open, queue, page }: { held: number; open: number; queue: number; page: number }) =>
    madeHost({
      host,
      pool: [0, 0, 0],
      rows: {
        sockets: [
          `listen\t8081\t127.0.0.1\t33\t${queue}\t511`,
          `in\t8081\tESTABLISHED\t${open}`,
          ...(held === 0 ? [] : [`out\t127.0.0.1:8081\tESTABLISHED\t41\t${held}\tprint_catalog`]),
        ],
        processes: [
          processRow(33, '1:init', '/usr/sbin/apache2 -k start'),
          ...(held === 0 ? [] : [processRow(41, CRON, '/opt/jobs/print_catalog', { startedAt: 1_700_000_050_000 })]),
        ],
        groups: ['group\tapache2\twww-data\t8'],
        http: [`http\tprobe\t/cart\t200\t${page}\t9\tcurl`],
      },
    });
  const SICK = { held: 36, open: 36, queue: 12, page: 4000 };
  const WELL = { held: 0, open: 2, queue: 0, page: 100 };
  const told = (here: Partial<typeof SICK>, there: Partial<typeof SICK> = {}) => {
    const peers = ['a', 'b', 'c'].map((host) => behind(host, { ...WELL, ...there }));
    const found = diagnose({ sick: behind('sick', { ...SICK, ...here }), peers, now: 1_700_000_100_000 }).findings;
    return found.filter((one) => one.culprit !== undefined);
  };

  test('is named, with the port', () => {
    expect(told({})).toMatchObject([{ cause: 'pool-starvation', culprit: { pid: 41 } }]);
    expect(told({})[0]?.checks).toContain("ss -tnp '( dport = :8081 )'");
  });

  test.each<[string, Partial<typeof SICK>, Partial<typeof SICK>]>([
    ['that server accepts what comes', { queue: 0 }, {}],
    ['its peers have as much in the queue', {}, { queue: 12 }],
    ['most of its connections are others', { held: 16 }, {}],
    ['its peers have as many', {}, { open: 30 }],
    ['the peers run the job, too', {}, { held: 4, open: 4 }],
    ['no request waits', { page: 100 }, {}],
  ])('and is not where %s', (_, here, there) => {
    expect(told(here, there)).toEqual([]);
  });
});
