import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { audit } from '../../../core/audit/audit';
import { changes } from '../../../core/audit/changes';
import { CHECKS } from '../../../core/audit/checks';
import { auditHtml } from '../../../core/audit/html';
import type { AuditedGroup, AuditFinding, HostsSeen } from '../../../core/audit/model';
import { auditText } from '../../../core/audit/text';
import { parseInspection } from '../../../core/diagnose/parse';
import type { HostCapture, LbTarget } from '../../../core/model';
import { GROUP, listedGroupOf } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { healthy } from '../../builders/targets';
import { parsed } from '../../builders/parsed';

const FIXTURES = path.join(__dirname, '../../fixtures/inspections');

function hostsOf(fixture: string, change: (stdout: string, host: string) => string = (stdout) => stdout): HostsSeen {
  const inspections = readdirSync(path.join(FIXTURES, fixture))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const capture = parsed<HostCapture & { stdout: string }>(readFileSync(path.join(FIXTURES, fixture, name), 'utf8'));
      return parseInspection({ ...capture, stdout: change(capture.stdout, capture.host), capturedAt: NOW }) ?? [];
    });
  return { inspections, unseen: [], leftOut: 0 };
}

const without = (stdout: string, text: string): string =>
  stdout
    .split('\n')
    .filter((row) => !row.includes(text))
    .join('\n');

const targets = (count: number): LbTarget[] => healthy(Array.from({ length: count }, (_, index) => `i-${index}`));

/** Settings that no check has anything to say about. */
const GOOD = {
  'load_balancing.algorithm.type': 'least_outstanding_requests',
  'deregistration_delay.timeout_seconds': '60',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2',
  'stickiness.enabled': 'false',
};

function group(fields: Partial<AuditedGroup> = {}, attributes: Readonly<Record<string, string>> = {}): AuditedGroup {
  return {
    group: listedGroupOf({ arn: GROUP, name: 'checkout', protocol: 'HTTP' }),
    attributes: { value: { ...GOOD, ...attributes } },
    health: { value: targets(4) },
    hosts: { value: { inspections: [], unseen: [], leftOut: 0 } },
    ...fields,
  };
}

const found = (audited: AuditedGroup) => audit([audited], NOW).findings;
const named = (audited: AuditedGroup) => found(audited).map(({ check }) => check);

function only(audited: AuditedGroup, check: string): AuditFinding {
  const [finding, ...more] = found(audited).filter((one) => one.check === check);
  expect(more).toEqual([]);
  if (finding === undefined) throw new Error(`no ${check}`);
  return finding;
}

describe('settings', () => {
  it('that are as they should be say nothing', () => {
    expect(named(group())).toEqual([]);
  });

  it('round robin is told with what the other algorithm excludes here', () => {
    const { severity, danger, command } = only(
      group({}, { 'load_balancing.algorithm.type': 'round_robin', 'slow_start.duration_seconds': '60', 'stickiness.enabled': 'true' }),
      'routing-algorithm',
    );
    expect(severity).toBe('medium');
    expect(danger).toContain('it gives more requests to a target that fails fast; it excludes the slow start of 60 s that is set');
    expect(command).toContain('Key=load_balancing.algorithm.type,Value=least_outstanding_requests');
  });

  it('slow start, sticky sessions, Automatic Target Weights and Target Optimizer are each told', () => {
    const attributes = {
      'load_balancing.algorithm.type': 'weighted_random',
      'load_balancing.algorithm.anomaly_mitigation': 'on',
      'slow_start.duration_seconds': '30',
      'stickiness.enabled': 'true',
    };
    expect(named(group({ group: listedGroupOf({ protocol: 'HTTP', targetControlPort: 3000 }) }, attributes))).toEqual([
      'slow-start',
      'sticky-sessions',
      'target-weights',
      'target-optimizer',
    ]);
  });

  it('Automatic Target Weights that is on and cannot act is told with why', () => {
    const on = { 'load_balancing.algorithm.anomaly_mitigation': 'on' };
    const told = (attributes: Record<string, string>, healthyOnes = 4) =>
      only(group({ health: { value: targets(healthyOnes) } }, { ...on, ...attributes }), 'target-weights').summary;
    const weighted = { 'load_balancing.algorithm.type': 'weighted_random' };
    expect(told(weighted)).toContain('is on, and sees no latency');
    expect(told({})).toBe(
      'Automatic Target Weights is on, and cannot act: it needs weighted_random, and the group routes by least_outstanding_requests',
    );
    expect(told({ ...weighted, 'stickiness.enabled': 'true' })).toContain('cannot act: it excludes sticky sessions, which are on');
    expect(told({ ...weighted, 'slow_start.duration_seconds': '30' })).toContain('it excludes the slow start of 30 s');
    expect(told(weighted, 2)).toContain('it needs three healthy targets, and 2 are');
  });

  it.each([
    ['count', '4', 4, 'minimum-healthy-too-high'],
    ['count', '4', 5, undefined],
    ['percentage', '100', 4, 'minimum-healthy-too-high'],
    ['percentage', '80', 4, 'minimum-healthy-too-high'],
    ['percentage', '75', 4, undefined],
    ['count', '1', 4, 'minimum-healthy-too-low'],
    ['count', 'off', 4, 'minimum-healthy-too-low'],
    ['count', '1', 2, undefined],
  ])('a minimum of healthy targets of %s %s for %d targets: %s', (unit, value, size, expected) => {
    const prefix = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';
    const checks = named(group({ health: { value: targets(size) } }, { [`${prefix}.count`]: 'off', [`${prefix}.${unit}`]: value }));
    expect(checks.filter((check) => check.startsWith('minimum'))).toEqual(expected === undefined ? [] : [expected]);
  });

  it('a minimum for DNS that one target breaks takes the zone away', () => {
    const prefix = 'target_group_health.dns_failover.minimum_healthy_targets';
    expect(only(group({}, { [`${prefix}.percentage`]: '100' }), 'minimum-healthy-too-high').summary).toContain('the zone leaves DNS');
  });

  it.each([
    ['0', /requests in progress are cut/],
    ['300', /drains for 300 s/],
    ['60', /^$/],
  ])('a deregistration delay of %s s', (value, expected) => {
    const summaries = found(group({}, { 'deregistration_delay.timeout_seconds': value })).map(({ summary }) => summary);
    expect(summaries.join('\n')).toMatch(expected);
  });

  it.each([
    [180, 300, []],
    [181, 300, ['an address drains for 181 s, and no lease lasts so long and 120 s more: Sickbay removes none of the group; Value=180']],
    [3480, 3600, ['a target that is removed drains for 3480 s, and its address cannot be registered again before; Value=60']],
    [
      3481,
      3600,
      ['an address drains for 3481 s, and no lease lasts so long and 120 s more: Sickbay removes none of the group; Value=3480'],
    ],
    [3481, undefined, ['a target that is removed drains for 3481 s, and its address cannot be registered again before; Value=60']],
  ])('a deregistration delay of %s s of an address, where the longest lease is %s s', (delayS, leaseCapS, told) => {
    const attributes = { 'deregistration_delay.timeout_seconds': String(delayS) };
    const fields = { group: listedGroupOf({ targetType: 'ip' }), ...(leaseCapS === undefined ? {} : { leaseCapS }) };
    const findings = found(group(fields, attributes)).filter(({ check }) => check === 'deregistration-delay');
    expect(findings.map(({ summary, command }) => `${summary}; ${command?.split(',').at(-1)}`)).toEqual(told);
  });

  it.each(['lambda', 'alb'] as const)(
    'a group for one target, of type %s, is not told to have more, nor what it has no setting for',
    (targetType) => {
      const fields = { group: listedGroupOf({ targetType, protocol: 'TCP' }), health: { value: targets(1) } };
      const unset = { ...group(fields), attributes: { value: {} } };
      expect(named(unset)).toEqual(targetType === 'alb' ? ['deregistration-delay'] : []);
    },
  );

  it('two targets are too few to compare', () => {
    const prefix = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';
    expect(named(group({ health: { value: targets(2) } }, { [`${prefix}.count`]: '1' }))).toEqual(['too-few-targets']);
  });
});

describe('hosts', () => {
  const of = (hosts: HostsSeen) => group({ hosts: { value: hosts } });

  it('that are alike say nothing but what their health check leaves out', () => {
    const alike = hostsOf('healthy', (stdout) => without(stdout, 'generate_monthly_report'));
    expect(named(of(alike))).toEqual(['shallow-health-check']);
  });

  it('are well, and one of them has the crontab line that will be the incident on the first of the month', () => {
    const { summary, evidence } = only(of(hostsOf('healthy')), 'cron-drift');
    expect(summary).toBe('only app-3 has this crontab entry: 10 2 1 * * /srv/shop/bin/generate_monthly_report --month previous');
    expect(evidence).toEqual(['source /var/spool/cron/crontabs/root, user root', '4 hosts compared']);
  });

  it('the health check that answers at once beside a page that works is shallow, measured on every host', () => {
    const { evidence, danger } = only(of(hostsOf('healthy')), 'shallow-health-check');
    expect(evidence).toHaveLength(4);
    expect(evidence[0]).toMatch(/^app-1: \/health \d+ ms, \/\S+ \d+ ms$/);
    expect(danger).toContain('set the minimum of healthy targets first');
  });

  it('finds the story before it is an incident: the full pool, the forgotten crontab line and its process', () => {
    const findings = found(of(hostsOf('pool-starvation')));
    const summaries = findings.map(({ check, summary }) => `${check}: ${summary}`);
    expect(summaries).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pool-near-full: app-3: its connection pool is \d+ % full$/),
        expect.stringMatching(/^cron-drift: only app-3 has this crontab entry: .*generate_monthly_report/),
        expect.stringMatching(/^process-drift: only app-3 runs generate_monthly_report/),
      ]),
    );
  });

  it('a host that runs another release is told with the others', () => {
    const { evidence } = only(of(hostsOf('release-drift')), 'release-drift');
    expect(evidence.join('\n')).toMatch(/: app-3$/m);
  });

  it('pools of different sizes are told by size', () => {
    const hosts = hostsOf('healthy', (stdout, host) =>
      host === 'app-2' ? stdout.replace(/(connection_pool_max\S*|pool_max\S*) 20\b/g, '$1 40') : stdout,
    );
    expect(only(of(hosts), 'pool-size-drift').evidence).toEqual(['20: app-1, app-3, app-4', '40: app-2']);
  });

  it('a crontab entry that one host alone lacks is missing there', () => {
    const [line] = hostsOf('healthy').inspections[0]?.cron ?? [];
    const hosts = hostsOf('healthy', (stdout, host) => (host === 'app-2' ? without(stdout, line?.line ?? '?') : stdout));
    expect(found(of(hosts)).map(({ summary }) => summary)).toContain(
      `app-2 lacks a crontab entry that the others have: ${line?.line ?? ''}`,
    );
  });

  it('those that Systems Manager cannot reach are told one by one', () => {
    const unseen = [{ host: 'i-0123456789abcdef0', why: 'its SSM agent is offline' }];
    const { summary, command } = only(of({ inspections: [], unseen, leftOut: 0 }), 'not-inspectable');
    expect(summary).toBe('i-0123456789abcdef0 cannot be inspected: its SSM agent is offline');
    expect(command).toContain('Values=i-0123456789abcdef0');
  });

  it('every command can be copied: it names the Region, before what is to be done then', () => {
    const hosts = hostsOf('pool-starvation', (stdout) => stdout);
    const inspections = hosts.inspections.map((inspection, index) => ({ ...inspection, host: `i-0123456789abcdef${index}` }));
    const told = found({ ...of({ ...hosts, inspections }), attributes: { value: {} } }).flatMap(({ command }) => command ?? []);
    expect(told.map((command) => command.replace(/^aws .* --region us-east-1(?: {3}# then: .*)?$/, 'copied'))).toEqual(
      told.map(() => 'copied'),
    );
    expect(told.filter((command) => command.includes(' --region us-east-1   # then: '))).not.toEqual([]);
  });

  it('a name that is no instance never stands in a command', () => {
    const unseen = [{ host: '$(reboot)', why: 'x' }];
    expect(only(of({ inspections: [], unseen, leftOut: 0 }), 'not-inspectable').command).toBeUndefined();
  });
});

describe('what could not be read', () => {
  it('loses the checks that rest on it and no other, and is told', () => {
    const report = audit(
      [group({ attributes: { unread: 'not permitted: DescribeTargetGroupAttributes' }, hosts: { unread: 'left out by --no-hosts' } })],
      NOW,
    );
    expect(report.findings).toEqual([]);
    expect(report.notRun.map(({ check }) => check)).toEqual(
      CHECKS.filter(({ needs }) => needs.includes('attributes') || needs.includes('hosts')).map(({ name }) => name),
    );
    expect(report.ran).toBe(CHECKS.length - report.notRun.length);
    expect(auditText(report)).toContain(
      '  checkout: left out by --no-hosts (shallow-health-check, pool-near-full, release-drift, pool-size-drift, cron-drift, not-inspectable, process-drift)',
    );
  });
});

describe('the table of checks', () => {
  it('is the table of the runbook, in its order', () => {
    const runbook = readFileSync(path.join(__dirname, '../../../docs/runbook.md'), 'utf8');
    const [, section = ''] = /### What an audit checks\n([\s\S]*?)\n### /.exec(runbook) ?? [];
    const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| (\w+) /gm)].map(([, name, severity]) => `${name} ${severity}`);
    expect(rows).toEqual(CHECKS.map(({ name, severity }) => `${name} ${severity}`));
  });

  it('has one row a check, and each finding names its danger', () => {
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
    const all = found(group({ hosts: { value: hostsOf('pool-starvation') } }, { 'load_balancing.algorithm.type': 'round_robin' }));
    expect(all.filter(({ danger, advice }) => danger === '' || advice === '')).toEqual([]);
  });
});

describe('changes', () => {
  const report = (attributes: Readonly<Record<string, string>>) => audit([group({}, attributes)], NOW);

  it('are what is new and what is gone; a number that moved is neither', () => {
    const before = report({ 'stickiness.enabled': 'true', 'deregistration_delay.timeout_seconds': '300' });
    const now = report({ 'deregistration_delay.timeout_seconds': '600', 'slow_start.duration_seconds': '30' });
    const { added, gone } = changes(before, now);
    expect([added.map(({ check }) => check), gone.map(({ check }) => check)]).toEqual([['slow-start'], ['sticky-sessions']]);
    expect(changes(now, now)).toEqual({ added: [], gone: [] });
    expect(changes(undefined, now).added).toHaveLength(2);
  });

  it('do not take a check that could not run for one that found nothing', () => {
    const before = report({ 'stickiness.enabled': 'true' });
    expect(changes(before, audit([group({ attributes: { unread: 'denied' } })], NOW)).gone).toEqual([]);
  });
});

describe('as a page', () => {
  it('escapes whatever a host said, and takes nothing from elsewhere', () => {
    const unseen = [{ host: '<script>alert(1)</script>', why: `"><img src=x onerror='alert(1)'>` }];
    const page = auditHtml(audit([group({ hosts: { value: { inspections: [], unseen, leftOut: 0 } } })], NOW));
    expect(page).not.toMatch(/<script|<img/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; cannot be inspected');
    expect(page).toContain(`default-src 'none'`);
    expect(page).not.toMatch(/<[^>]*(src|href)=|https?:/);
  });
});
