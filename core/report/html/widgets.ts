/**
 * What the stack's dashboard shows beside its graphs: HTML that CloudWatch puts into a custom
 * widget. It takes tables, style and SVG, and removes scripts (CloudWatch user guide, "Details
 * about custom widgets", "Security and JavaScript").
 */
import { groupName } from '../../case';
import type { Case, Round } from '../../model';
import { isUnreadable } from '../../unreadable';
import { aboutOf, causeOf } from '../cases';
import { utc } from '../text';
import { SIZES, chart, isMeasured } from './latency-chart';
import { html, type Markup } from './markup';
import { subjectsIn } from './model';
import { stateText } from './summary';
import { dataTable } from './table';

export type Theme = 'light' | 'dark';

/** A group and its newest rounds, in any order. */
export interface GroupRounds {
  readonly groupArn: string;
  readonly rounds: readonly Round[];
}

/** The open cases, newest first. */
export function casesWidget(cases: readonly Case[], theme: Theme): string {
  if (cases.length === 0) return page(theme, [html`<p>No open case.</p>`]);
  const rows = [...cases].sort((a, b) => b.openedAt - a.openedAt).map(caseRow);
  return page(theme, [dataTable(['About', 'State', 'Cause', 'Opened', 'Case'], rows)]);
}

function caseRow(incident: Case): Markup {
  return html`<tr>
    <td>${aboutOf(incident)}</td>
    <td>${isUnreadable(incident) ? 'cannot be read' : stateText(incident)}</td>
    <td>${causeOf(incident)}</td>
    <td>${utc(incident.openedAt)}</td>
    <td><code>${incident.id}</code></td>
  </tr>`;
}

/**
 * Latency of each target of each group, from the rounds on record.
 * @param others groups that are not shown
 */
export function latencyWidget(groups: readonly GroupRounds[], others: number, theme: Theme): string {
  if (groups.length === 0) return page(theme, [html`<p>No round in the last hour.</p>`]);
  const rest = others === 0 ? [] : [html`<p>${others} more target groups are not shown: those with an open case come first.</p>`];
  return page(theme, [...groups.map(groupPart), ...rest]);
}

function groupPart({ groupArn, rounds }: GroupRounds): Markup {
  const oldestFirst = [...rounds].sort((a, b) => a.startedAt - b.startedAt);
  const newest = oldestFirst.at(-1);
  const sick = newest?.verdicts.find(({ verdict }) => verdict === 'convicted')?.key;
  const { shown, others } = subjectsIn(oldestFirst, sick);
  const heading = html`<h3>${groupName(groupArn)}: ${newest === undefined ? 'no round' : newest.says}</h3>`;
  const [size] = SIZES;
  if (size === undefined || oldestFirst.length < 2 || !isMeasured(oldestFirst, shown))
    return html`${heading}
      <p>Fewer than two rounds with a measurement are on record.</p>`;
  const picture = chart({ rounds: oldestFirst, shown, spells: [], now: newest?.endedAt ?? 0 }, size);
  return html`${heading}${picture}${others === 0 ? undefined : html`<p>${others} more targets, all faster.</p>`}`;
}

const COLOURS: Readonly<Record<Theme, string>> = {
  light: '--ink:#1c2330;--soft:#5b6675;--line:#d9dee6;--sick:#c2410c;--peer:#718097',
  dark: '--ink:#e6eaf0;--soft:#a3adbb;--line:#2e3642;--sick:#fb923c;--peer:#75859b',
};

const STYLE =
  '.sickbay .chart{width:100%;height:auto}.sickbay .chart text{font:12px system-ui,sans-serif;fill:var(--soft)}' +
  '.sickbay .chart .grid{stroke:var(--line)}.sickbay .chart path{fill:none;stroke-width:1.5}.sickbay .peer path{stroke:var(--peer)}' +
  '.sickbay .sick path{stroke:var(--sick);stroke-width:2.5}.sickbay .sick circle{fill:var(--sick)}.sickbay .chart .sick-label{fill:var(--sick)}';

function page(theme: Theme, parts: readonly Markup[]): string {
  return `<style>.sickbay{${COLOURS[theme]}}${STYLE}</style>${html`<div class="sickbay">${parts}</div>`.html}`;
}
