/** The audit as one page that needs no other file. Whatever a host or a tag says is escaped. */
import { groupName } from '../case';
import { utc } from '../report/text';
import type { AuditFinding, AuditReport } from './model';
import { notRunLines, totals } from './text';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1b1f24;background:#fff}
h1{font-size:1.4em}article{border-left:5px solid #8b949e;margin:1em 0;padding:.2em 1em}.high{border-color:#cf222e}.medium{border-color:#bf8700}
h2{font-size:1.05em;margin:.4em 0}dt{font-weight:600}dd{margin:0 0 .4em}code{font:13px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}`;

export function auditHtml(report: AuditReport): string {
  const { findings, notRun, ran, at, groupArns } = report;
  const title = `Audit of ${groupArns.map(groupName).join(', ')}`;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    // no script, no picture, nothing from elsewhere, whatever a text in it may hold
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<meta name="viewport" content="width=device-width"><title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1>`,
    `<p>${escaped(`${utc(at)}: ${totals(findings)}; ${ran} checks ran`)}</p>`,
    ...findings.map(article),
    ...(notRun.length === 0 ? [] : ['<h2>Not checked</h2>', list(notRunLines(notRun))]),
    '</body></html>',
    '',
  ].join('\n');
}

function article({ severity, check, groupArn, summary, evidence, advice, danger, command }: AuditFinding): string {
  return [
    `<article class="${severity}"><h2>${escaped(`${severity}: ${groupName(groupArn)}: ${summary}`)}</h2>`,
    list(evidence),
    '<dl>',
    `<dt>Advice</dt><dd>${escaped(advice)}</dd>`,
    `<dt>Danger</dt><dd>${escaped(danger)}</dd>`,
    ...(command === undefined ? [] : [`<dt>Command</dt><dd><code>${escaped(command)}</code></dd>`]),
    `</dl><small>${escaped(check)}</small></article>`,
  ].join('\n');
}

function list(lines: readonly string[]): string {
  return `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
}
