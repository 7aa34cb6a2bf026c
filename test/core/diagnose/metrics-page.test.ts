import { causeStatus } from '../../../core/diagnose/cause-status';
import { diagnose } from '../../../core/diagnose/diagnose';
import type { Finding, HostCapture } from '../../../core/model';

const WHY = 'no Run Command on Fargate';

/** A page that was read over the network, with these samples. */
function page(host: string, samples: readonly string[]): HostCapture {
  const rows = samples.map((sample) => `m\t${sample}`);
  return { host, stdout: ['sickbay-inspection 1', '## metrics ok', ...rows, '## end ok'].join('\n'), capturedAt: 0, overNetwork: WHY };
}

function pool(active: number, waiting: number): string[] {
  return [`connection_pool_active ${active}`, 'connection_pool_max 20', `connection_pool_wait ${waiting}`];
}

function of(sick: readonly string[], peers: readonly string[]) {
  return diagnose({ sick: page('a', sick), peers: [page('b', peers), page('c', peers)], now: 0 });
}

describe('of metrics pages alone', () => {
  it('a full pool is a lead: who holds it a page does not tell', () => {
    const [first] = of(pool(20, 45), pool(7, 0)).findings;
    expect(first).toMatchObject({
      cause: 'pool-leak',
      confidence: 0.43,
      against: [expect.stringContaining('its metrics page alone was seen')],
    });
  });

  it('a loop that stands still is found', () => {
    const lag = (seconds: number) => [`nodejs_eventloop_lag_p99_seconds ${seconds}`];
    expect(of(lag(2.1), lag(0.01)).findings[0]).toMatchObject({
      cause: 'event-loop-block',
      evidence: ['event loop delay 2100 ms; peers 10 ms'],
    });
  });

  it('another release is found', () => {
    const build = (version: string) => [`build_info{version="${version}"} 1`];
    expect(of(build('1.41.9'), build('1.42.0')).findings[0]?.cause).toBe('release-drift');
  });

  it('where nothing differs hardly anything was ruled out', () => {
    expect(of(pool(7, 0), pool(7, 0)).findings).toEqual([
      { cause: 'unknown', confidence: 0.06, evidence: ['nothing that its metrics page tells differs but the latency'], against: [] },
    ]);
  });

  it('are told as what they are', () => {
    expect(of([], []).overNetwork).toEqual(['a', 'b', 'c'].map((host) => ({ host, why: WHY })));
  });

  it.each([
    ['pool-leak', 'gone'],
    ['disk-full', 'unknown'],
    ['cpu-saturation', 'unknown'],
  ] as const)('whether %s is over: %s', (cause, status) => {
    const finding: Finding = { cause, confidence: 0.9, evidence: [], against: [] };
    expect(causeStatus(finding, page('a', pool(3, 0)), [page('b', pool(7, 0))])).toBe(status);
  });
});

describe('the counters of two looks', () => {
  /** A page, and how many connections had been given back at each look. */
  function twice(host: string, samples: readonly string[], looks: readonly [before: number, after: number]): HostCapture {
    const [before, after] = looks;
    const one = page(host, [...samples, `connection_pool_use_time_seconds_count ${after}`]);
    const stdout =
      'stdout' in one ? one.stdout.replace('## end ok', `before\tconnection_pool_use_time_seconds_count ${before}\n## end ok`) : '';
    return { host, stdout, capturedAt: 0, overNetwork: WHY };
  }

  function leak(sick: readonly [number, number], peers: readonly [number, number]): Finding | undefined {
    const diagnosis = diagnose({
      sick: twice('a', pool(20, 45), sick),
      peers: [twice('b', pool(7, 0), peers), twice('c', pool(6, 0), peers)],
      now: 0,
    });
    return diagnosis.findings.find(({ cause }) => cause === 'pool-leak');
  }

  it('tell a leak: nothing comes back to a full pool, and it does on its peers', () => {
    expect(leak([500, 500], [900, 912])).toMatchObject({
      confidence: 0.69,
      evidence: ['pool 20/20, 45 waiting; peers 6 to 7', 'no connection was given back to the pool between two looks; on peers 12'],
    });
  });

  it('say nothing where hardly any come back on peers', () => {
    expect(leak([500, 500], [900, 902])).toMatchObject({ confidence: 0.43 });
  });

  it('speak against one where connections come back', () => {
    expect(leak([500, 504], [900, 912])).toBeUndefined();
  });

  it('of a process that was started again meanwhile are no counters', () => {
    expect(leak([500, 0], [900, 912])).toMatchObject({ confidence: 0.43 });
  });
});

describe('what a process tells of itself', () => {
  /** A page with counters of a first look, a second before. */
  function looked(host: string, samples: readonly string[], before: readonly string[] = []): HostCapture {
    const rows = [...samples.map((sample) => `m\t${sample}`), 'self\tbetweenMs\t1000', ...before.map((sample) => `before\t${sample}`)];
    return { host, stdout: ['sickbay-inspection 1', '## metrics ok', ...rows, '## end ok'].join('\n'), capturedAt: 0, overNetwork: WHY };
  }

  it('descriptors at their limit are found', () => {
    const fds = (open: number) => [`process_open_fds ${open}`, 'process_max_fds 1024'];
    expect(of(fds(1020), fds(80)).findings[0]).toMatchObject({
      cause: 'fd-exhaustion',
      evidence: ['1020 of 1024 descriptors open; in use 100 %; peers 8 %', 'it is at its limit'],
    });
  });

  it('a JVM that collects garbage most of the time is found', () => {
    const jvm = (pauses: number) => [`jvm_gc_pause_seconds_sum{action="end of major GC"} ${pauses}`];
    const sick = looked('a', jvm(100.7), jvm(100));
    const peers = ['b', 'c'].map((host) => looked(host, jvm(20.01), jvm(20)));
    expect(diagnose({ sick, peers, now: 0 }).findings[0]).toMatchObject({
      cause: 'memory-pressure',
      evidence: ['share of the time it collects garbage: 0.70; peers 0.01'],
    });
  });

  it('cores, memory and heap that stand out are differences', () => {
    const samples = (cpu: number, used: number) => [
      `process_cpu_seconds_total ${cpu}`,
      `process_resident_memory_bytes ${used}`,
      `jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} ${used}`,
      'jvm_memory_max_bytes{area="heap",id="G1 Old Gen"} 1000000000',
      'jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 5000000',
      'jvm_memory_max_bytes{area="heap",id="G1 Eden Space"} -1',
    ];
    const cpu = (seconds: number) => [`process_cpu_seconds_total ${seconds}`];
    const sick = looked('a', samples(50.9, 960_000_000), cpu(50));
    const peers = ['b', 'c'].map((host) => looked(host, samples(50.1, 300_000_000), cpu(50)));
    const { differences } = diagnose({ sick, peers, now: 0 });
    expect([...differences, ...diagnose({ sick, peers, now: 0 }).findings.flatMap(({ evidence }) => evidence)]).toEqual(
      expect.arrayContaining(['cores used by the application 0.9; peers 0.1', "application's heap in use 96 %; peers 30 %"]),
    );
  });

  it('of a process that was started again between two looks no rate is known', () => {
    const cpu = (seconds: number) => [`process_cpu_seconds_total ${seconds}`];
    const peers = ['b', 'c'].map((host) => looked(host, cpu(50.1), cpu(50)));
    const { differences } = diagnose({ sick: looked('a', cpu(0.9), cpu(50)), peers, now: 0 });
    expect(differences).toEqual([]);
  });
});
