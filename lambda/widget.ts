/**
 * The stack's custom widgets: the open cases, and the latency of each target from the rounds on
 * record. CloudWatch invokes it when somebody looks at the dashboard, with that person's
 * permission.
 */
import type { Theme } from '../core/report/html/widgets';
import { casesWidget, latencyWidget } from '../core/report/html/widgets';
import type { Deployment } from '../core/report/links';
import type { CaseRecords, Clock, RoundRecords } from './ports';

/**
 * What a widget asks for, and what CloudWatch adds (user guide, "Details about custom widgets").
 */
export interface WidgetEvent {
  readonly view?: string;
  /** The editor of widgets asks what there is to know about them. */
  readonly describe?: boolean;
  readonly widgetContext?: { readonly theme?: string };
}

export interface WidgetPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly cases: Pick<CaseRecords, 'open'>;
  readonly rounds: Pick<RoundRecords, 'latest' | 'begun'>;
  /** Where the reports and the runbook are. */
  readonly deployment?: Deployment;
}

/** HTML, or Markdown in the shape that CloudWatch takes. */
export type WidgetAnswer = string | { readonly markdown: string };

/** Groups that have a chart; each is a query. */
const GROUPS = 6;
/** Rounds in a chart: an hour of them, one a minute. */
const ROUNDS = 60;
const HOUR_MS = 3_600_000;

const DESCRIPTION = [
  '### Sickbay',
  '',
  '`{"view": "cases"}` shows the open cases, `{"view": "latency"}` the latency of each target in the last hour.',
].join('\n');

/**
 * What the dashboard is to show.
 * @throws on a view that there is not, and when the records cannot be read.
 */
export async function widget({ clock, cases, rounds, deployment }: WidgetPorts, event: WidgetEvent): Promise<WidgetAnswer> {
  if (event.describe === true) return { markdown: DESCRIPTION };
  const theme: Theme = event.widgetContext?.theme === 'dark' ? 'dark' : 'light';
  const open = await cases.open();
  if (event.view === 'cases') return casesWidget(open, theme, deployment);
  if (event.view !== 'latency') throw new Error(`view: got ${JSON.stringify(event.view)}; allowed: "cases", "latency"`);
  const now = clock.now();
  const inTrouble = new Set(open.map(({ groupArn }) => groupArn));
  const begun = [...(await rounds.begun(now - HOUR_MS, now + 1)).keys()];
  const arns = begun.sort((a, b) => Number(inTrouble.has(b)) - Number(inTrouble.has(a)) || a.localeCompare(b));
  const shown = await Promise.all(
    arns.slice(0, GROUPS).map(async (groupArn) => ({
      groupArn,
      rounds: await rounds.latest(groupArn, ROUNDS),
      cases: open.filter((incident) => incident.groupArn === groupArn),
    })),
  );
  return latencyWidget(shown, Math.max(0, arns.length - GROUPS), theme);
}
