/** The weekly message: what has changed since the audit before, and readiness. */
import type { OutboxEntry } from '../model';
import type { Readiness, ReadinessVerdict } from '../readiness/readiness';
import { readinessText } from '../readiness/text';
import { changes } from './changes';
import type { AuditReport } from './model';
import { reviewDigest } from './review-digest';
import { auditText, changesText } from './text';

const READY: Readonly<Record<ReadinessVerdict, string>> = {
  ready: 'ready for enforce',
  'look-first': 'look before enforce',
  'too-little-data': 'too little data for enforce',
};

/**
 * An alert of severity `notify`, for people and for machines. @param before the audit before;
 * undefined: this is the first one, and all of it is told @param stack the name of the stack in its
 * metrics
 */
export function digest(report: AuditReport, before: AuditReport | undefined, ready: Readiness, stack?: string): OutboxEntry {
  const changed = changes(before, report);
  const head = {
    id: `digest/${report.at}`,
    subject: `Sickbay review: ${changed.added.length} new ${changed.added.length === 1 ? 'finding' : 'findings'}, ${changed.gone.length} gone; ${READY[ready.verdict]}`,
  };
  return {
    ...head,
    at: report.at,
    severity: 'notify',
    digest: reviewDigest({ report, before, changed, ready, stack }, head),
    body: [...(before === undefined ? auditText(report) : changesText(report, before, changed)), '', ...readinessText(ready), ''].join(
      '\n',
    ),
  };
}
