/**
 * What the stack's dashboard shows beside its graphs: HTML that CloudWatch puts into a custom
 * widget. It takes tables, style and SVG, and removes scripts (CloudWatch user guide, "Details
 * about custom widgets", "Security and JavaScript").
 */
import { groupName, isTargetCase, shortCaseId } from '../../case';
import { targetKey, type Case, type Round } from '../../model';
import { isUnreadable } from '../../unreadable';
import { aboutOf } from '../cases';
import { linksOf, type Deployment, type Links } from '../links';
import { causePhrase } from '../phrases';
import { utc } from '../text';
import { SIZES, chart, isMeasured } from './latency-chart';
import { html, type Markup } from './markup';
import { spellsIn, subjectsIn } from './model';
import { stateText } from './summary';
import { dataTable } from './table';

export type Theme = 'light' | 'dark';

/** A group, its newest rounds in any order, and its open cases. */
export interface GroupRounds {
  readonly groupArn: string;
  readonly rounds: readonly Round[];
  readonly cases: readonly Case[];
}

/** The open cases, newest first. */
export function casesWidget(cases: readonly Case[], theme: Theme, deployment: Deployment = {}): string {
  if (cases.length === 0) return page(theme, [html`<p>No open case.</p>`]);
  const rows = [...cases].sort((a, b) => b.openedAt - a.openedAt).map((incident) => caseRow(incident, deployment));
  return page(theme, [dataTable(['About', 'State', 'Cause', 'Opened', 'Case', 'Go to'], rows)]);
}

function caseRow(incident: Case, deployment: Deployment): Markup {
  return html`<tr>
    <td>${aboutOf(incident)}</td>
    <td>${isUnreadable(incident) ? 'cannot be read' : stateText(incident)}</td>
    <td>${phraseOf(incident)}</td>
    <td>${utc(incident.openedAt)}</td>
    <td><code>${shortCaseId(incident.id)}</code></td>
    <td>${linkList(incident, deployment)}</td>
  </tr>`;
}

/** In the words of the alerts; empty before a diagnosis. */
function phraseOf({ diagnosis }: Case): string {
  const first = diagnosis?.findings[0];
  return first === undefined ? '' : causePhrase(first);
}

const LINKS: readonly (readonly [keyof Links, string])[] = [
  ['report', 'Report'],
  ['session', 'Session'],
  ['task', 'Task'],
  ['targetGroup', 'Target group'],
  ['runbook', 'Runbook'],
];

/** Links are ours: none holds anything that a host or an operator wrote. */
function linkList(incident: Case, deployment: Deployment): Markup[] {
  const links = linksOf(incident, deployment, 'Alerts');
  const shown = LINKS.flatMap(([key, label]) =>
    links[key] === undefined ? [] : [html`<a href="${links[key]}" target="_blank">${label}</a>`],
  );
  return shown.map((link, index) => html`${index === 0 ? '' : ' | '}${link}`);
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

/** The target of an open case stands out also when it is out of service and well. */
function groupPart({ groupArn, rounds, cases }: GroupRounds): Markup {
  const oldestFirst = [...rounds].sort((a, b) => a.startedAt - b.startedAt);
  const newest = oldestFirst.at(-1);
  const [incident] = cases.filter(isTargetCase);
  const sick = incident === undefined ? newest?.verdicts.find(({ verdict }) => verdict === 'convicted')?.key : targetKey(incident.target);
  const spells = incident === undefined ? [] : spellsIn(incident);
  const { shown, others } = subjectsIn(oldestFirst, sick);
  const heading = html`<h3>${groupName(groupArn)}: ${newest === undefined ? 'no round' : newest.says}</h3>`;
  const [size] = SIZES;
  if (size === undefined || oldestFirst.length < 2 || !isMeasured(oldestFirst, shown))
    return html`${heading}
      <p>Fewer than two rounds with a measurement are on record.</p>`;
  const picture = chart({ rounds: oldestFirst, shown, spells, now: newest?.endedAt ?? 0 }, size);
  return html`${heading}${picture}${others === 0 ? undefined : html`<p>${others} more targets, all faster.</p>`}`;
}

const COLOURS: Readonly<Record<Theme, string>> = {
  light: '--ink:#1c2330;--soft:#5b6675;--line:#d9dee6;--sick:#c2410c;--peer:#718097;--out:#fce7d6;--link:#1d4ed8',
  dark: '--ink:#e6eaf0;--soft:#a3adbb;--line:#2e3642;--sick:#fb923c;--peer:#75859b;--out:#3b2718;--link:#93b4ff',
};

const STYLE =
  '.sickbay a{color:var(--link)}.sickbay th,.sickbay td{text-align:left;vertical-align:top;padding:.2em .8em .2em 0}.sickbay .chart .out{fill:var(--out)}' +
  '.sickbay .chart .mark{stroke:var(--ink);stroke-dasharray:3 3}.sickbay .chart .marked{fill:var(--ink)}' +
  '.sickbay .chart{width:100%;height:auto}.sickbay .chart text{font:12px system-ui,sans-serif;fill:var(--soft)}' +
  '.sickbay .chart .grid{stroke:var(--line)}.sickbay .chart path{fill:none;stroke-width:1.5}.sickbay .peer path{stroke:var(--peer)}' +
  '.sickbay .sick path{stroke:var(--sick);stroke-width:2.5}.sickbay .sick circle{fill:var(--sick)}.sickbay .chart .sick-label{fill:var(--sick)}';

function page(theme: Theme, parts: readonly Markup[]): string {
  return `<style>.sickbay{${COLOURS[theme]}}${STYLE}</style>${html`<div class="sickbay">${parts}</div>`.html}`;
}
