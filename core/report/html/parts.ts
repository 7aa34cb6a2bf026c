/** The parts of a report that are tables and lists. */
import { describeAccessLogs } from '../../access-log/describe';
import { describeBalancerView } from '../../balancer-view';
import { isLead, type Case, type Culprit, type Finding, type GuardrailCheck, type PoolReading } from '../../model';
import { fileOf } from '../cause-line';
import { overNetworkLines } from '../over-network';
import { eventText } from '../timeline';
import { causePhrase } from '../phrases';
import { named, percent, utc } from '../text';
import { NOTHING, html, type Markup } from './markup';
import { dataTable, scrolled } from './table';
import { TARGETS, hostLabel, type ReportInput } from './model';

// ---------------------------------------------------------------- pools, side by side

export function poolTable(input: ReportInput): Markup | undefined {
  const { diagnosis, target } = input.incident;
  const pools = diagnosis?.pools ?? [];
  const cpu = new Map((diagnosis?.cpu ?? []).map(({ host, busyFraction }) => [host, busyFraction]));
  if (pools.length === 0) return undefined;
  const [sick, peers] = [pools.filter(({ host }) => host === target?.id), pools.filter(({ host }) => host !== target?.id)];
  const shown = [...sick, ...peers.sort((a, b) => width(b) - width(a))].slice(0, TARGETS);
  const rows = shown.map((pool) => {
    const busy = cpu.get(pool.host);
    return html`<tr class="${pool.host === target?.id ? 'sick' : 'peer'}">
      <th scope="row">${hostLabel(input, pool.host)}</th>
      <td>
        ${poolText(pool)}<span class="track"><span class="bar" style="width:${width(pool)}%"></span></span>
      </td>
      <td>${pool.waiting === undefined ? '-' : String(pool.waiting)}</td>
      <td>${busy === undefined ? '-' : percent(busy)}</td>
    </tr>`;
  });
  const others = pools.length - shown.length;
  const rest = others > 0 ? html`<p class="note">${others} more pools are not shown; they were emptier.</p>` : NOTHING;
  return html`${scrolled('Connection pools', dataTable(['host', 'connections in use', 'waiting', 'CPU busy'], rows))}${rest}`;
}

function poolText({ active, max }: PoolReading): string {
  return `${active} of ${max}`;
}

/** A pool may overflow. */
function width({ active, max }: PoolReading): number {
  return Math.round(100 * Math.min(1, max === 0 ? 1 : active / max));
}

// ---------------------------------------------------------------- cause

/** The first in full, each with its evidence; the others folded. */
export function findingList({ diagnosis }: Case): Markup | undefined {
  const findings = diagnosis?.findings ?? [];
  if (findings.length === 0) return undefined;
  return html`${findings.map((finding, index) => findingPart(finding, index === 0))}`;
}

function findingPart(finding: Finding, isFirst: boolean): Markup {
  const { culprit, evidence, against, checks = [], wrongIf, confidence, cause } = finding;
  const lead = isLead(finding) ? 'a lead, ' : '';
  const body = html`${culprit === undefined ? NOTHING : culpritTable(culprit)}
    <h3>Evidence</h3>
    <ul class="plain">
      ${evidence.map((text) => html`<li>${text}</li>`)}${against.map((text) => html`<li>Against it: ${text}</li>`)}
    </ul>
    ${wrongIf === undefined ? NOTHING : html`<p>Wrong if ${wrongIf}.</p>`}${
      checks.length === 0
        ? NOTHING
        : html`<h3>See it yourself</h3>
            <ul class="plain">
              ${checks.map((command) => html`<li><code>${command}</code></li>`)}
            </ul>`
    }`;
  // How sure it is that nothing is known says nothing to people.
  const title = `${causePhrase(finding)}${cause === 'unknown' ? '' : ` (${cause}, ${lead}${percent(confidence)} sure)`}`;
  return isFirst
    ? html`<details open>
        <summary>${title}</summary>
        ${body}
      </details>`
    : html`<details>
        <summary>Less likely: ${title}</summary>
        ${body}
      </details>`;
}

function culpritTable({ pid, command, user, startedAt, parent, cron, cronFile }: Culprit): Markup {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['process', `pid ${pid}`],
    ['command', command],
    ['user', user],
    ['parent', parent],
    ['started', startedAt === undefined ? undefined : utc(startedAt)],
    ['started from', cron === undefined ? undefined : fileOf(cronFile)],
    ['line', cron],
  ];
  const rows = facts.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          html`<tr>
            <th scope="row" class="name">${name}</th>
            <td><code>${value}</code></td>
          </tr>`,
        ],
  );
  return html`<table>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}

// ---------------------------------------------------------------- differences

/** "only here: ..." and "not here: ..." as core/diagnose/differences.ts writes them. */
const DIFFERENCE = /^(only here|not here): ([^]*)$/;

/** Processes, crontab lines and sockets that only the target has, or lacks, beside its peers. */
export function differenceTable({ diagnosis }: Case): Markup | undefined {
  const culprits = (diagnosis?.findings ?? []).flatMap(({ culprit }) => (culprit === undefined ? [] : [culprit]));
  const explained = culprits.flatMap(({ pid, command, user, cron, cronFile }) => [
    `only here: pid ${pid} ${command} (${user})`,
    ...(cron === undefined ? [] : [`only here: cron ${cronFile ?? 'crontab'} (${user}): ${cron}`]),
  ]);
  const all = [...new Set([...explained, ...(diagnosis?.differences ?? [])])];
  if (all.length === 0) return undefined;
  const rows = all.map((text) => {
    const [, where, what] = DIFFERENCE.exec(text) ?? [];
    const [here, peers] = where === undefined ? ['', ''] : where === 'only here' ? ['yes', 'no'] : ['no', 'yes'];
    return html`<tr>
      <th scope="row">${what ?? text}</th>
      <td data-label="this host">${here}</td>
      <td data-label="its peers">${peers}</td>
    </tr>`;
  });
  return scrolled('Differences from its peers', dataTable(['process, crontab line or socket', 'this host', 'its peers'], rows, 'stack'));
}

// ---------------------------------------------------------------- timeline, guardrails, the rest

export function timeline({ events, dropped }: Case): Markup {
  const rows = events.map(
    (event) =>
      html`<tr>
        <th scope="row" class="time">${utc(event.at).slice(5, 19)}</th>
        <td>${event.kind}</td>
        <td>${eventText(event)}</td>
      </tr>`,
  );
  const left =
    dropped === undefined || dropped.events === 0
      ? NOTHING
      : html`<p class="note">${dropped.events} events are left out of the record.</p>`;
  return html`${left}${scrolled('Timeline', dataTable(['UTC', 'what', 'in words'], rows, 'stack'))}`;
}

export function guardrailTable(label: string, guardrails: readonly GuardrailCheck[]): Markup {
  const ordered = [...guardrails].sort((a, b) => Number(a.passed) - Number(b.passed));
  const rows = ordered.map(
    ({ guardrail, value, limit, passed }) =>
      html`<tr class="${passed ? 'passed' : 'failed'}">
        <th scope="row" class="name">${guardrail}</th>
        <td>${passed ? 'passed' : 'failed'}</td>
        <td data-label="value">${value}</td>
        <td data-label="limit">${limit}</td>
      </tr>`,
  );
  return scrolled(label, dataTable(['guardrail', '', 'value', 'limit'], rows, 'stack'));
}

export function notesOf({ diagnosis, balancer, accessLog }: Case): Markup | undefined {
  const silent = (diagnosis?.notInspectable ?? []).map(({ host, why }) => `${host} could not be inspected: ${why}`);
  const lines = [
    ...(balancer === undefined
      ? []
      : [`CloudWatch, which lags by 1 to 3 minutes: ${describeBalancerView(balancer)} (read ${utc(balancer.readAt)})`]),
    ...(accessLog === undefined
      ? []
      : [`Real requests, by the access logs: ${describeAccessLogs(accessLog)} (read ${utc(accessLog.readAt)})`]),
    ...(diagnosis?.notes ?? []),
    ...overNetworkLines(diagnosis),
    ...silent,
  ];
  return lines.length === 0
    ? undefined
    : html`<ul class="plain">
        ${lines.map((text) => html`<li>${text}</li>`)}
      </ul>`;
}

export function alertsOf({ outbox }: Case): Markup | undefined {
  if (outbox.length === 0) return undefined;
  const rows = outbox.map(
    ({ at, severity, subject, sentAt, quiet }) =>
      html`<tr>
        <th scope="row" class="time">${utc(at).slice(5, 19)}</th>
        <td>${quiet === true ? 'event only' : severity}</td>
        <td>${subject}${sentAt === undefined ? ' (not sent yet)' : ''}</td>
      </tr>`,
  );
  return scrolled('Alerts', dataTable(['UTC', 'to', 'subject'], rows, 'stack'));
}

export function targetText({ target, address }: Case): string {
  return target === undefined ? 'the whole group' : named(`${target.id}:${target.port}`, address);
}
