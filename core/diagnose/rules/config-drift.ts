import type { Finding, PoolReading } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, highHere, isFew, type Contrast, type Levels } from '../contrast';
import type { DatabaseConnections, Inspection } from '../inspection';
import { cpuCount, memoryGb } from '../machine';
import { driftElsewhere, driftHere, modulesMissing, optionsOther } from '../drift';
import { appPids, culpritOf } from '../identity';
import { connectionsTo, endOf, ofApplication, otherEnds } from '../other-ends';
import { smallerCpuWeight, smallerMemoryLimit, smallerProcessLimit } from '../limits';
import { isFull } from '../pool-evidence';
import { appCores, appProcesses, collectorCores, collectorShare, percent } from '../readings';
import { factsAlone, kernelAlone, settingFacts } from '../release';
import { secondServer } from '../second-server';
import { appListener, appServerProcesses } from '../servers';
import { isPageQuick, requestsWait } from '../symptom';
import { fewerUpstream } from '../upstream';
import { isRuntimeOther, variablesTell } from '../variables';
import { conclude, type View } from '../view';
import { waitsElsewhere } from './slow-dependency';

/**
 * A smaller pool than every peer's: the one number of the configuration whose effect on the wait is
 * known.
 */
function smallerPool({ sickPool, peerPools, isOfWorkers }: View): Evidence[] {
  if (isOfWorkers === true || sickPool === undefined || peerPools.length === 0 || peerPools.some(({ max }) => max <= sickPool.max))
    return [];
  const sizes = [...new Set(peerPools.map(({ max }) => max))].join(', ');
  const full = isFull(sickPool);
  return [
    { weight: 'strong', summary: `the pool has ${sickPool.max} connections; peers ${sizes}` },
    ...(full ? [{ weight: 'strong', summary: `it is full: ${sickPool.active} of ${sickPool.max}` } as const] : []),
  ];
}

/** A smaller machine than every peer: a larger one, or another kernel, slows nothing down. */
function smallerMachine({ sick, peers }: View): Evidence[] {
  const sizes = [
    { label: 'CPUs', both: contrast({ sick, alike: peers }, cpuCount) },
    { label: 'memory in GB', both: contrast({ sick, alike: peers }, (host) => memoryGb(host) || undefined) },
  ];
  const less = sizes.filter(({ both }) => both.here !== undefined && both.peers.length > 0 && both.here < Math.min(...both.peers));
  return less.map(({ label, both }, index) => ({ weight: index === 0 ? 'moderate' : 'weak', summary: contrastText(label, both, String) }));
}

/**
 * The last limit of the heap on the command line or in the options' variables, in MB: `-Xmx512m`,
 * `--max-old-space-size=512`.
 */
function heapMb(inspection: Inspection): number | undefined {
  const texts = [
    ...inspection.app.filter(({ key }) => key.startsWith('env:') || key === 'heap').map(({ value }) => value),
    ...appProcesses(inspection).map(({ command }) => command),
  ];
  const limits = texts.flatMap((text) => [...text.matchAll(/-Xmx(\d+)([kmgt]?)|--max-old-space-size[= ](\d+)/gi)]);
  const [, size, unit = '', space] = limits.at(-1) ?? [];
  if (space !== undefined) return Number(space);
  return size === undefined ? undefined : (Number(size) * UNITS[unit.toLowerCase() as keyof typeof UNITS]) / 2 ** 20;
}

const UNITS = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const;

/** A heap that is clearly smaller than every peer's, and what its collector does about it. */
function smallerHeap(view: View): Evidence[] {
  const heap = contrast(view, heapMb);
  if (heap.here === undefined || heap.peers.length === 0 || heap.here > Math.min(...heap.peers) * 0.8) return [];
  const stands = contrast(view, collectorShare);
  const busy = stands.here === undefined ? contrast(view, collectorCores) : stands;
  const told = stands.here === undefined ? 'its garbage collector uses cores:' : 'share of the time it collects garbage:';
  return [
    { weight: 'strong', summary: contrastText('the heap may grow to', heap, (mb) => `${Math.round(mb)} MB`) },
    ...(highHere(busy, 0.2, { absolute: 0.05, relative: 1 })
      ? [{ weight: 'moderate', summary: contrastText(told, busy, (cores) => cores.toFixed(2)) } as const]
      : []),
  ];
}

/** Connections in the backlog of the port that nobody has accepted, and that no peer has. */
const UNACCEPTED: Levels = { limit: 4, felt: 2, scale: { absolute: 0.6, relative: 1 } };
/** So much fewer workers than the peer with the fewest are no chance of the moment. */
const FEWER = 0.5;

/** How many workers a server has, and how many requests none of them has accepted yet. */
interface ForkedServer {
  readonly workers: Contrast;
  readonly queue: Contrast;
  readonly label: string;
}

/**
 * Of the server on the application's port, and of one that it passes requests on to by a Unix
 * socket.
 */
function forkedServers(view: View): ForkedServer[] {
  const onPort = {
    workers: contrast(view, appServerProcesses),
    queue: contrast(view, (host) => appListener(host)?.queue),
    label: 'processes of the server:',
  };
  const poolOf = ({ host }: Inspection): PoolReading | undefined => [view.sickPool, ...view.peerPools].find((pool) => pool?.host === host);
  const onSocket = {
    workers: contrast(view, (host) => poolOf(host)?.max),
    queue: contrast(view, (host) => poolOf(host)?.waiting),
    label: 'workers that its requests are passed on to:',
  };
  return view.isOfWorkers === true ? [onPort, onSocket] : [onPort];
}

/**
 * A server that forks its workers has half as many as any peer or less, and requests wait for one
 * here alone: its limit is another. Slow requests make more workers, not fewer.
 */
function fewerWorkers(view: View): Evidence[] {
  return forkedServers(view).flatMap(({ workers, queue, label }): Evidence[] => {
    if (workers.here === undefined || workers.peers.length === 0 || workers.here > Math.min(...workers.peers) * FEWER) return [];
    const waiting = gradedHigh(queue, UNACCEPTED, 'strong', contrastText('connections that no worker has accepted yet:', queue, String));
    return waiting.length === 0 ? [] : [seen('moderate', contrastText(label, workers, String)), ...waiting];
  });
}

/**
 * Half as many connections to one end as any peer's application has, or fewer, while requests wait
 * here for nothing else: the limit of its client is another. An end that is slow would have more of
 * them in use, not fewer.
 */
function fewerConnections(view: View): Evidence[] {
  if (requestsWait(view).length === 0 || waitsElsewhere(view)) return [];
  const ends = [...new Set(ofApplication(view.sick).map(endOf))];
  return ends.flatMap((end) => {
    const both = contrast(view, (host) => connectionsTo(host, end));
    return isFew(both) ? [seen('moderate', contrastText(`the application's connections to ${end}:`, both, String))] : [];
  });
}

/** Ten times what any peer sends, and no trickle, is no chance of the moment. */
const CHATTY_FROM = 1_000;
const CHATTIER = 10;

/**
 * The host sends far more than any peer, for the same pages: old code asks for each row by itself.
 * It says less while the page is quick.
 */
function asksMore(view: View): Evidence[] {
  const sent = contrast(view, ({ net }) => net.get('OutSegs')?.delta);
  const { here = 0, peers } = sent;
  if (peers.length === 0 || here < CHATTY_FROM || here < CHATTIER * Math.max(...peers)) return [];
  return [
    seen(isPageQuick(view) === false ? 'moderate' : 'weak', contrastText('TCP segments that the host sends in a second:', sent, String)),
  ];
}

/**
 * What runs the application was started or told otherwise than on every peer: by options of its
 * command or by variables.
 */
export function isToldOtherwise(view: View): boolean {
  const { here, lacked } = optionsOther(view);
  return here.length + lacked.length > 0 || isRuntimeOther(view);
}

/**
 * It computes more than on any peer. Where what runs it is told otherwise, that is what it was told
 * to do.
 */
function computesMore(view: View): Evidence[] {
  const cores = contrast(view, appCores);
  if (!highHere(cores, 0.1, { absolute: 0.05, relative: 0.3 })) return [];
  const text = contrastText('cores used by the application', cores, (used) => used.toFixed(2));
  return [seen(isToldOtherwise(view) ? 'strong' : 'moderate', text)];
}

/** So few connections tell nothing of how much is asked. */
const CONNECTIONS_FROM = 4;

/** Of its connections to the end of a database, the share that lies idle. */
function idleShare({ database }: Inspection, app: ReadonlySet<number>, end: string): number | undefined {
  const own = database.filter(({ pid, remote }) => pid !== undefined && app.has(pid) && remote === end);
  const total = (of: (row: DatabaseConnections) => number): number => own.reduce((sum, row) => sum + of(row), 0);
  const count = total((row) => row.count);
  return count < CONNECTIONS_FROM || total((row) => row.unanswered) > 0 ? undefined : total((row) => row.idle) / count;
}

/** Most of them, and next to none. */
const MOST_IDLE = 0.75;
const FEW_IDLE = 0.25;

/**
 * While the page is slow, the application has asked a database on most of its connections within a
 * second, and has its answers, where those of every peer lie idle: what its peers have at hand it
 * asks for.
 */
function asksDatabase(view: View): Evidence[] {
  if (isPageQuick(view) !== false) return [];
  const ends = [...new Set(view.sick.database.map(({ remote }) => remote))];
  return ends.flatMap((end) => {
    const idle = contrast(view, (host) => idleShare(host, appPids(host), end));
    const isContrast = idle.here !== undefined && idle.here <= FEW_IDLE && idle.peers.length > 1 && Math.min(...idle.peers) >= MOST_IDLE;
    return isContrast ? [seen('moderate', contrastText(`connections to ${end} that are idle:`, idle, percent))] : [];
  });
}

/**
 * What was changed here matters where the application suffers: requests wait, it computes more, or
 * it asks more.
 */
function suffers(view: View): Evidence[] {
  const waits = requestsWait(view).map(({ summary }) => seen('weak', summary));
  return [...asksDatabase(view), ...[...computesMore(view), ...asksMore(view), ...waits].slice(0, 1)];
}

/**
 * What holds back on purpose: a queue of the network (tc-netem(8), tc-tbf(8)), a limit of the disk
 * for a control group, a file system that writes at once (mount(8), sync).
 */
const HOLDS_BACK = /^(queue|limit of disk|options) /;

/**
 * The kernel is told otherwise than every peer's. Who tunes one setting tunes several: together
 * they count once, and beside them what somebody left on that holds back.
 */
function kernelSettings({ sick, peers }: View): Evidence[] {
  const alone = kernelAlone(sick, peers);
  const kinds = [alone.filter(({ fact }) => HOLDS_BACK.test(fact.name)), alone.filter(({ fact }) => !HOLDS_BACK.test(fact.name))];
  return kinds.flatMap((list) => {
    const told = list.slice(0, 3).map(({ fact, peers: theirs }) => `${fact.name} is ${fact.value}; peers ${theirs}`);
    const more = list.length > told.length ? ` and ${list.length - told.length} more` : '';
    return told.length === 0 ? [] : [seen('moderate', `${told.join(', ')}${more}`)];
  });
}

/** Configured otherwise than every peer. */
export function configDrift(view: View): Finding | undefined {
  const settings = factsAlone(view.sick, view.peers, settingFacts)
    .slice(0, 3)
    .map(({ fact, peers }) => ({ weight: 'moderate', summary: `${fact.name} is ${fact.value}; peers ${peers}` }) as const);
  const ends = otherEnds(view).map(({ summary }) => ({ weight: 'moderate', summary }) as const);
  const second = secondServer(view);
  const known = [
    ...smallerPool(view),
    ...smallerHeap(view),
    ...smallerMemoryLimit(view),
    ...smallerProcessLimit(view),
    ...smallerCpuWeight(view),
    ...fewerWorkers(view),
    ...second.support,
    ...settings,
    ...variablesTell(view),
    ...kernelSettings(view),
    ...ends,
    ...smallerMachine(view),
  ];
  const felt = suffers(view);
  const missing = computesMore(view).length > 0 ? modulesMissing(view) : [];
  const drift = [
    ...fewerUpstream(view),
    ...fewerConnections(view),
    ...driftHere(view),
    ...missing,
    ...(felt.length > 0 ? driftElsewhere(view) : []),
  ];
  const computes = isRuntimeOther(view) ? computesMore(view) : [];
  const matters = drift.length + second.support.length > 0 ? felt : computes;
  const isQuick = second.support.length > 0 && felt.length === 0 && isPageQuick(view) === true;
  return conclude({
    cause: 'config-drift',
    support: [...known, ...drift, ...matters],
    // Of several servers either may have answered it.
    against: isQuick ? [seen('moderate', 'the page itself is quick at the moment of the look')] : [],
    culprit: second.culprit === undefined ? undefined : culpritOf(second.culprit, view.sick),
  });
}
