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
