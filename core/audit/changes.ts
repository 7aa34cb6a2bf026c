/** What has changed since the audit before: a weekly report of the same is not read. */
import type { AuditFinding, AuditReport } from './model';

export interface AuditChanges {
  readonly added: readonly AuditFinding[];
  readonly gone: readonly AuditFinding[];
}

/** What makes two findings of two audits the same one: numbers in its text may differ. */
export function identityOf({ groupArn, check, subject }: AuditFinding): string {
  return `${groupArn} ${check} ${subject}`;
}

/**
 * A check that could not run now says nothing of what it found before: that is not told as gone.
 * @param before undefined where there was none: everything is new
 */
export function changes(before: AuditReport | undefined, now: AuditReport): AuditChanges {
  const known = new Set((before?.findings ?? []).map(identityOf));
  const still = new Set(now.findings.map(identityOf));
  const silent = new Set(now.notRun.map(({ groupArn, check }) => `${groupArn} ${check}`));
  const asked = new Set(now.groupArns);
  return {
    added: now.findings.filter((finding) => !known.has(identityOf(finding))),
    gone: (before?.findings ?? []).filter(
      (finding) => !still.has(identityOf(finding)) && asked.has(finding.groupArn) && !silent.has(`${finding.groupArn} ${finding.check}`),
    ),
  };
}
