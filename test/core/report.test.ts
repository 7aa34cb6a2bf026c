import type { Blocked, Decision, Diagnosis, Round, Case } from '../../core/model';
import { advice } from '../../core/report/advice';
import { alert } from '../../core/report/alert';
import { guardrailLines } from '../../core/report/guardrails';
import { clientLine, clientSlowFraction, roundTable } from '../../core/report/round';
import { worthTelling } from '../../core/report/worth-telling';
import { breakerCase, groupCase, targetCase } from '../builders/cases';
import { decisionTo } from '../builders/decisions';
import { diagnosisOf } from '../builders/diagnoses';
import { confirmed } from '../builders/ejections';
import { groupOf } from '../builders/groups';
import { roundOf, verdict } from '../builders/rounds';
import { healthy } from '../builders/targets';

const NOW = 10_000_000;
const target = { id: 'i-1', port: 80 };
const incident = targetCase({ openedAt: 0, groupArn: 'arn', target, address: '10.0.0.1' });
const decision = decisionTo('keep', { groupArn: 'arn', target, reason: 'because', blocked: ['mode-observe'] });

function round(samples: number[] = [100, 100, 100, 4000]): Round {
  return roundOf({
    groupArn: 'arn',
    group: groupOf({ name: 'checkout' }),
    fleet: 'convicted',
    clientView: { groupArn: 'arn', samples: samples.map((latencyMs) => ({ latencyMs })) },
    lbView: healthy(['i-1', 'i-2', 'i-3', 'i-4'], 80),
    addresses: { 'i-1:80': '10.0.0.1' },
    samples: { 'i-1:80': ['timeout', 'timeout', 'status@503'] },
    verdicts: [
      verdict('i-2:80', { medianMs: 100 }),
      verdict('i-1:80', { verdict: 'convicted', evidenceNats: 19, medianMs: 5000, bad: { k: 3, n: 3 }, says: '71x its peers' }),
      verdict('i-3:80', { medianMs: 110 }),
    ],
    notes: ['a note'],
  });
}

describe('a round as a table', () => {
  it('shows the most suspicious target first, with what the load balancer says beside what was measured', () => {
    const [, first] = roundTable(round());
    expect(first).toMatch(/^i-1:80 \(10\.0\.0\.1\) +healthy +median 5\.0 s, 3 of 3 timeout +convicted +71x its peers$/);
  });
  it('only counts the healthy ones of a large fleet', () => {
    const many = { ...round(), verdicts: Array.from({ length: 500 }, (_, index) => verdict(`i-${index}:80`, { medianMs: 100 })) };
    expect(roundTable(many)).toHaveLength(22);
    expect(roundTable(many).at(-1)).toBe('and 480 more');
  });
});

describe("the client's view", () => {
  it('counts a request as slow when it is nearer to the sick target than to the others', () => {
    expect(clientSlowFraction(round())).toBe(0.25);
    expect(clientSlowFraction(round([100, 300, 600, 700]))).toBe(0);
  });
  it('is compared with what one bad target among those in service would give', () => {
    expect(
      clientLine(round(), { groupArn: 'arn', samples: [{ latencyMs: 4000 }, { latencyMs: 100 }, { latencyMs: 100 }, { latencyMs: 100 }] }),
    ).toContain('as 1 bad target of 4 would give (0.25)');
  });
});

describe('an alert', () => {
  const diagnosis: Diagnosis = {
    findings: [
      {
        cause: 'pool-starvation',
        confidence: 0.97,
        culprit: { pid: 43, command: 'report', user: 'www-data', parent: 'cron' },
        evidence: ['pool 20/20'],
        against: ['CPU is idle'],
      },
    ],
    differences: [],
    notInspectable: [{ host: 'i-3', why: 'no answer within 30 s' }],
    pools: [],
    cpu: [],
    notes: [],
  };
  const told = (fields: Partial<Parameters<typeof alert>[0]> = {}) =>
    alert({ now: 7, incident: { ...incident, diagnosis }, decision, round: round(), remarks: ['kill switch unreadable'], ...fields });

  it('says what was seen, why, who did it, what was decided and what was left out', () => {
    const { subject, body } = told();
    expect(subject).toBe('[checkout] Would have removed it (observe mode): process starving its DB pool (i-1)');
    for (const words of [
      '1 of 4 sampled requests slow or failed',
      'pool-starvation (97 % sure)',
      'pid 43 report (www-data, parent cron)',
      'Users: 1 of 4 sampled requests slow or failed',
      'Would have removed i-1:80 (10.0.0.1) (observe mode)',
      '- CPU is idle',
      'i-3: no answer within 30 s',
      'kill switch unreadable',
      'a note',
      'npx --no-install sickbay explain case-1',
    ])
      expect(body).toContain(words);
  });
  it('has no half of a cause in a subject that is full', () => {
    const long = { ...round(), group: { ...round().group, name: 'checkout-second-region-x-y-z-abc' } };
    expect(told({ round: long }).subject).toBe('[checkout-second-region-x-y-z-abc] Would have removed it (observe mode) (i-1)');
  });
  it('leads with cause, culprit, measurement and what comes next', () => {
    const lines = told({ decision: decisionTo('eject', { ...decision, blocked: [] }) }).body.split('\n');
    expect(lines.slice(0, 6).map((line) => line.trim().split(' ')[0])).toEqual(['Users:', 'Done:', 'Cause:', 'Back:', 'Now:', '']);
  });
  const balancer = { readAt: 7, minutes: [{ startsAt: 0, requests: 400, serverErrors: 0, connectionErrors: 0, p99Ms: 2400 }] };
  it('has what real requests did, by the access logs', () => {
    const count = (requests: number, slow: number, aborted = 0) => ({ requests, slow, failed: 0, aborted });
    const minute = { startsAt: 0, own: count(412, 96, 3), peers: count(1230, 0), logged: 1642 };
    const accessLog = { readAt: 7, fromMs: 3000, endpoint: '10.0.0.1:8080', minutes: [minute] };
    expect(told({ incident: { ...incident, diagnosis, accessLog } }).body).toContain(
      'real requests, by the access logs: 412 requests to it, 96 slower than 3.0 s or failed, 3 given up by the client; peers 0 of 1,230; in 1 minute',
    );
    expect(told({ incident: { ...incident, accessLog: { ...accessLog, minutes: [] } } }).body).toContain(
      'have no request of the group yet',
    );
  });

  it('has what CloudWatch says of the load balancer beside the measurement, and when it was read', () => {
    const line = told({ incident: { ...incident, diagnosis, balancer } })
      .body.split('\n')
      .find((one) => one.includes('CloudWatch: '));
    expect(line).toMatch(
      /^ +CloudWatch: p99 up to 2400 ms in a minute, 0 of 400 requests answered 5xx, .* \(read 1970-01-01 00:00:00 UTC\)$/,
    );
    const unread = { readAt: 7, minutes: [], unread: 'Throttling: later' };
    expect(told({ incident: { ...incident, balancer: unread } }).body).toContain('could not be read: Throttling: later');
  });
  it('has no old word of CloudWatch when the target is back', () => {
    const back = { ...decision, action: 'restore', blocked: [] } as const;
    expect(told({ incident: { ...incident, balancer }, decision: back }).body).not.toContain('CloudWatch');
  });
  it('does not tell the findings again when the target is back', () => {
    const { body, subject } = told({
      incident: { ...incident, diagnosis, causeStatus: 'gone' },
      decision: { ...decision, action: 'restore', blocked: [] },
    });
    expect(subject).toBe('[checkout] Back in service, watched (i-1)');
    expect(body).toContain('Process starving its DB pool: gone');
    for (const words of ['pool 20/20', 'Advice', 'i-3: no answer']) expect(body).not.toContain(words);
  });
  it('tells the findings again when somebody else put the target back', () => {
    expect(told({ decision: decisionTo('close', { ...decision, blocked: ['contested'] }) }).body).toContain('pool 20/20');
  });
  it('has a subject that SNS takes, whatever the group is called', () => {
    const odd = { ...round(), group: { ...round().group, name: `größer\n${'x'.repeat(200)}` } };
    expect(told({ round: odd }).subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });
  it('says so when nothing was inspected and no round is known', () => {
    const { body } = told({ incident, round: undefined });
    expect(body).toContain('Not inspected');
  });
  const severity = ({ action = 'keep', ...fields }: Partial<Pick<Decision, 'action' | 'blocked'>>, about: Case = incident) =>
    told({ incident: about, decision: decisionTo(action, { ...decision, ...fields }) }).severity;
  it('pages when a sick target stays in service and nobody does anything about it', () => {
    expect(severity({ blocked: ['capacity-unknown'] })).toBe('page');
    expect(severity({ blocked: ['kill-switch'] })).toBe('page');
    expect(severity({ blocked: ['grace', 'owner-undeclared'] })).toBe('page');
    expect(severity({ action: 'page', blocked: [] })).toBe('page');
    expect(severity({ action: 'hold', blocked: [] })).toBe('page');
  });
  it.each(['shared', 'blind', 'breaker'] as const)('pages for a case of the kind %s, and notifies when it is over', (about) => {
    const whole = about === 'breaker' ? breakerCase('arn') : groupCase(about, { groupArn: 'arn' });
    expect(severity({ blocked: [] }, whole)).toBe('page');
    expect(severity({ action: 'close', blocked: [] }, whole)).toBe('notify');
  });
  it('notifies of what Sickbay did itself, of what passes by itself and of what the operator wants to do alone', () => {
    for (const action of ['eject', 'confirm', 'restore', 'watch', 'close'] as const)
      expect(severity({ action, blocked: [] })).toBe('notify');
    expect(severity({ action: 'close', blocked: ['contested'] })).toBe('notify');
    expect(severity({ blocked: ['grace', 'stale-evidence'] })).toBe('notify');
    expect(severity({ blocked: ['mode-observe', 'capacity-unknown'] })).toBe('notify');
  });
  it('puts the guardrails that said no first', () => {
    const lines = guardrailLines([
      { guardrail: 'mode-observe', value: 'a', limit: 'b', passed: true },
      { guardrail: 'kill-switch', value: 'on', limit: 'off', passed: false },
    ]);
    expect(lines[1]).toMatch(/^NO +kill-switch +on +off$/);
  });
});

describe('advice', () => {
  const finding = {
    cause: 'pool-starvation',
    confidence: 0.9,
    evidence: [],
    against: [],
    culprit: { pid: 43, command: 'report', user: 'root', startedAt: Date.UTC(2026, 0, 31, 23, 59), cron: '10 2 1 * * report' },
  } as const;
  const given = (attributes: Record<string, string> = {}, fields: Partial<Round> = {}) =>
    advice(
      { ...incident, diagnosis: diagnosisOf([finding]) },
      { ...round(), samples: { 'i-1:80': [4000, 'timeout'] }, ...fields },
      attributes,
    ).join('\n');

  it('is to remove the crontab line first, and to know the process by its start', () => {
    expect(given()).toMatch(/Remove the crontab line, or the job comes back\. Then stop pid 43, .* started at 2026-01-31 23:59:00 UTC/);
  });
  it('proposes a deeper health check with its dangers, only where the load balancer was content', () => {
    expect(given()).toMatch(/\/health passes while the page is slow.*of its own.*time-out of 5 s.*minimum of healthy targets first/s);
    expect(given({}, { lbView: [] })).not.toContain('/health/deep');
  });
  it('proposes least outstanding requests with what it excludes in this group', () => {
    expect(given()).toContain('least_outstanding_requests would give it less; it sends more to a target that fails fast');
    const busy = given({ 'slow_start.duration_seconds': '30', 'stickiness.enabled': 'true' });
    expect(busy).toContain('it excludes the slow start of 30 s that is set; sticky clients stay');
    expect(given({ 'load_balancing.algorithm.type': 'weighted_random', 'load_balancing.algorithm.anomaly_mitigation': 'on' })).toContain(
      'Automatic Target Weights',
    );
  });
  it('proposes Automatic Target Weights where the target fails fast, with what it excludes, and not where it is on', () => {
    const failing = { samples: { 'i-1:80': ['status@503'] } };
    expect(given({}, failing)).toContain('would give a target that fails requests less traffic within seconds; it sees no latency');
    const excluded = {
      'load_balancing.algorithm.type': 'least_outstanding_requests',
      'slow_start.duration_seconds': '30',
      'stickiness.enabled': 'true',
    };
    expect(given(excluded, failing)).toContain(
      '(it excludes least_outstanding_requests, which is set; it excludes the slow start of 30 s that is set; it excludes sticky sessions, which are on)',
    );
    expect(given({ 'load_balancing.algorithm.anomaly_mitigation': 'on' }, failing)).not.toContain('Automatic Target Weights');
  });
  it('proposes no algorithm where the agents of Target Optimizer say who gets the next request', () => {
    const agents = { group: { ...round().group, targetControlPort: 3000 } };
    expect(given({}, agents)).not.toMatch(/least_outstanding|Automatic Target Weights/);
  });
  it('does not propose it where it is set, or where the target fails fast', () => {
    expect(given({ 'load_balancing.algorithm.type': 'least_outstanding_requests' })).not.toContain('full share');
    expect(given({}, { samples: { 'i-1:80': ['timeout', 'status@503'] } })).not.toContain('least_outstanding');
  });
  it('is about targets: a cause that all share gets none', () => {
    expect(advice(groupCase('shared'), round())).toEqual([]);
  });
});

describe('worth telling', () => {
  const before = { ...incident, decision, outbox: [{ id: 'a', at: 0, severity: 'page' as const, subject: 's', body: 'b' }] };
  it('is a blocked removal once, and again when the reasons change', () => {
    expect(worthTelling(incident, decision, NOW)).toBe(true);
    expect(worthTelling(before, decision, NOW)).toBe(false);
    expect(worthTelling(before, { ...decision, blocked: ['kill-switch'] }, NOW)).toBe(true);
  });
  it('is not the same refusal again within half an hour, when its reasons come and go', () => {
    const refusal = (at: number, blocked: readonly Blocked[]) => ({ at, blocked, says: 's' });
    const wavering = { ...before, refusals: [refusal(NOW - 120_000, ['grace']), refusal(NOW - 60_000, decision.blocked)] };
    expect(worthTelling(wavering, { ...decision, blocked: ['grace'] }, NOW)).toBe(false);
    expect(worthTelling(wavering, { ...decision, blocked: ['grace'] }, NOW + 1_800_000)).toBe(true);
    expect(worthTelling(wavering, { ...decision, blocked: ['grace', 'held'] }, NOW)).toBe(true);
  });
  it('is a page, although the same refusal was told as less; and the page itself once', () => {
    const refusal = { at: NOW - 60_000, blocked: ['grace'] as const, says: 's' };
    const told = { ...before, refusals: [refusal] };
    const page: Decision = { ...decision, action: 'page', blocked: ['grace'] };
    expect(worthTelling(told, page, NOW)).toBe(true);
    const paged = {
      ...told,
      outbox: [{ id: `${told.id}/page/${refusal.at}`, at: refusal.at, severity: 'page' as const, subject: 's', body: '' }],
    };
    expect(worthTelling(paged, page, NOW)).toBe(false);
  });
  it('is a refusal of a target that was moved since it was told', () => {
    const moved = confirmed(target, NOW - 30_000, NOW, { restoredAt: NOW - 10_000 });
    const refusals = [{ at: NOW - 60_000, blocked: ['grace'] as const, says: 's' }];
    expect(worthTelling({ ...before, refusals, ejections: [moved] }, { ...decision, blocked: ['grace'] }, NOW)).toBe(true);
  });
  it('is every removal, renewal and return', () => {
    for (const action of ['eject', 'hold', 'renew', 'watch', 'restore'] as const)
      expect(worthTelling(before, decisionTo(action, decision), NOW)).toBe(true);
  });
  it('is the end of a case that was told of, and of no other', () => {
    expect(worthTelling(before, decisionTo('close', decision), NOW)).toBe(true);
    expect(worthTelling(incident, decisionTo('close', decision), NOW)).toBe(false);
  });
});
