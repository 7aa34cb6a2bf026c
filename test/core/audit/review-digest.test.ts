/** What machines get of the weekly review: whole, with a shape of its own, and never too long. */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { digest } from '../../../core/audit/digest';
import type { AuditFinding, AuditReport } from '../../../core/audit/model';
import type { OutboxEntry, ReviewDigest } from '../../../core/model';
import { CASE_STATE_CHANGE } from '../../../core/model/case-event';
import { REVIEW_DIGEST } from '../../../core/model/review-digest';
import { readiness } from '../../../core/readiness/readiness';
import { observe } from '../../../core/readiness/observed';
import { DIGEST_SCHEMA_FILE, digestSchema } from '../../../scripts/event-schema';
import { targetCase } from '../../builders/cases';
import { GROUP } from '../../builders/groups';
import { NOW } from '../../builders/now';
import { matching } from '../../builders/text';

const WEEK_MS = 7 * 86_400_000;

function finding(subject: string, more: Partial<AuditFinding> = {}): AuditFinding {
  const told = {
    summary: `only ${subject} has this crontab entry`,
    evidence: ['10 2 1 * * report'],
    advice: 'remove it',
    danger: 'ask first',
  };
  return { check: 'cron-drift', severity: 'medium', groupArn: GROUP, subject, ...told, ...more };
}

function report(at: number, findings: readonly AuditFinding[]): AuditReport {
  return { v: 1, at, groupArns: [GROUP], findings, notRun: [{ groupArn: GROUP, check: 'dns-drift', why: 'no host' }], ran: 15 };
}

function toldOf(now: AuditReport, before?: AuditReport): OutboxEntry & { readonly digest: ReviewDigest } {
  const marks = Array.from({ length: 100 }, (_, index) => ({ startedAt: NOW - (100 - index) * 60_000, fleet: 'none' as const }));
  const observed = [observe(GROUP, marks, [], 3)].flatMap((one) => one ?? []);
  const refused = targetCase({ openedAt: NOW - 3_600_000, refusals: [{ at: NOW - 3_600_000, blocked: ['mode-observe'], says: 'slow' }] });
  const entry = digest(now, before, readiness(observed, [refused], { days: 7 }, NOW), 'Sickbay-1');
  if (entry.digest === undefined) throw new Error('a digest is for machines too');
  return { ...entry, digest: entry.digest };
}

test('the published schema is the one in code; npm run schema writes it', () => {
  expect(readFileSync(DIGEST_SCHEMA_FILE, 'utf8')).toBe(digestSchema());
});

test('it fits its schema, with no field that the schema lacks, and is no case event', () => {
  const { digest: told } = toldOf(report(NOW, [finding('i-1', { command: 'crontab -e' })]), report(NOW - WEEK_MS, [finding('i-2')]));
  expect(z.strictObject(REVIEW_DIGEST.shape).safeParse(told).error).toBeUndefined();
  expect(CASE_STATE_CHANGE.safeParse(told).success).toBe(false);
});

test('it holds what has changed, what was not checked and readiness, whole', () => {
  const kept = finding('i-3');
  const { digest: told, subject, id } = toldOf(report(NOW, [kept, finding('i-1')]), report(NOW - WEEK_MS, [kept, finding('i-2')]));
  expect(told).toMatchObject({
    type: 'Sickbay Weekly Review',
    version: 1,
    id,
    summary: subject,
    previousTime: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    stack: 'Sickbay-1',
    account: '123456789012',
    region: 'us-east-1',
    kept: 1,
    added: [{ targetGroup: { arn: GROUP }, check: 'cron-drift', severity: 'medium', subject: 'i-1', evidence: ['10 2 1 * * report'] }],
    gone: [{ subject: 'i-2' }],
    notChecked: [{ check: 'dns-drift', why: 'no host' }],
    readiness: {
      verdict: 'too-little-data',
      wouldRemove: { right: 0, doubtful: 1, blocked: 0 },
      groups: [{ targets: 3, rounds: 100 }],
      candidates: [{ dedupKey: 'case-1', opinion: 'doubtful' }],
    },
    omitted: { added: 0, gone: 0, notChecked: 0, groups: 0, candidates: 0 },
  });
  expect(told.readiness.missing[0]).toMatch(/days are missing/);
});

test('the first one has nothing before it, and all is new', () => {
  const { digest: told } = toldOf(report(NOW, [finding('i-1')]));
  expect(told).not.toHaveProperty('previousTime');
  expect(told).toMatchObject({ kept: 0, added: [{ subject: 'i-1' }], gone: [] });
});

test('of a large stack it fits in one message, says how much is left out, and keeps what is most severe', () => {
  const many = Array.from({ length: 2000 }, (_, index) => finding(`i-${index}`, { evidence: ['ü'.repeat(200)] }));
  const { digest: told } = toldOf(report(NOW, many));
  expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(256 * 1024 - 8 * 1024);
  expect(told.omitted.added).toBe(2000 - told.added.length);
  expect(told.added.length).toBeGreaterThan(100);
  expect(told.added[0]?.subject).toBe('i-0');
  expect(told.readiness.candidates).toHaveLength(1);
});
