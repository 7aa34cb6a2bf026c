import type { Cause, Finding } from '../model';
import { isLoopback } from './address';
import { seen, type Evidence } from './confidence';
import { DIFFERS_FROM, lackedHere, onlyHere, standing } from './compare';
import { contrast, contrastText, exclusiveProcesses } from './contrast';
import { ageText, cronKey, isCronDaemon, isWrapper, shortName } from './identity';
import { jobsByClock } from './jobs';
import { isWhole, type CronEntry, type HostProcess, type Inspection, type Outbound } from './inspection';
import { peersText, poolText } from './pool-evidence';
import { fullness as fullnessOf } from './pools';
import { percent, READINGS } from './readings';
import { fill, isUsual } from './rules/disk-full';
import { configurationFacts, factsAlone, kernelAlone, releaseFacts } from './release';
import { workersReplaced } from './restarts';
import { isPageQuick, requestsWait } from './symptom';
import { conclude, type View } from './view';

/** Something the sick host has, lacks or measures otherwise than its peers. */
interface Difference {
  readonly summary: string;
  /** Findings that explain it. */
  readonly explainedBy: readonly Cause[];
  /**
   * How far a number is from the peers', in steps of its scale: what stands out most is told first.
   */
  readonly steps?: number;
  /** The process or crontab line it speaks of: explained when a culprit is the same. */
  readonly process?: HostProcess;
  readonly cron?: CronEntry;
}

const MOST = 25;
const LONGEST = 240;

function numbers(view: View): Difference[] {
  return READINGS.flatMap(({ label, of, scale, show, explainedBy }) => {
    const both = contrast(view, of);
    const steps = both.here === undefined ? 0 : (standing(both.here, both.peers, scale)?.steps ?? 0);
    return Math.abs(steps) < DIFFERS_FROM ? [] : [{ summary: contrastText(label, both, show), explainedBy, steps }];
  }).sort((a, b) => Math.abs(b.steps) - Math.abs(a.steps));
}

function processes(view: View): Difference[] {
  // The daemon of the clock runs everywhere; its child that waits for a job is no difference of its
  // own.
  const own = exclusiveProcesses(view).filter(({ comm }) => !isCronDaemon(comm));
  const here = own.map((process) => ({
    summary: `only here: pid ${process.pid} ${process.command} (${process.user})`,
    explainedBy: [],
    process,
  }));
  if (!isWhole(view.sick, 'processes')) return here;
  const lists = view.peers.map((peer) => peer.processes);
  return [
    ...here,
    ...lackedHere(view.sick.processes, lists, ({ key }) => key).map((process) => ({
      summary: `not here: ${shortName(process)}, which every peer runs`,
      explainedBy: [],
    })),
  ];
}

function readable(hosts: readonly Inspection[]): Inspection[] {
  return hosts.filter((host) => ['ok', 'partial', 'cut'].includes(host.sections.get('cron')?.status ?? 'missing'));
}

function crontabs(view: View): Difference[] {
  const lists = readable(view.peers).map((peer) => peer.cron);
  if (lists.length === 0) return [];
  const here = onlyHere(view.sick.cron, lists, cronKey).map((entry) => ({
    summary: `only here: cron ${entry.source} (${entry.user}): ${entry.line}`,
    explainedBy: [],
    cron: entry,
  }));
  const lacked = lackedHere(view.sick.cron, lists, cronKey).map((entry) => ({
    summary: `not here: cron ${entry.source} (${entry.user}): ${entry.line}`,
    explainedBy: [],
  }));
  return isWhole(view.sick, 'cron') ? [...here, ...lacked] : here;
}

/** Remote ends a host talks to, its own addresses and clients left out. */
function remotes({ outbound }: Inspection): Outbound[] {
  return outbound.filter(({ state, remote }) => (state === 'ESTABLISHED' || state === 'SYN_SENT') && !isLoopback(remote));
}

function remoteKey({ remote, port }: Outbound): string {
  return `${remote}:${port}`;
}

function endpoints(view: View): Difference[] {
  const lists = view.peers.map(remotes);
  const explainedBy: Cause[] = ['slow-dependency'];
  const here = onlyHere(remotes(view.sick), lists, remoteKey).map((one) => ({
    summary: `only here: connections to ${remoteKey(one)} (${one.comm}, ${one.state})`,
    explainedBy,
  }));
  const lacked = lackedHere(remotes(view.sick), lists, remoteKey).map((one) => ({
    summary: `not here: connections to ${remoteKey(one)}, which every peer has`,
    explainedBy,
  }));
  return isWhole(view.sick, 'sockets') ? [...here, ...lacked] : here;
}

function mounts(view: View): Difference[] {
  const lists = view.peers.map((peer) => peer.fileSystems);
  const key = ({ mount }: { readonly mount: string }): string => mount;
  const here = onlyHere(view.sick.fileSystems, lists, key).map(({ mount, type }) => ({
    summary: `only here: ${mount} (${type})`,
    explainedBy: ['disk-full'] as const,
  }));
  const lacked = lackedHere(view.sick.fileSystems, lists, key).map(({ mount }) => ({
    summary: `not here: ${mount}, which every peer has`,
    explainedBy: [],
  }));
  return isWhole(view.sick, 'disk') ? [...here, ...lacked] : here;
}

function facts({ sick, peers }: View): Difference[] {
  const release = factsAlone(sick, peers, releaseFacts).map(({ fact, peers: theirs }) => ({
    summary: `${fact.name} ${fact.value}; peers ${theirs}`,
    explainedBy: ['release-drift'] as const,
  }));
  const settings = [...factsAlone(sick, peers, configurationFacts), ...kernelAlone(sick, peers)].map(({ fact, peers: theirs }) => ({
    summary: `${fact.name} ${fact.value}; peers ${theirs}`,
    explainedBy: ['config-drift', 'dns'] as const,
  }));
  return [...release, ...settings];
}

function differences(view: View): Difference[] {
  return [
    ...numbers(view),
    ...pool(view),
    ...replaced(view),
    ...fullness(view),
    ...facts(view),
    ...processes(view),
    ...crontabs(view),
    ...endpoints(view),
    ...mounts(view),
  ];
}

/** Causes that make every request hold its connection for longer. */
const SLOW_HOST = [
  'cpu-saturation',
  'event-loop-block',
  'memory-pressure',
  'disk-io',
  'disk-full',
  'dns',
  'tracer-attached',
  'release-drift',
  'fd-exhaustion',
] as const;

/** Why a server starts its workers again and again it does not tell by itself. */
function replaced(view: View): Difference[] {
  const summary = workersReplaced(view);
  return summary === undefined ? [] : [{ summary, explainedBy: ['memory-pressure', 'config-drift'] }];
}

/** A file system far fuller than on any peer that has it. */
function fullness(view: View): Difference[] {
  const full = view.sick.fileSystems.filter((one) => fill(one) >= 0.9 && !isUsual(one.mount, view.peers));
  return full.map((one) => ({ summary: `only here: ${one.mount} is ${percent(fill(one))} full`, explainedBy: ['disk-full'] }));
}

function pool({ sickPool, peerPools }: View): Difference[] {
  if (
    sickPool === undefined ||
    Math.abs(standing(fullnessOf(sickPool), peerPools.map(fullnessOf), { absolute: 0.1, relative: 0.25 })?.steps ?? 0) < DIFFERS_FROM
  )
    return [];
  return [
    {
      summary: `${poolText(sickPool)}; ${peersText(peerPools)}`,
      explainedBy: ['pool-starvation', 'pool-leak', 'slow-dependency', 'shared-dependency', ...SLOW_HOST],
    },
  ];
}

/** A culprit explains itself, the shells that carry it, what it started, and its crontab line. */
function isOfCulprit({ process, cron }: Difference, { culprit }: Finding, sick: Inspection): boolean {
  if (culprit === undefined) return false;
  if (cron !== undefined) return cron.line === culprit.cron;
  if (process === undefined) return false;
  if (process.key === sick.processes.find(({ pid }) => pid === culprit.pid)?.key) return true;
  const carriers = sick.processes.find(({ pid }) => pid === culprit.pid)?.parents ?? [];
  const carries = carriers.some(({ pid, comm }) => pid === process.pid && isWrapper(comm));
  return carries || process.pid === culprit.pid || process.parents.some(({ pid }) => pid === culprit.pid);
}

/** The symptom itself explains nothing. */
const SYMPTOMS = ['own health check'];

/**
 * Jobs that the clock started, that run here alone, and that nothing else is known of, while
 * requests wait.
 */
function coincidence(view: View): Evidence[] {
  const jobs = jobsByClock(view);
  const [waits] = requestsWait(view);
  if (waits === undefined || jobs.length === 0) return [];
  const names = jobs.slice(0, 3).map(({ root }) => `pid ${root.pid} ${shortName(root)} (${ageText(root.startedAt, view.now)})`);
  return [seen('moderate', `started by cron and running on this host alone: ${names.join(', ')}`), { ...waits, weight: 'weak' }];
}

/**
 * Leads where no rule has found anything: each with the cause that it would be a sign of, the jobs
 * of the clock first, then the number that stands out most. They name nobody.
 */
export function leadsOf(view: View): Finding[] {
  // Where the host's own request for the page is quick, none of its numbers is felt.
  const all = isPageQuick(view) === true ? [] : numbers(view);
  const high = all.filter(({ steps = 0, summary }) => steps > 0 && !SYMPTOMS.some((label) => summary.startsWith(label)));
  const byNumber = high.flatMap(({ summary, explainedBy: [cause] }) =>
    cause === undefined ? [] : (conclude({ cause, support: [seen('moderate', summary)] }) ?? []),
  );
  const told = new Set<Cause>();
  const byClock = conclude({
    cause: 'pool-starvation',
    support: coincidence(view),
    against: [seen('weak', 'what it does to the application is not seen')],
  });
  return [...(byClock === undefined ? [] : [byClock]), ...byNumber].filter(({ cause }) => !told.has(cause) && told.add(cause));
}

/** The differences that no finding explains, as lines for people: at most 25. */
export function unexplained(view: View, findings: readonly Finding[]): string[] {
  const left = differences(view).filter(
    (difference) =>
      !findings.some((finding) => difference.explainedBy.includes(finding.cause) || isOfCulprit(difference, finding, view.sick)),
  );
  const lines = left.map(({ summary }) => summary).map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line));
  return lines.length > MOST ? [...lines.slice(0, MOST - 1), `and ${lines.length - MOST + 1} more`] : lines;
}
