/**
 * Mechanisms of the operating system and the network that were met in scenes on software of others,
 * on made-up hosts (synthetic).
 */
import { diagnose } from '../../../core/diagnose/diagnose';
import { isLead, type Diagnosis, type Finding, type HostCapture } from '../../../core/model';
import { CRON, NOW, QUICK, SLOW, madeHost, row, type MadeHost } from './synthetic';

/** Most software has no page of metrics. */
function untold(capture: HostCapture): HostCapture {
  if (!('stdout' in capture)) return capture;
  return { ...capture, stdout: capture.stdout.replaceAll(/^m\t.*\n/gm, '').replace('## metrics ok', '## metrics missing not asked for') };
}

function diagnosed(sick: MadeHost['rows'], everywhere: MadeHost['rows'] = {}): Diagnosis {
  const peers = ['b', 'c', 'd'].map((host) => untold(madeHost({ host, rows: { http: QUICK, ...everywhere } })));
  return diagnose({ sick: untold(madeHost({ host: 'a', rows: { http: SLOW, ...sick } })), peers, now: NOW });
}

function first({ findings: [finding] }: Diagnosis): Finding {
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

function blamed({ findings }: Diagnosis): (number | undefined)[] {
  return findings.flatMap(({ culprit }) => (culprit === undefined ? [] : [culprit.pid]));
}

describe('a second server on the port of the application', () => {
  const copy = row(60, '1:init', 'nginx -c /root/test/nginx.conf');
  const listens = (pid: number) => `listen\t8080\t0.0.0.0\t${pid}\t0\t511`;
  const shared = { processes: [copy], sockets: [listens(60), listens(60)] };

  test('is named where no peer has one, and requests wait', () => {
    const { cause, culprit, evidence } = first(diagnosed(shared));
    expect({ cause, pid: culprit?.pid }).toEqual({ cause: 'config-drift', pid: 60 });
    expect(evidence[0]).toContain('2 servers listen on port 8080');
  });

  test('is nothing where every peer has one as well', () => {
    expect(blamed(diagnosed(shared, shared))).toEqual([]);
  });

  test('is nobody in particular where every peer has a second one of another kind', () => {
    const other = { processes: [row(60, '1:init', '/usr/sbin/haproxy -f /etc/haproxy.cfg')], sockets: [listens(60)] };
    expect(blamed(diagnosed(shared, other))).toEqual([]);
  });

  test('is less sure where the page is quick when it is looked at, for either may have answered', () => {
    const { cause, culprit, confidence, against } = first(diagnosed({ ...shared, http: QUICK }));
    expect({ cause, pid: culprit?.pid, confidence: confidence.toFixed(2) }).toEqual({ cause: 'config-drift', pid: 60, confidence: '0.69' });
    expect(against).toEqual(['the page itself is quick at the moment of the look']);
  });

  test('is a lead where none of the two is a stranger, and the page is quick', () => {
    const twice = { processes: [row(60, '1:init', '/srv/shop/server'), row(61, '1:init', '/srv/shop/server')] };
    const { findings } = diagnosed(
      { ...twice, sockets: [listens(60), listens(61)], http: QUICK },
      { processes: [row(60, '1:init', '/srv/shop/server')] },
    );
    expect(findings.filter((one) => !isLead(one) && one.cause !== 'unknown')).toEqual([]);
  });

  test('workers of one parent that each bind the port are one server', () => {
    const workers = [61, 62].map((pid) => row(pid, '60:uvicorn<1:init', 'uvicorn worker', { ppid: 60 }));
    const diagnosis = diagnosed({ processes: workers, sockets: [listens(61), listens(62)] }, {});
    expect(first(diagnosis).evidence.join()).not.toContain('3 servers');
  });
});

describe('a lower limit of memory', () => {
  const group = (current: number, max: number) => ({ cgroup: [`cgroup\tmemory.current\t${current}\t-`, `cgroup\tmemory.max\t${max}\t-`] });
  const MB = 2 ** 20;

  test('that is used up, and higher on every peer, is a setting of this host', () => {
    const { cause, evidence } = first(diagnosed(group(62 * MB, 64 * MB), group(140 * MB, 400 * MB)));
    expect({ cause, evidence: evidence[0] }).toEqual({
      cause: 'config-drift',
      evidence: 'its control group may use memory of 64 MB; peers 400 MB',
    });
  });

  test('is one beside peers without any', () => {
    expect(first(diagnosed(group(62 * MB, 64 * MB), group(140 * MB, 9_223_372_036_854_771_712))).evidence[0]).toContain('peers no limit');
  });

  test('says nothing while there is room', () => {
    expect(diagnosed(group(30 * MB, 64 * MB), group(140 * MB, 400 * MB)).findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });
});

describe('a lower limit of processes and threads', () => {
  const group = (current: number, max: number | 'max') => ({
    cgroup: [`cgroup\tpids.current\t${current}\t-`, `cgroup\tpids.max\t${max}\t-`],
  });

  test('that is used up, and higher on every peer, is a setting of this host', () => {
    const { cause, evidence } = first(diagnosed(group(32, 32), group(90, 'max')));
    expect({ cause, evidence: evidence.slice(0, 2) }).toEqual({
      cause: 'config-drift',
      evidence: ['processes and threads that its control group may have: 32; peers no limit', '32 of them are in use'],
    });
  });

  test('says nothing while there is room, nor where every peer has the same', () => {
    for (const [here, there] of [
      [group(12, 32), group(90, 'max')],
      [group(32, 32), group(31, 32)],
    ] as const)
      expect(diagnosed(here, there).findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });
});

describe('what the kernel was told', () => {
  const told = (...rows: readonly string[]) => ({ settings: rows.map((one) => `set\t${one}`) });
  const usual = [
    'tcp_rmem\t4096 131072 6291456',
    'tcp_wmem\t4096 16384 4194304',
    'somaxconn\t4096',
    'swappiness\t60',
    'queue of eth0\tplain',
  ];

  test('otherwise than on every peer is a lead, however many settings differ', () => {
    const { findings } = diagnosed(
      told('tcp_rmem\t4096 4096 4096', 'tcp_wmem\t4096 4096 4096', 'somaxconn\t16', 'swappiness\t1'),
      told(...usual),
    );
    expect(findings[0]).toMatchObject({ cause: 'config-drift', confidence: 0.43 });
    expect(findings[0]?.evidence[0]).toBe(
      'tcp_rmem is 4096 4096 4096; peers 4096 131072 6291456, tcp_wmem is 4096 4096 4096; peers 4096 16384 4194304, somaxconn is 16; peers 4096 and 1 more',
    );
  });

  test('by a tenth is what another page of memory makes of a default', () => {
    const { findings } = diagnosed(
      told('limit of processes\t31846', 'tcp_rmem\t4096 131072 6000000'),
      told('limit of processes\t31848', usual[0] ?? ''),
    );
    expect(findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });

  test('a queue that was left on beside it counts by itself', () => {
    const { findings } = diagnosed(told('mtu of eth0\t576', 'queue of eth0\tnetem'), told('mtu of eth0\t1500', ...usual));
    expect(findings[0]).toMatchObject({ cause: 'config-drift', confidence: 0.69 });
  });

  test('that limits the disk speaks for it where threads sleep for one', () => {
    const asleep = (limit: string) => ({ ...told(`limit of disk wiops\t${limit}`), http: SLOW, threads: ['wait\t10\tio_schedule\t4'] });
    const of = (limit: string, theirs = 'none') =>
      diagnosed(asleep(limit), { ...told(`limit of disk wiops\t${theirs}`), threads: ['wait\t10\tdo_poll\t4'] }).findings[0];
    expect(of('10')).toMatchObject({ cause: 'disk-io', confidence: 0.87 });
    expect(of('10')?.evidence).toContain('limit of disk wiops is 10; peers none');
    for (const [here, there] of [
      ['none', 'none'],
      ['none', '10'],
      ['100', '10'],
    ] as const)
      expect(of(here, there)).toMatchObject({ cause: 'disk-io', confidence: 0.69 });
  });

  test.each([
    ['limit of disk wbps', '8388608', 'none'],
    ['options of /srv/data', 'sync data=ordered', 'data=ordered'],
  ])('that holds a disk back is told where requests wait: %s', (name, here, there) => {
    const { findings } = diagnosed({ ...told(`${name}\t${here}`), http: SLOW }, { ...told(`${name}\t${there}`), http: QUICK });
    expect(findings[0]?.evidence).toContain(`${name} is ${here}; peers ${there}`);
  });

  test('says nothing where the peers differ from one another, or nobody tells', () => {
    const peers = [told('swappiness\t10'), told('swappiness\t60'), told('swappiness\t60')].map((rows, i) =>
      madeHost({ host: `p${i}`, rows }),
    );
    const sick = madeHost({ host: 'sick', rows: told('swappiness\t1') });
    const causes = (one: Diagnosis): string[] => one.findings.map(({ cause }) => cause);
    expect(causes(diagnose({ sick, peers, now: NOW }))).not.toContain('config-drift');
    expect(causes(diagnosed(told('swappiness\t1'), {}))).not.toContain('config-drift');
  });
});

describe("the packet filter's table of connections", () => {
  const table = (count: number) => ({ host: [`host\tconnections\t${count}`, 'host\tconnectionsMax\t65536'] });

  test('that is full here alone is told', () => {
    const { cause, evidence } = first(diagnosed(table(65_500), table(9_000)));
    expect({ cause, evidence: evidence[0] }).toEqual({
      cause: 'socket-leak',
      evidence: "in use of the packet filter's table of connections (conntrack): 100 %; peers 14 %",
    });
  });

  test('that is full everywhere, or half empty, is not', () => {
    for (const [here, there] of [
      [65_500, 65_400],
      [30_000, 9_000],
    ] as const)
      expect(diagnosed(table(here), table(there)).findings.map(({ cause }) => cause)).not.toContain('socket-leak');
  });
});

describe('what the clock does on every peer and not here', () => {
  const clears = { cron: ['cron\t/etc/cron.d/app\troot\t*/5 * * * * root /opt/clear_sessions --old'] };

  test('is told where requests wait', () => {
    const { cause, evidence, culprit } = first(diagnosed({}, clears));
    expect({ cause, culprit }).toEqual({ cause: 'config-drift', culprit: undefined });
    expect(evidence[0]).toContain('/opt/clear_sessions --old');
  });

  test('is not told of a host whose page is quick, nor where it runs at another time', () => {
    const later = { cron: ['cron\t/var/spool/cron/crontabs/root\troot\t7 3 * * * /opt/clear_sessions --old'] };
    for (const diagnosis of [diagnosed({ http: QUICK }, clears), diagnosed(later, clears)])
      expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('config-drift');
  });
});

describe('the quota of a pod', () => {
  const member = (pid: number, id: string) => `container\t${pid}\tkubernetes\t${id}\tpod:5d0f2a7e`;
  const pod = { containers: [member(10, 'aaaaaaaaaaaa'), member(70, 'bbbbbbbbbbbb')] };
  const agent = (cpuMs: number) => ({ processes: [row(70, '1:init', '/opt/agent/ship_logs', { cpuMs })] });
  const throttled = (delta: number, above: number) => ({
    cgroup: [`cgroup\tnr_throttled\t900\t${delta}`, ...(above > 0 ? [`cgroup\tthrottled.above\t${above}\t-`] : [])],
  });
  const quiet = { ...pod, ...agent(1), ...throttled(0, 0) };

  test('is used up by a container that is busy here alone, although every peer has it', () => {
    const { cause, culprit } = first(diagnosed({ ...pod, ...agent(90), ...throttled(9, 1) }, quiet));
    expect({ cause, pid: culprit?.pid }).toEqual({ cause: 'cpu-saturation', pid: 70 });
  });

  test('names nobody where that container is as busy on a peer, or where the quota is its own group', () => {
    expect(blamed(diagnosed({ ...pod, ...agent(90), ...throttled(9, 1) }, { ...quiet, ...agent(80) }))).toEqual([]);
    expect(blamed(diagnosed({ ...pod, ...agent(90), ...throttled(9, 0) }, quiet))).toEqual([]);
  });

  test('names nobody of another pod', () => {
    const apart = { containers: [member(10, 'aaaaaaaaaaaa'), 'container\t70\tkubernetes\tbbbbbbbbbbbb\tpod:other'] };
    expect(blamed(diagnosed({ ...apart, ...agent(90), ...throttled(9, 1) }, quiet))).toEqual([]);
  });
});

describe('a job that fills the link', () => {
  const job = row(80, CRON, 'rsync --archive /var/archive/ rsync://store-1/archive/');
  const sends = (mb: number) => ({ net: [`net\tOutBytes\t${mb * 1_000_000}\t0`, `net\tInBytes\t20000\t0`] });
  const remote = (pid: number, unacked: number) => `out\t10.0.1.41:873\tESTABLISHED\t${pid}\t1\trsync\t${unacked}`;
  const far = (ms: number) => `db\t10\t10.0.9.9:5432\t7\t0\t0\t0\t${ms}\t0`;
  const quiet = { ...sends(0.1), sockets: [far(0.4)] };

  test('is named where every round trip is longer here', () => {
    const { cause, culprit } = first(diagnosed({ ...sends(2.4), processes: [job], sockets: [remote(80, 1), far(42)] }, quiet));
    expect({ cause, pid: culprit?.pid }).toEqual({ cause: 'slow-dependency', pid: 80 });
  });

  test('is nobody where the way is as short as on the peers: what the host sends is a lead', () => {
    const { findings } = diagnosed({ ...sends(2.4), processes: [job], sockets: [remote(80, 1), far(0.4)] }, quiet);
    expect(findings.flatMap(({ culprit }) => culprit ?? [])).toEqual([]);
  });

  test('is nobody where two jobs send, none has data on its way, or the host sends no more than its peers', () => {
    const other = row(81, CRON, 'curl -T /var/dump https://store-2/');
    const sick = { ...sends(2.4), processes: [job, other] };
    expect(blamed(diagnosed({ ...sick, sockets: [remote(80, 1), remote(81, 1), far(42)] }, quiet))).toEqual([]);
    expect(blamed(diagnosed({ ...sick, sockets: [remote(80, 0), far(42)] }, quiet))).toEqual([]);
    expect(blamed(diagnosed({ ...sick, sockets: [remote(80, 1), far(42)] }, { ...quiet, ...sends(2.3) }))).toEqual([]);
  });
});

describe('workers that sleep until a socket has data', () => {
  const asleep = (count: number) => ({ threads: [`wait\t10\tpoll_schedule_timeout.constprop.0\t${count}`] });
  const clocks = (idle: number) => `db\t10\t10.0.9.9:5432\t7\t0\t${idle}\t0\t1\t0`;
  const causes = ({ findings }: Diagnosis) => findings.map(({ cause }) => cause);

  test("wait for the one end that the application is connected to, though TCP's clocks do not tell", () => {
    const { cause, evidence } = first(diagnosed({ ...asleep(9), sockets: [clocks(0)] }, asleep(2)));
    expect(cause).toBe('slow-dependency');
    expect(evidence[0]).toContain('it is connected to 10.0.9.9:5432 alone');
  });

  test('wait for nobody in particular where it is connected to many', () => {
    const many = [1, 2, 3].map((n) => `out\t10.0.9.${n}:9000\tESTABLISHED\t10\t1\tnode\t0`);
    expect(causes(diagnosed({ ...asleep(9), sockets: many }, { ...asleep(2), sockets: many }))).not.toContain('slow-dependency');
  });

  test('wait for no database that has answered, nor where the page is quick, nor where the peers sleep as well', () => {
    expect(causes(diagnosed({ ...asleep(9), sockets: [clocks(6)] }, asleep(2)))).not.toContain('slow-dependency');
    expect(causes(diagnosed({ ...asleep(9), http: QUICK }, asleep(2)))).not.toContain('slow-dependency');
    expect(causes(diagnosed(asleep(9), asleep(8)))).not.toContain('slow-dependency');
  });
});
