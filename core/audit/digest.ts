/** The weekly message: what has changed since the audit before, and readiness. */
import type { OutboxEntry } from '../model';
import type { Readiness, ReadinessVerdict } from '../readiness/readiness';
import { readinessText } from '../readiness/text';
import { changes } from './changes';
import type { AuditReport } from './model';
import { auditText, changesText } from './text';

const READY: Readonly<Record<ReadinessVerdict, string>> = {
  ready: 'ready for enforce',
  'look-first': 'look before enforce',
  'too-little-data': 'too little data for enforce',
};

/**
 * An alert of severity `notify`. @param before the audit before; undefined: this is the first one,
 * and all of it is told
 */
export function digest(report: AuditReport, before: AuditReport | undefined, ready: Readiness): OutboxEntry {
  const changed = changes(before, report);
  return {
    id: `digest/${report.at}`,
    at: report.at,
    severity: 'notify',
    subject: `Sickbay review: ${changed.added.length} new ${changed.added.length === 1 ? 'finding' : 'findings'}, ${changed.gone.length} gone; ${READY[ready.verdict]}`,
    body: [...(before === undefined ? auditText(report) : changesText(report, before, changed)), '', ...readinessText(ready), ''].join(
      '\n',
    ),
  };
}
