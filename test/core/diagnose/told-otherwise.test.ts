/**
 * An application that was started or told otherwise than on every peer: by variables, by options,
 * and by the share of a CPU that its control group has. Made-up hosts (synthetic).
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Diagnosis } from '../../../core/model';
import { CRON, NOW, QUICK, SLOW, madeHost, row, type MadeHost } from './synthetic';

type Rows = NonNullable<MadeHost['rows']>;

function diagnosed(sick: Rows, everywhere: Rows, ...others: readonly Rows[]): Diagnosis {
  const rows = [everywhere, ...(others.length > 0 ? others : [everywhere, everywhere])];
  const peers = rows.map((own, index) => madeHost({ host: `p${index}`, rows: { http: QUICK, ...own } }));
  return diagnose({ sick: madeHost({ host: 'a', rows: { http: SLOW, ...sick } }), peers, now: NOW });
}

const found = ({ findings }: Diagnosis) => findings.map(({ cause, confidence }) => [cause, confidence] as const);
const evidence = ({ findings }: Diagnosis) => findings.flatMap((finding) => finding.evidence).join('\n');

/** The variables of the application, `NAME=value`, of which `count` there are. */
function variables(told: readonly string[], count = told.length): Rows {
  return { app: [...told.map((one) => `app\t10\tenv:${one.replace('=', '\t')}`), `app\t10\tvariables\t${count}`] };
}

/** Its one thread uses so much of a core. */
const busy = (percent: number): Rows => ({ threads: [`thread\t10\t10\tpython3\tR\t${percent * 5}\t0\t500`] });
const computing = (percent: number): Rows => ({
  ...busy(percent),
  processes: [row(10, '1:init', 'gunicorn app:app', { cpuMs: percent * 10 })],
});

describe('a variable that is set on this host alone', () => {
  test('is a lead', () => {
    const diagnosis = diagnosed(variables(['SHOP_POOL_SIZE=2']), variables([]));
    expect(found(diagnosis)).toEqual([['config-drift', 0.43]]);
    expect(evidence(diagnosis)).toContain("the application's environment has SHOP_POOL_SIZE=2; no peer's has");
  });

  test('counts once with others, of which three are told', () => {
    const diagnosis = diagnosed(variables(['A_SIZE=1', 'B_SIZE=1', 'C_SIZE=1', 'D_SIZE=1']), variables([]));
    expect(found(diagnosis)).toEqual([['config-drift', 0.43]]);
    expect(evidence(diagnosis)).toContain('A_SIZE=1, B_SIZE=1, C_SIZE=1 and 1 more');
  });

  test.each([
    ['one peer has it as well', variables(['SHOP_POOL_SIZE=2']), [variables([]), variables(['SHOP_POOL_SIZE=2'])]],
    ['it names a place, of which Kubernetes gives a pod those of its day', variables(['CART_SERVICE_HOST=10.0.0.9']), [variables([])]],
    ['the environment of a peer could not be read', variables(['SHOP_POOL_SIZE=2']), [variables([]), {}]],
    [
      'a peer has more than were told',
      variables(['SHOP_POOL_SIZE=2']),
      [variables([]), variables(Array(25).fill('A_SIZE=1') as string[], 26)],
    ],
  ] as const)('is nothing where %s', (_, sick, [first, ...others]) => {
    expect(evidence(diagnosed(sick, first, ...others))).not.toContain('environment');
  });
});

describe('a variable that every peer has, and this host lacks', () => {
  test('is a lead', () => {
    const diagnosis = diagnosed(variables([]), variables(['WEB_CONCURRENCY=4']));
    expect(found(diagnosis)).toEqual([['config-drift', 0.43]]);
    expect(evidence(diagnosis)).toContain("every peer's application has WEB_CONCURRENCY=4 in its environment, and this one has not");
  });

  test.each([
    ['each peer has a value of its own', variables([]), [variables(['WEB_CONCURRENCY=4']), variables(['WEB_CONCURRENCY=5'])]],
    ['the environment here could not be read', {}, [variables(['WEB_CONCURRENCY=4'])]],
    ['it names a place, which a pod that is older has not', variables([]), [variables(['CART_SERVICE_PORT=80'])]],
  ] as const)('is nothing where %s', (_, sick, [first, ...others]) => {
    expect(evidence(diagnosed(sick, first, ...others))).not.toContain('environment');
  });
});

describe('a runtime that is told otherwise', () => {
  const TRACED = variables(['PYTHONTRACEMALLOC=25']);

  test.each([
    ['by a variable of this host alone', { ...TRACED, ...computing(90) }, { ...variables([]), ...computing(20) }],
    [
      'by a variable that every peer has',
      { ...variables([]), ...computing(90) },
      { ...variables(['NODE_ENV=production']), ...computing(20) },
    ],
    ['by another value', { ...variables(['LOG_LEVEL=debug']), ...computing(90) }, { ...variables(['LOG_LEVEL=info']), ...computing(20) }],
    [
      'by an option of its command',
      { ...busy(90), processes: [row(10, '1:init', 'python3 -X dev app.py', { cpuMs: 900 })] },
      { ...busy(20), processes: [row(10, '1:init', 'python3 app.py', { cpuMs: 200 })] },
    ],
    [
      'by an option that its command lacks',
      { ...busy(90), processes: [row(10, '1:init', 'python3 app.py', { cpuMs: 900 })] },
      { ...busy(20), processes: [row(10, '1:init', 'python3 --jit app.py', { cpuMs: 200 })] },
    ],
  ])('and computes more than any peer: that goes before the busy thread, %s', (_, sick, everywhere) => {
    const health = (ms: number) => `http\thealth\t/health\t200\t${ms}\t2\tcurl`;
    const peer = { ...everywhere, http: [...QUICK, health(5)] };
    expect(found(diagnosed({ ...sick, http: [...SLOW, health(1500)] }, peer))).toEqual([
      ['config-drift', 0.87],
      ['event-loop-block', 0.69],
    ]);
  });

  test('a variable that says nothing of the runtime leaves a busy thread the first cause', () => {
    const sick = { ...variables(['SHOP_POOL_SIZE=2']), ...computing(90) };
    expect(found(diagnosed(sick, { ...variables([]), ...computing(20) }))).toEqual([['event-loop-block', 0.69]]);
  });

  test('what was changed in a file counts no more because it computes more', () => {
    const sick = { app: ['app\t10\tchanged:7\t/srv/shop/app.py', 'app\t10\tcwd\t/srv/shop'], ...computing(90) };
    const { findings } = diagnosed(sick, { app: ['app\t10\tcwd\t/srv/shop'], ...computing(20) });
    expect(findings.find(({ cause }) => cause === 'config-drift')?.confidence).toBe(0.69);
  });
});

test("a host's own name in a command is no option", () => {
  const named = (name: string) => ({ host: [`host\thostname\t${name}`], processes: [row(10, '1:init', `puma --tag ${name}.internal`)] });
  const peer = madeHost({ host: 'web-b', rows: { http: QUICK, ...named('web-b') } });
  const { findings } = diagnose({ sick: madeHost({ host: 'web-a', rows: { http: SLOW, ...named('web-a') } }), peers: [peer], now: NOW });
  expect(findings.map(({ cause }) => cause)).toEqual(['unknown']);
});

test('a command without an option that every peer has is told', () => {
  const started = (command: string) => ({ processes: [row(10, '1:init', command)] });
  const diagnosis = diagnosed(started('puma config.ru'), started('puma --threads 8:8 --preload config.ru'));
  expect(evidence(diagnosis)).toContain("the application was started without --threads 8:8, --preload; every peer's has it");
});

describe("a control group's weight for a CPU", () => {
  const weighed = (weight: string, waitMs: number): Rows => ({
    cgroup: [`cgroup\t${weight}\t-`],
    threads: [`thread\t10\t10\tpython3\tR\t20\t${waitMs}\t500`],
  });

  test.each([
    ['cpu.weight\t3', 'cpu.weight\t100', 'cpu.weight of its control group: 3; peers 100'],
    ['cpu.shares\t34', 'cpu.shares\t1024', 'cpu.shares of its control group: 34; peers 1024'],
  ])('that is lower than on every peer is why it waits for one: %s', (here, there, told) => {
    const diagnosis = diagnosed(weighed(here, 450), weighed(there, 20));
    expect(diagnosis.findings[0]?.cause).toBe('config-drift');
    expect(evidence(diagnosis)).toContain(told);
  });

  test.each([
    ['it waits for none', weighed('cpu.weight\t3', 20), weighed('cpu.weight\t100', 20)],
    ['its peers have groups of version 1, whose numbers are others', weighed('cpu.weight\t100', 450), weighed('cpu.shares\t1024', 20)],
    ['it is the higher one', weighed('cpu.weight\t100', 450), weighed('cpu.weight\t3', 20)],
  ])('says nothing where %s', (_, sick, everywhere) => {
    expect(evidence(diagnosed(sick, everywhere))).not.toContain('of its control group');
  });
});

describe('what a control group may use of the memory', () => {
  const MB = 2 ** 20;
  const group = (usedMb: number, pids: string, more: readonly string[] = []): Rows => ({
    cgroup: [
      `cgroup\tmemory.current\t${usedMb * MB}\t-`,
      `cgroup\tmemory.max\t${400 * MB}\t-`,
      `cgroup\tmemory.procs\t${pids}\t-`,
      ...more,
    ],
  });
  const INDEX = row(60, CRON, '/opt/count_images', { rssKb: 300 * 1024 });

  test('and is held by a job of this host alone that runs in the group names the job', () => {
    const { findings } = diagnosed({ ...group(396, '60 10'), processes: [INDEX] }, group(160, '10'));
    expect(findings[0]).toMatchObject({ cause: 'memory-pressure', culprit: { pid: 60 } });
    expect(findings[0]?.evidence.join()).toContain("holds 75 % of what the application's control group may use");
  });

  test.each([
    ['the job runs outside of it', group(396, '10')],
    ['there is room', group(300, '60 10')],
    ['there is room, and the host is short of memory', { ...group(300, '60 10'), memory: ['mem\tMemAvailable\t100000'] }],
  ])('names nobody where %s', (_, own) => {
    const { findings } = diagnosed({ ...own, processes: [INDEX] }, group(160, '10'));
    expect(findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });

  test('before its processes are slowed down counts as its limit', () => {
    const { findings } = diagnosed(
      group(62, '10', [`cgroup\tmemory.high\t${64 * MB}\t-`]),
      group(160, '10', ['cgroup\tmemory.high\tmax\t-']),
    );
    expect(findings[0]).toMatchObject({ cause: 'config-drift' });
    expect(findings[0]?.evidence.join()).toContain('its control group may use memory of 64 MB; peers 400 MB');
  });
});
