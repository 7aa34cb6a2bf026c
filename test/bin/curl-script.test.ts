import { curlReport, curlScript, HEADER } from '../../bin/sweep/curl-script';
import type { ProbeGroup, ProbePlan } from '../../core/model';
import { unreached } from '../../core/report/sweep';
import { roundOf, verdict } from '../builders/rounds';

const target = (id: string) => ({ target: { id, port: 8080 }, address: '10.0.0.1', samples: 10 });

function plan(fields: Partial<ProbeGroup> = {}, targets = 1): ProbePlan {
  const group: ProbeGroup = {
    groupArn: 'g',
    protocol: 'HTTP',
    method: 'GET',
    path: '/cart',
    matcher: '200',
    timeoutMs: 5000,
    targets: Array.from({ length: targets }, (_, index) => target(`i-${index + 1}`)),
    ...fields,
  };
  return { v: 1, startWindowMs: 15_000, groups: [group] };
}

describe('a round by curl', () => {
  it.each([
    ['a quote', { path: "/it's" }, '--path: got "/it\'s"'],
    ['a command', { path: '/$(reboot)' }, '--path: got "/$(reboot)"'],
    ['what Systems Manager would replace', { path: '/{{a}}' }, '--path: got "/{{a}}"'],
    ['a host with a command', { hostHeader: 'a;b' }, '--host: got "a;b"'],
  ])('is refused for %s', (_, fields, message) => {
    expect(() => curlScript(plan(fields))).toThrow(message);
  });

  it('is refused for an address that is none, and for more targets than the output holds', () => {
    const named = { ...target('i-1'), address: '$(id)' };
    expect(() => curlScript(plan({ targets: [named] }))).toThrow('got address "$(id)", allowed an IP address');
    expect(() => curlScript(plan({}, 127))).toThrow('127 targets; allowed over Run Command: 126');
  });

  it.each(['HTTP2', 'GRPC'] as const)('is refused in %s, which not every curl speaks', (version) => {
    expect(() => curlScript(plan({ version }))).toThrow(`g is spoken to in ${version}; allowed over Run Command: HTTP1`);
  });

  it('has fewer samples a target where there are many targets, so that its output is not cut', () => {
    expect(curlScript(plan({}, 100)).script).toContain("lane 0 99 3 5 GET '10.0.0.1:8080' 'http://10.0.0.1:8080/cart' &");
    expect(curlScript(plan({}, 2)).script).toContain("lane 0 1 10 5 GET '10.0.0.1:8080'");
  });

  it('has an IPv6 address in brackets, as a URL and a Host header have it', () => {
    const six = { ...target('i-1'), address: 'fd00::7' };
    expect(curlScript(plan({ targets: [six] })).script).toContain("lane 0 0 10 5 GET '[fd00::7]:8080' 'http://[fd00::7]:8080/cart' &");
  });

  it('reads times as curl tells them, from the start, and errors by its exit codes', () => {
    const lines = [
      'S 0 0 0 200 0.001 0.000000 0.020 0.025',
      'S 0 0 0 503 0.001 0.000000 0.020 0.025',
      'S 0 0 7 000 0.000 0.000000 0.000 0.001',
      'S 0 0 28 000 0.000000 0.000000 0.000 5.001',
      'S 0 0 28 000 0.001 0.000000 0.000 5.001',
      'S 0 0 52 000 0.001 0.000000 0.000 0.010',
      'S 9 9 0 200 0.001 0.000000 0.020 0.025',
      'a motd',
    ];
    const [group] = curlReport(plan(), ['motd', HEADER, ...lines].join('\n'), 1, 2).groups;
    expect(group?.samples.map((sample) => ('error' in sample ? sample.error : [sample.latencyMs, sample.phases]))).toEqual([
      [25, { connectMs: 1, waitMs: 19, bodyMs: 5 }],
      { kind: 'status', status: 503 },
      { kind: 'refused', phase: 'connect' },
      { kind: 'timeout', phase: 'connect' },
      { kind: 'timeout', phase: 'wait' },
      { kind: 'reset', phase: 'wait' },
    ]);
  });

  it('fails where the script could not run, and says that curl is missing', () => {
    expect(() => curlReport(plan(), 'no curl on this host', 1, 2)).toThrow('curl is not installed there');
    expect(() => curlReport(plan(), '', 1, 2)).toThrow('the script did not run there');
  });
});

describe('what was not reached', () => {
  it('tells a connection without a reply from one without an answer, and a target without an address', () => {
    const samples = (id: string, phase: 'connect' | 'wait') =>
      [1, 2].map((offsetMs) => ({ target: { id, port: 8080 }, offsetMs, error: { kind: 'timeout' as const, phase } }));
    const report = {
      v: 1 as const,
      startedAt: 0,
      endedAt: 1,
      prober: { ok: true, controlMs: 0, busyFraction: 0 },
      groups: [{ groupArn: 'g', samples: [...samples('i-1', 'connect'), ...samples('i-2', 'wait')] }],
    };
    const round = roundOf({
      verdicts: ['i-1:8080', 'i-2:8080', 'i-3:8080'].map((key) => verdict(key)),
      addresses: { 'i-1:8080': '10.0.0.1', 'i-2:8080': '10.0.0.2' },
    });
    expect(unreached(round, [report], 5000).map(({ kind, why }) => `${kind}: ${why}`)).toEqual([
      'no-reply: no reply to the connection within 5.0 s: a security group or network ACL does not admit where this is probed from, or there is no route',
      'no-answer: it took the connection and gave no full answer within 5.0 s',
      'no-address: EC2 knows no address of it',
    ]);
  });
});
