/** The report of one case as Markdown, for a ticket or a post-mortem: what has no chart. */
import { targetKey, type GuardrailCheck } from '../model';
import { harmless } from './harmless';
import { findingLines } from './findings';
import { medianOf, roundsOf, subjectsOf, type ReportInput } from './html/model';
import { groupOf, stateText, summaryOf } from './html/summary';
import { kubernetesAdvice } from './kubernetes';
import { duration, utc } from './text';
import { eventText } from './timeline';

export function reportMarkdown(input: ReportInput): string {
  const { incident } = input;
  const { title, facts } = summaryOf(input);
  const { removal, diagnosis } = incident;
  const lines = [
    `# ${plain(groupOf(input))}: ${plain(title)}`,
    '',
    `${stateText(incident)}; case ${plain(incident.id)}${incident.target === undefined ? '' : `, target ${plain(targetKey(incident.target))}`}`,
    '',
    ...facts.map(([name, text]) => `- **${name}:** ${plain(text)}`),
    ...part('Latency', latencyRows(input)),
    ...part(
      'Timeline',
      rows(
        ['UTC', 'what', 'in words'],
        incident.events.map((event) => [utc(event.at).slice(0, 19), event.kind, eventText(event)]),
      ),
    ),
    ...part('Cause', fenced((diagnosis?.findings ?? []).flatMap(findingLines))),
    ...part('Managed by Kubernetes', kubernetesLinesOf(input)),
    ...part(
      'Differences from its peers',
      (diagnosis?.differences ?? []).map((text) => `- ${plain(text)}`),
    ),
    ...part('Guardrails of the removal', removal === undefined ? [] : guardrailRows(removal.guardrails)),
    ...part(
      'Noticed, and ruled out',
      (diagnosis?.notes ?? []).map((text) => `- ${plain(text)}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** Commands stand in a fence: nothing in one is read as Markdown. */
function kubernetesLinesOf(input: ReportInput): string[] {
  const told = kubernetesAdvice(input.incident, roundsOf(input).at(-1));
  if (told === undefined) return [];
  return [plain(told.why), '', ...fenced(told.steps.flatMap(({ what, command }) => [`# ${what}`, command]))];
}

function part(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${heading}`, '', ...lines];
}

/** On one line, without anything that Markdown or a chat would read as more than text. */
function plain(text: string): string {
  return harmless(text)
    .replaceAll('\n', ' ')
    .replace(/[\\|*#[\]]|(?<!\w)_|_(?!\w)/g, '\\$&');
}

function fenced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['```', ...lines.map((text) => harmless(text).replaceAll('\n', ' ')), '```'];
}

function rows(head: readonly string[], cells: readonly (readonly string[])[]): string[] {
  const row = (of: readonly string[]) => `| ${of.map(plain).join(' | ')} |`;
  return cells.length === 0 ? [] : [row(head), `| ${head.map(() => '---').join(' | ')} |`, ...cells.map(row)];
}

function guardrailRows(guardrails: readonly GuardrailCheck[]): string[] {
  return rows(
    ['guardrail', '', 'value', 'limit'],
    guardrails.map(({ guardrail, passed, value, limit }) => [guardrail, passed ? 'passed' : 'failed', value, limit]),
  );
}

function latencyRows(input: ReportInput): string[] {
  const { shown } = subjectsOf(input);
  return rows(
    ['UTC', ...shown.map(({ label }) => label)],
    roundsOf(input).map((round) => [
      utc(round.startedAt).slice(11, 19),
      ...shown.map(({ key }) => {
        const ms = medianOf(round, key);
        return ms === undefined ? '-' : duration(ms);
      }),
    ]),
  );
}
