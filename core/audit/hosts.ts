/**
 * Checks on what the hosts of a group printed: each host beside all others. None of them needs an
 * incident.
 */
import { median } from '../diagnose/compare';
import { jobsHere } from '../diagnose/jobs';
import { cronKey, shortName } from '../diagnose/identity';
import { isWhole, type CronEntry, type Inspection } from '../diagnose/inspection';
import { fullestPools, fullness, poolReadings } from '../diagnose/pools';
import { httpMs, milliseconds, percent } from '../diagnose/readings';
import { isOfApplication, releaseFacts } from '../diagnose/release';
import { commandOn } from './commands';
import type { AuditDraft, Seen } from './model';

/** A page this many times slower than the health check is work that the check does not do. */
const SHALLOW_TIMES = 5;
/** Below this the two differ by nothing that a check could test. */
const SHALLOW_FROM_MS = 20;

/** S3 and S12, measured on each host: the check's own time beside the page's. */
export function shallowHealthCheck({ hosts: { inspections }, group }: Seen): AuditDraft[] {
  const timed = inspections.flatMap((one) => {
    const [health, page] = [httpMs(one, 'health'), httpMs(one, 'probe')];
    return health === undefined || page === undefined ? [] : [{ host: one.host, health, page }];
  });
  const [health, page] = [median(timed.map((one) => one.health)), median(timed.map((one) => one.page))];
  if (health === undefined || page === undefined || page < SHALLOW_FROM_MS || page < SHALLOW_TIMES * Math.max(1, health)) return [];
  const { path: checked = '/', timeoutS } = group.healthCheck;
  const asked = pathOf(inspections, 'probe');
  return [
    {
      subject: checked,
      summary: `${checked} does not do what ${asked} does: it answers in ${milliseconds(health)}, the page in ${milliseconds(page)}`,
      evidence: timed.map((one) => `${one.host}: ${checked} ${milliseconds(one.health)}, ${asked} ${milliseconds(one.page)}`),
      advice: 'a deeper check, such as /health/deep, which does what users wait for',
      danger:
        `it needs a connection to the database of its own (one of the pool's would fail with the pool) and an answer well within its time-out of ${timeoutS} s; ` +
        'when what all targets share is slow, all of them fail it at once: set the minimum of healthy targets first',
      command: `aws elbv2 modify-target-group --target-group-arn ${group.arn} --health-check-path /health/deep`,
    },
  ];
}

function pathOf(inspections: readonly Inspection[], kind: 'health' | 'probe'): string {
  return inspections.flatMap(({ http }) => http.filter((one) => one.kind === kind).map(({ path }) => path))[0] ?? kind;
}

// ---------------------------------------------------------------- pools

/** From here on a burst of a few requests waits. */
const NEAR_FULL = 0.8;

export function poolNearFull({ hosts: { inspections }, pool }: Seen): AuditDraft[] {
  return fullestPools(inspections, pool)
    .filter((reading) => Number.isFinite(reading.max) && fullness(reading) >= NEAR_FULL)
    .map((reading) => ({
      subject: reading.host,
      summary: `${reading.host}: its connection pool is ${percent(fullness(reading))} full`,
      evidence: [`${reading.active} of ${reading.max} connections in use, ${reading.waiting ?? 0} requests waiting`],
      advice: 'find out what holds the connections before the pool is made larger',
      danger: 'a larger pool moves the queue into the database, whose own limit all hosts share',
      command: commandOn('diagnose', reading.host),
    }));
}

/** Hosts of one group with pools of different sizes. */
export function poolSizeDrift({ hosts: { inspections }, pool }: Seen): AuditDraft[] {
  const [first, ...others] = inspections;
  if (first === undefined || others.length === 0) return [];
  const readings = poolReadings(first, others, pool).filter(({ max }) => Number.isFinite(max));
  const sizes = grouped(
    readings,
    ({ max }) => String(max),
    ({ host }) => host,
  );
  if (sizes.size < 2) return [];
  return [
    {
      subject: 'pool-size',
      summary: `the connection pool has ${sizes.size} different sizes: ${[...sizes.keys()].join(', ')}`,
      evidence: [...sizes].map(([size, hosts]) => `${size}: ${hosts.join(', ')}`),
      advice: 'one size in what all hosts are configured by',
      danger: 'the sum over all hosts has to fit into the connections that the database allows',
    },
  ];
}

// ---------------------------------------------------------------- releases

/** Facts of the application's own release that hosts do not agree on. */
export function releaseDrift({ hosts: { inspections } }: Seen): AuditDraft[] {
  const values = new Map<string, Map<string, string[]>>();
  for (const one of inspections)
    for (const fact of releaseFacts(one).filter(isOfApplication)) {
      const known = values.get(fact.name) ?? new Map<string, string[]>();
      const hosts = known.get(fact.value) ?? [];
      if (!hosts.includes(one.host)) hosts.push(one.host);
      values.set(fact.name, known.set(fact.value, hosts));
    }
  const drifted = [...values].filter(([, byValue]) => byValue.size > 1 && disjoint(byValue));
  if (drifted.length === 0) return [];
  const lines = drifted.flatMap(([name, byValue]) => [...byValue].map(([value, hosts]) => `${name} ${value}: ${hosts.join(', ')}`));
  return [
    {
      subject: 'release',
      summary: `the hosts do not run one release: ${drifted.map(([name, byValue]) => `${name} has ${byValue.size} values`).join(', ')}`,
      evidence: lines.slice(0, MOST_LINES),
      advice: 'finish the deployment, or replace the host that it passed over',
      danger: 'during a rolling deployment this is as it should be: look again when it is over',
    },
  ];
}

const MOST_LINES = 12;

/** A fact that one host tells twice, of two processes, is no difference between hosts. */
function disjoint(byValue: ReadonlyMap<string, readonly string[]>): boolean {
  const hosts = [...byValue.values()].flat();
  return new Set(hosts).size === hosts.length;
}

// ---------------------------------------------------------------- crontabs and processes

/** S14: entries of one host that no other has, and those that one host alone lacks. */
export function cronDrift({ hosts: { inspections } }: Seen): AuditDraft[] {
  const read = inspections.filter((one) => isWhole(one, 'cron'));
  if (read.length < 2) return [];
  const entries = new Map<string, { readonly entry: CronEntry; readonly hosts: string[] }>();
  for (const { host, cron } of read)
    for (const entry of cron) {
      const known = entries.get(cronKey(entry)) ?? { entry, hosts: [] };
      if (!known.hosts.includes(host)) known.hosts.push(host);
      entries.set(cronKey(entry), known);
    }
  const all = read.map(({ host }) => host);
  return [...entries.values()].flatMap(({ entry, hosts }) => {
    if (hosts.length === 1) return [onlyOn(entry, hosts[0] ?? '', all.length)];
    const [missing] = all.filter((host) => !hosts.includes(host));
    return missing !== undefined && hosts.length === all.length - 1 && all.length > 2 ? [missingOn(entry, missing, hosts)] : [];
  });
}

function onlyOn({ source, user, line }: CronEntry, host: string, of: number): AuditDraft {
  return {
    subject: `${host} ${source} ${line}`,
    summary: `only ${host} has this crontab entry: ${line}`,
    evidence: [`source ${source}, user ${user}`, `${of} hosts compared`],
    advice: 'remove it where it was forgotten; a job that is to run once belongs on a host that serves no users',
    danger: 'somebody may rely on what it does: find out who before it is gone',
    command: commandOn('crontab', host),
  };
}

function missingOn({ source, user, line }: CronEntry, host: string, others: readonly string[]): AuditDraft {
  return {
    subject: `${host} lacks ${source} ${line}`,
    summary: `${host} lacks a crontab entry that the others have: ${line}`,
    evidence: [`source ${source}, user ${user}`, `it is on ${others.join(', ')}`],
    advice: 'bring it back, or remove it everywhere: log rotation and clean-up are what fills a disk when they are missing',
    danger: 'it may have been removed there on purpose',
    command: commandOn('crontab', host),
  };
}

/** Jobs that one host runs just now, none of the application's, and no clock of a peer starts. */
export function processDrift({ hosts: { inspections } }: Seen): AuditDraft[] {
  if (inspections.length < 2) return [];
  return inspections.flatMap((sick) => {
    const peers = inspections.filter((peer) => peer !== sick);
    return jobsHere({ sick, peers })
      .filter(({ scheduledElsewhere }) => !scheduledElsewhere)
      .map(({ root, members }) => ({
        subject: `${sick.host} ${shortName(root)}`,
        summary: `only ${sick.host} runs ${shortName(root)}${members.length > 1 ? ` (${members.length} processes)` : ''}`,
        evidence: [`pid ${root.pid}, user ${root.user}: ${root.command}`, `${inspections.length} hosts compared`],
        advice: 'ask whose it is; what is not part of the service competes with it',
        danger: 'it may be an agent that is being rolled out, or somebody at work there just now',
        command: commandOn('process', sick.host, root.pid),
      }));
  });
}

// ---------------------------------------------------------------- hosts that were not seen

export function notInspectable({ hosts: { unseen, leftOut } }: Seen): AuditDraft[] {
  const all = leftOut === 0 ? [] : [{ host: `${leftOut} more targets`, why: 'one command takes 50 hosts' }];
  return [...unseen, ...all].map(({ host, why }) => ({
    subject: host,
    summary: `${host} cannot be inspected: ${why}`,
    evidence: [why],
    advice: 'an SSM agent that is online, an instance profile with AmazonSSMManagedInstanceCore, and the inspection tag',
    danger: 'without it a slow target is removed without a cause being found, or not at all (capacity-unknown)',
    command: commandOn('managed', host),
  }));
}

function grouped<Item>(items: readonly Item[], key: (item: Item) => string, value: (item: Item) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), value(item)]);
  return groups;
}
