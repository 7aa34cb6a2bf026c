/** The audit for people, as lines. */
import { groupName } from '../case';
import { section, utc } from '../report/text';
import type { AuditChanges } from './changes';
import { SEVERITIES, type AuditFinding, type AuditReport, type NotRun } from './model';

export function auditText(report: AuditReport): string[] {
  const { findings, notRun, ran, groupArns } = report;
  return [
    `Audit of ${groupArns.length} target ${groupArns.length === 1 ? 'group' : 'groups'}, ${utc(report.at)}: ${totals(findings)}; ${ran} checks ran`,
    ...findings.flatMap(findingLines),
    ...section('Not checked', notRunLines(notRun)),
  ];
}

/** What is new in full and what is gone in a line each; what stayed is only counted. */
export function changesText(report: AuditReport, before: AuditReport, { added, gone }: AuditChanges): string[] {
  const kept = report.findings.length - added.length;
  return [
    `Audit, ${utc(report.at)}, against that of ${utc(before.at)}: ${added.length} new, ${gone.length} gone, ${kept} as before`,
    ...added.flatMap(findingLines),
    ...section(
      'Gone',
      gone.map(({ severity, check, groupArn, summary }) => `${severity}  ${groupName(groupArn)}  ${check}: ${summary}`),
    ),
    ...section('Not checked', notRunLines(report.notRun)),
  ];
}

/** "2 high, 1 medium, 0 low". */
export function totals(findings: readonly AuditFinding[]): string {
  return SEVERITIES.map((severity) => `${findings.filter((finding) => finding.severity === severity).length} ${severity}`).join(', ');
}

export function findingLines({ severity, check, groupArn, summary, evidence, advice, danger, command }: AuditFinding): string[] {
  return [
    '',
    `${severity.toUpperCase()}  ${groupName(groupArn)}  ${check}: ${summary}`,
    ...evidence.map((line) => `    ${line}`),
    `  advice: ${advice}`,
    `  danger: ${danger}`,
    ...(command === undefined ? [] : [`  command: ${command}`]),
  ];
}

/** Checks that lack the same thing in the same group are told together. */
export function notRunLines(notRun: readonly NotRun[]): string[] {
  const together = new Map<string, string[]>();
  for (const { groupArn, check, why } of notRun) {
    const key = `${groupName(groupArn)}: ${why}`;
    together.set(key, [...(together.get(key) ?? []), check]);
  }
  return [...together].map(([why, checks]) => `${why} (${checks.join(', ')})`);
}
