import { DIFFERS_FROM, standing } from './compare';
import { containerText } from './container';
import { contrast } from './contrast';
import { appPids, cronKey } from './identity';
import type { Inspection, Section } from './inspection';
import { isSameMachine, machineText } from './machine';
import { httpMs, milliseconds, READINGS } from './readings';
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

/**
 * S14: entries that one host alone has, over all inspected hosts. The sick host's own are among its
 * differences, or a culprit's.
 */
function lonelyCron(hosts: readonly Inspection[], sick: Inspection): string[] {
  const audited = hosts.filter(({ cron }) => cron.length > 0);
  if (audited.length < 2) return [];
  const owners = new Map<string, string[]>();
  for (const { host, cron } of audited) for (const key of new Set(cron.map(cronKey))) owners.set(key, [...(owners.get(key) ?? []), host]);
  const others = audited.filter(({ host }) => host !== sick.host);
  return others.flatMap(({ host, cron }) =>
    cron
      .filter((entry) => owners.get(cronKey(entry))?.length === 1)
      .map(({ source, user, line }) => `only ${host} has this cron entry (${source}, user ${user}): ${line}`),
  );
}

/** S5: what was measured here and is as on the peers: told by its value here alone. */
function ruledOut(view: View): string[] {
  const alike = READINGS.flatMap(({ label, of, scale, show }) => {
    const both = contrast(view, of);
    if (both.here === undefined || both.peers.length === 0) return [];
    const steps = standing(both.here, both.peers, scale)?.steps ?? 0;
    return Math.abs(steps) < DIFFERS_FROM ? [`${label} ${show(both.here)}`] : [];
  });
  return alike.length === 0 ? [] : [`as on its peers: ${alike.join(', ')}`];
}

/**
 * What could not be looked at, and why: silence must not pass for "nothing found". Hosts that lack
 * the same are told together.
 */
function notLookedAt(hosts: readonly Inspection[]): string[] {
  const lacking = new Map<string, string[]>();
  for (const { host, sections, complete } of hosts) {
    const gaps = [...sections].filter(([, { status }]) => status !== 'ok').map(gapText);
    for (const gap of complete ? gaps : ['the output was cut off', ...gaps]) lacking.set(gap, [...(lacking.get(gap) ?? []), host]);
  }
  const byHosts = new Map<string, string[]>();
  for (const [gap, names] of lacking) byHosts.set(names.join(', '), [...(byHosts.get(names.join(', ')) ?? []), gap]);
  return [...byHosts].map(([names, gaps]) => `not fully seen on ${names}: ${gaps.join('; ')}`);
}

function gapText([name, { status, why }]: readonly [string, Section]): string {
  return `${name} ${status}${why === undefined ? '' : ` (${why})`}`;
}

/** Peers that are another kind of machine than the sick host. */
function otherMachines({ sick, peers, alike }: View): string[] {
  const others = peers.filter((peer) => !isSameMachine(sick, peer)).map((peer) => `${peer.host} (${machineText(peer)})`);
  if (others.length === 0) return [];
  const left =
    alike.length < peers.length
      ? 'numbers are not compared with theirs'
      : 'for want of others, numbers are compared with theirs all the same';
  return [`another kind of machine than ${sick.host} (${machineText(sick)}): ${others.join(', ')}; ${left}`];
}

/** Where the application runs, beside the pids that the host knows it by. */
function applicationContainer({ sick }: View): string[] {
  const found = [...appPids(sick)].flatMap((pid) => {
    const text = containerText(pid, sick);
    return text === undefined ? [] : [{ pid, text }];
  });
  const texts = [...new Set(found.map(({ text }) => text))];
  return texts.map((text) => {
    const pids = found.filter((one) => one.text === text).map(({ pid }) => pid);
    return `the application of ${sick.host} (pid ${pids.join(', ')}) runs in ${text}`;
  });
}

/** Observations for people that are no cause. */
export function notes(view: View): string[] {
  const hosts = [view.sick, ...view.peers];
  const cron = lonelyCron(hosts, view.sick);
  return [
    ...applicationContainer(view),
    ...shallowHealthCheck(view),
    ...cron,
    ...ruledOut(view),
    ...otherMachines(view),
    ...notLookedAt(hosts),
  ];
}
