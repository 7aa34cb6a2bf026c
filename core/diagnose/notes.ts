import { DIFFERS_FROM, standing } from './compare';
import { contrast, contrastText } from './contrast';
import type { CronEntry, Inspection } from './inspection';
import { httpMs, milliseconds, READINGS } from './readings';
import { redact } from './redact';
import type { View } from './view';

/** A page this much slower than the health check beside it is not tested by it. */
const SHALLOW_TIMES = 10;
const SLOW_FROM_MS = 500;

/** S3: the load balancer's own check path is fast on a host whose real path is slow. */
function shallowHealthCheck({ sick }: View): string[] {
  const health = httpMs(sick, 'health');
  const page = httpMs(sick, 'probe');
  if (health === undefined || page === undefined || page < SLOW_FROM_MS || page < SHALLOW_TIMES * health) return [];
  const path = (kind: 'health' | 'probe'): string => sick.http.find((one) => one.kind === kind)?.path ?? '';
  const answered = sick.http.some((one) => one.kind === 'probe' && one.status !== 0) ? 'takes' : 'has no answer after';
  return [
    `shallow health check: ${path('health')} answers in ${milliseconds(health)} on ${sick.host} while ${path('probe')} ${answered} ${milliseconds(page)}; the load balancer's check does not test what users wait for`,
  ];
}

function cronKey({ user, line }: CronEntry): string {
  return `${user} ${line.replaceAll(/\s+/g, ' ')}`;
}

/** S14: entries that one host alone has, over all inspected hosts. */
function lonelyCron(hosts: readonly Inspection[]): string[] {
  const audited = hosts.filter(({ cron }) => cron.length > 0);
  if (audited.length < 2) return [];
  const owners = new Map<string, string[]>();
  for (const { host, cron } of audited) for (const key of new Set(cron.map(cronKey))) owners.set(key, [...(owners.get(key) ?? []), host]);
  return audited.flatMap(({ host, cron }) =>
    cron
      .filter((entry) => owners.get(cronKey(entry))?.length === 1)
      .map(({ source, user, line }) => redact(`only ${host} has this cron entry (${source}, user ${user}): ${line}`)),
  );
}

/** S5: what was measured here and is as on the peers. */
function ruledOut(view: View): string[] {
  const alike = READINGS.flatMap(({ label, of, scale, show }) => {
    const both = contrast(view, of);
    if (both.here === undefined || both.peers.length === 0) return [];
    const steps = standing(both.here, both.peers, scale)?.steps ?? 0;
    return Math.abs(steps) < DIFFERS_FROM ? [contrastText(label, both, show)] : [];
  });
  return alike.length === 0 ? [] : [`as on its peers: ${alike.join('; ')}`.replaceAll('; peers ', ', peers ')];
}

/** What could not be looked at, and why: silence must not pass for "nothing found". */
function notLookedAt(hosts: readonly Inspection[]): string[] {
  return hosts.flatMap(({ host, sections, complete }) => {
    const gaps = [...sections]
      .filter(([, { status }]) => status !== 'ok')
      .map(([name, { status, why }]) => `${name} ${status}${why === undefined ? '' : ` (${why})`}`);
    const all = complete ? gaps : ['the output was cut off', ...gaps];
    return all.length === 0 ? [] : [redact(`not fully seen on ${host}: ${all.join('; ')}`)];
  });
}

/** Observations for people that are no cause. */
export function notes(view: View): string[] {
  const hosts = [view.sick, ...view.peers];
  return [...shallowHealthCheck(view), ...lonelyCron(hosts), ...ruledOut(view), ...notLookedAt(hosts)];
}
