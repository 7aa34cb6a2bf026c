import type { AuditReport } from '../../core/audit/model';
import { parseConfig } from '../../core/config';
import { targetKey, type Case, type HostCapture, type OutboxEntry } from '../../core/model';
import { observe } from '../../core/readiness/observed';
import { review, type ReviewPorts } from '../../lambda/review/review';
import { targetCase } from '../builders/cases';
import { GROUP, groupOf, listedGroupOf } from '../builders/groups';
import { NOW } from '../builders/now';
import { healthy } from '../builders/targets';

const CONFIG = parseConfig({
  targetGroups: [{ arn: GROUP, probe: { path: '/cart' } }],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
});

const LISTED = listedGroupOf({ arn: GROUP, name: 'checkout', protocol: 'HTTP' });
const HEALTH = healthy(['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2', 'i-0aaaaaaaaaaaaaaa3']);

class Account {
  now = NOW;
  groups = [LISTED];
  attributes: Record<string, string> = { 'load_balancing.algorithm.type': 'round_robin', 'deregistration_delay.timeout_seconds': '60' };
  open: Case[] = [];
  stored: AuditReport | undefined;
  readonly published: OutboxEntry[] = [];
  readonly inspected: string[][] = [];
  failing: string | undefined;
  /** What describing a group takes. */
  readMs = 0;

  readonly ports: ReviewPorts = {
    clock: { now: () => this.now, sleep: async () => undefined },
    log: () => undefined,
    loadBalancing: {
      groups: async () => this.groups,
      describe: async (groups) => {
        this.now += this.readMs;
        return groups.map((group) => groupOf({ ...group, attributes: this.attributes }));
      },
      health: async () => HEALTH,
    },
    targetRefs: {
      of: async (_, asked) => new Map(asked.map((target) => [targetKey(target), { kind: 'instance', instanceId: target.id }])),
    },
    hosts: {
      inspect: async (ids) => {
        this.inspected.push([...ids]);
        return ids.map((host): HostCapture => ({ host, notInspectable: 'its SSM agent is offline', capturedAt: this.now }));
      },
    },
    observed: async () => {
      const marks = Array.from({ length: 100 }, (_, index) => ({ startedAt: NOW - (100 - index) * 60_000, fleet: 'none' as const }));
      return [observe(GROUP, marks, [], 3)].flatMap((one) => one ?? []);
    },
    cases: { open: async () => this.open, closedSince: async () => [] },
    reviews: {
      latest: async () => this.stored,
      put: async (report) => void (this.stored = report),
    },
    topic: {
      publish: async (entry) => {
        if (this.failing === 'topic') throw new Error('throttled');
        this.published.push(entry);
      },
    },
  };

  run() {
    return review(this.ports, CONFIG);
  }
}

describe('the review', () => {
  it('tells everything the first time, with readiness, on the notify topic', async () => {
    const account = new Account();
    await account.run();
    const [entry] = account.published;
    expect(entry?.severity).toBe('notify');
    expect(entry?.subject).toBe('Sickbay review: 5 new findings, 0 gone; too little data for enforce');
    expect(entry?.body).toContain('MEDIUM  checkout  routing-algorithm: it routes by round_robin');
    expect(entry?.body).toContain('i-0aaaaaaaaaaaaaaa1 cannot be inspected: its SSM agent is offline');
    expect(entry?.body).toContain('checkout: < 0.1 days seen of 7; 6.9 days are missing');
  });

  it('tells the next time what has changed alone', async () => {
    const account = new Account();
    await account.run();
    account.attributes = { 'load_balancing.algorithm.type': 'least_outstanding_requests', 'deregistration_delay.timeout_seconds': '0' };
    await account.run();
    const { subject = '', body = '' } = account.published[1] ?? {};
    expect(subject).toMatch(/^Sickbay review: 1 new finding, 1 gone;/);
    expect(body).toContain('LOW  checkout  deregistration-delay: no deregistration delay');
    expect(body).toContain('Gone\n  medium  checkout  routing-algorithm');
    expect(body).not.toContain('cannot be inspected');
  });

  it('tells the same changes again when it was not published', async () => {
    const account = new Account();
    account.failing = 'topic';
    await expect(account.run()).rejects.toThrow('throttled');
    expect(account.stored).toBeUndefined();
    account.failing = undefined;
    await account.run();
    expect(account.published[0]?.subject).toMatch(/5 new findings/);
  });

  it('begins no further group when its time is over, and says so', async () => {
    const account = new Account();
    account.groups = Array.from({ length: 5 }, (_, index) => ({ ...LISTED, arn: `${GROUP.slice(0, -1)}${index}`, name: `g-${index}` }));
    account.readMs = 700_000;
    await account.run();
    expect(account.published[0]?.body).toContain('the time did not suffice');
    expect(account.inspected).toHaveLength(1);
  });

  it('counts what would have been removed', async () => {
    const account = new Account();
    const at = NOW - 3_600_000;
    account.open = [targetCase({ openedAt: at, refusals: [{ at, blocked: ['mode-observe'], says: 'slow' }] })];
    await account.run();
    expect(account.published[0]?.body).toContain('1 possible false alarm.');
  });
});
