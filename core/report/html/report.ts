/**
 * The report of one case as one HTML file that needs nothing else: no script, no picture, no font,
 * no request to anywhere. Its Content-Security-Policy says so as well.
 */
import { linksOf, type Links } from '../links';
import { utc } from '../text';
import { clientChart } from './client-chart';
import { latencyChart } from './latency-chart';
import { NOTHING, html, type Markup } from './markup';
import { spellsIn, type ReportInput } from './model';
import { kubernetesPart } from './kubernetes-part';
import { alertsOf, differenceTable, findingList, guardrailTable, notesOf, poolTable, targetText, timeline } from './parts';
import { STYLE } from './style';
import { groupOf, stateText, summaryOf } from './summary';

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Markup | undefined;
}

export function reportHtml(input: ReportInput): string {
  const { incident } = input;
  const { title, facts } = summaryOf(input);
  const sections = sectionsOf(input).filter(({ body }) => body !== undefined);
  const good = incident.state === 'closed' || incident.state === 'watching';
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="referrer" content="no-referrer" />
        <title>${groupOf(input)}: ${title}</title>
        <style>
          ${{ html: STYLE }}
        </style>
      </head>
      <body>
        <header>
          <p class="eyebrow">Sickbay report, target group ${groupOf(input)}, ${targetText(incident)}</p>
          <h1>${title}</h1>
          <p><span class="state ${good ? 'good' : 'bad'}">${stateText(incident)}</span></p>
          <p class="note">${times(input)}</p>
          <dl class="head">
            ${facts.map(
              ([name, text]) =>
                html`<dt>${name}</dt>
                  <dd>${text}</dd>`,
            )}
          </dl>
          <nav aria-label="Sections">
            <ul>
              ${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          ${sections.map(
            ({ id, heading, body }) =>
              html`<section id="${id}" aria-labelledby="${id}-heading">
                <h2 id="${id}-heading">${heading}</h2>
                ${body}
              </section>`,
          )}
        </main>
        <footer>
          ${linkList(linksOf(incident, input.deployment ?? {}, 'Alerts'))}
          <p>Case ${incident.id}. Written ${utc(input.now)}; all times are UTC.</p>
        </footer>
      </body>
    </html> `;
  return page.html;
}

/** When it began, and each removal and return. */
function times({ incident }: ReportInput): string {
  const moves = spellsIn(incident).flatMap(({ fromAt, toAt, began, ended }) => [
    `${began} ${utc(fromAt)}`,
    ...(toAt === undefined ? [] : [`${ended} ${utc(toAt)}`]),
  ]);
  const ends = incident.closedAt === undefined ? [] : [`closed ${utc(incident.closedAt)}`];
  return [`opened ${utc(incident.openedAt)}`, ...moves, ...ends].join(', ');
}

function sectionsOf(input: ReportInput): Section[] {
  const { incident } = input;
  const { decision, removal } = incident;
  const legend = html`<p class="legend">
    <b>The target of this case</b> beside its peers${spellsIn(incident).length === 0 ? '' : '; shaded: while it was out'}. Median of each
    round's probes, straight to the target.
  </p>`;
  const last =
    decision !== undefined && decision.guardrails.length > 0 && decision.guardrails !== removal?.guardrails ? decision : undefined;
  return [
    {
      id: 'latency',
      heading: 'Latency of each target',
      body: html`${incident.target === undefined ? NOTHING : legend}${latencyChart(input)}`,
    },
    { id: 'client', heading: 'What clients of the load balancer got', body: clientChart(input) },
    { id: 'cause', heading: 'Cause', body: findingList(incident) },
    { id: 'kubernetes', heading: 'Managed by Kubernetes', body: kubernetesPart(input) },
    { id: 'pools', heading: 'Connection pools side by side', body: poolTable(input) },
    { id: 'differences', heading: 'Differences from its peers', body: differenceTable(incident) },
    { id: 'timeline', heading: 'Timeline', body: timeline(incident) },
    {
      id: 'guardrails',
      heading: 'Guardrails of the removal',
      body: removal === undefined ? undefined : guardrailTable('Guardrails of the removal', removal.guardrails),
    },
    {
      id: 'last-guardrails',
      heading: `Guardrails of the last decision (${decision?.action ?? ''})`,
      body:
        last === undefined || same(last.guardrails, removal?.guardrails)
          ? undefined
          : guardrailTable('Guardrails of the last decision', last.guardrails),
    },
    { id: 'notes', heading: 'Noticed, and ruled out', body: notesOf(incident) },
    { id: 'alerts', heading: 'Who was told', body: alertsOf(incident) },
  ];
}

function same(a: readonly object[], b: readonly object[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const LINKS: readonly (readonly [keyof Links, string])[] = [
  ['targetGroup', 'Target group'],
  ['instance', 'Instance'],
  ['session', 'Session'],
  ['task', 'Task'],
  ['service', 'Service'],
  ['logs', 'Logs'],
  ['dashboard', 'Dashboard'],
  ['runbook', 'Runbook'],
];

function linkList(links: Links): Markup {
  const items = LINKS.flatMap(([key, label]) =>
    links[key] === undefined ? [] : [html`<li><a href="${links[key]}" rel="noopener noreferrer">${label}</a></li>`],
  );
  return items.length === 0
    ? NOTHING
    : html`<nav aria-label="Links">
        <ul>
          ${items}
        </ul>
      </nav>`;
}
