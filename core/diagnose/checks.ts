/**
 * How a person sees the same: commands for each finding, and what would have to be true if it were
 * wrong. What a host printed is hostile, and these lines are pasted into a root's shell: only
 * numbers, addresses and paths of a plain form go into a command, and what has another form leaves
 * its command out.
 */
import type { Cause, Culprit, Finding } from '../model';
import { attachedHere } from './attached';
import { crowdedPort } from './crowded';
import { onlyOfSick } from './other-ends';
import { appPids } from './identity';
import type { Inspection } from './inspection';
import { fullHere } from './rules/disk-full';
import type { View } from './view';

const LONGEST = 3;

function vetted(form: RegExp, text: string): string[] {
  return form.test(text) ? [text] : [];
}

/** A path of plain characters, that no option could be taken for. */
function paths(texts: readonly string[]): string[] {
  return texts.flatMap((text) => vetted(/^\/[A-Za-z0-9_/][A-Za-z0-9._/-]{0,80}$|^\/$/, text));
}

function addresses(texts: readonly string[]): string[] {
  return texts.flatMap((text) => vetted(/^[0-9a-f.:[\]]{2,45}$/, text));
}

/** A port or a pid; what is none leaves its command out. */
function numbers(values: readonly (number | undefined)[]): number[] {
  return values.flatMap((value) => (value !== undefined && Number.isSafeInteger(value) && value > 0 ? [value] : [])).slice(0, LONGEST);
}

function appPort({ params }: Inspection): number[] {
  return numbers([Number(params.get('appPort'))]);
}

/** The first process of the application that is listed. */
function appPid(inspection: Inspection): number[] {
  return numbers([...appPids(inspection)]).slice(0, 1);
}

/** Ports of databases to which anything on the host is connected. */
function databasePorts({ params, outbound }: Inspection): number[] {
  const declared = (params.get('databasePorts') ?? '').split(',').map(Number);
  return numbers([...new Set(outbound.map(({ port }) => port))].filter((port) => declared.includes(port)));
}

function nameServers({ dns }: Inspection): string[] {
  return addresses(dns.filter(({ key }) => key === 'nameserver').map(({ value }) => value)).slice(0, LONGEST);
}

function ofCulprit(culprit: Culprit | undefined): string[] {
  return numbers([culprit?.pid]).map((pid) => `ps -o pid,ppid,user,lstart,etime,pcpu,args -p ${pid}`);
}

const connectionsToDatabase = ({ sick }: View): string[] =>
  databasePorts(sick).map((port) => `ss -tnpo state established '( dport = :${port} )'`);
const clocksOfDatabase = ({ sick }: View): string[] =>
  databasePorts(sick).map((port) => `ss -tinop state established '( dport = :${port} )'`);
const waitsOfThreads = ({ sick }: View): string[] =>
  appPid(sick).map((pid) => `for t in /proc/${pid}/task/*; do cat $t/wchan; echo; done | sort | uniq -c`);
const threadsOfApp = ({ sick }: View): string[] => appPid(sick).map((pid) => `top -b -H -n 1 -p ${pid} | head -n 20`);

/** Nothing in it comes from a host but what was vetted above. */
const COMMANDS: Readonly<Record<Cause, (view: View) => readonly string[]>> = {
  'pool-starvation': (view) => [
    ...connectionsToDatabase(view),
    ...[crowdedPort(view) ?? [], appPort(view.sick)].flat().map((port) => `ss -tnp '( dport = :${port} )'`),
  ],
  'pool-leak': (view) => [...clocksOfDatabase(view), ...waitsOfThreads(view)],
  'slow-dependency': (view) => [
    ...clocksOfDatabase(view),
    ...addresses(onlyOfSick(view).map(({ remote }) => remote)).map((address) => `ss -tnp dst '${address}'`),
    'ss -tnp state syn-sent',
    'nstat -az TcpRetransSegs TcpOutSegs',
  ],
  'cpu-saturation': () => ['top -b -n 1 | head -n 20', 'ps -eo pid,ppid,lstart,pcpu,args --sort=-pcpu | head -n 15', 'mpstat 1 3'],
  'event-loop-block': threadsOfApp,
  'memory-pressure': () => ['free -m', 'vmstat 1 5', 'ps -eo pid,rss,args --sort=-rss | head -n 10'],
  'disk-full': (view) => paths(fullHere(view).map(({ mount }) => mount)).flatMap((mount) => [`df -h -- ${mount}`, `df -i -- ${mount}`]),
  'disk-io': () => ['iostat -x 1 3', 'pidstat -d 1 3', 'cat /proc/pressure/io'],
  'fd-exhaustion': ({ sick }) => [
    ...appPid(sick).flatMap((pid) => [`ls /proc/${pid}/fd | wc -l`, `grep 'open files' /proc/${pid}/limits`]),
    'cat /proc/sys/fs/file-nr',
  ],
  'socket-leak': () => ['ss -tnp state close-wait', 'ss -s'],
  'accept-queue-overflow': ({ sick }) => [
    ...appPort(sick).map((port) => `ss -ltn '( sport = :${port} )'`),
    'nstat -az TcpExtListenOverflows',
  ],
  dns: ({ sick }) => ['cat /etc/resolv.conf', ...nameServers(sick).map((address) => `dig +tries=1 +time=2 @${address} . NS`)],
  'release-drift': ({ sick }) =>
    appPid(sick).flatMap((pid) => [`readlink /proc/${pid}/exe /proc/${pid}/cwd`, `ps -o lstart,args -p ${pid}`]),
  'config-drift': ({ sick }) => [...appPid(sick).map((pid) => `ps -o args -p ${pid}`), 'ss -tnp state established'],
  'tracer-attached': (view) => [
    ...(attachedHere(view) === undefined ? [] : ['ss -xap | grep -F .java_pid']),
    ...appPid(view.sick).map((pid) => `grep -E '^(State|TracerPid)' /proc/${pid}/status`),
  ],
  'shared-dependency': clocksOfDatabase,
  unknown: () => [],
};

/** What one would have to see if the cause were another. */
const WRONG_IF: Readonly<Record<Cause, string>> = {
  'pool-starvation': 'the pool stays full, or requests go on waiting, after that job has ended',
  'pool-leak': 'the connections in use come back by themselves once no request is in hand',
  'slow-dependency': 'the same query or call, run from this host and from a peer, takes as long on both',
  'cpu-saturation': 'requests stay slow while vmstat shows no more runnable threads than CPUs',
  'event-loop-block': 'its busiest thread is idle while requests wait',
  'memory-pressure': 'requests stay slow while nothing is swapped or reclaimed',
  'disk-full': 'requests stay slow after room has been made',
  'disk-io': 'requests stay slow while the disk is idle',
  'fd-exhaustion': 'new connections are refused although descriptors are free',
  'socket-leak': 'those sockets go away by themselves once clients stop asking',
  'accept-queue-overflow': 'clients that did connect at once wait as long as the others',
  dns: 'requests are as slow when the names stand in /etc/hosts',
  'release-drift': 'a peer with the same release is as quick as the others',
  'config-drift': 'a peer with the same settings is as quick as the others',
  'tracer-attached': 'requests stay slow after the tracer or the tool has been detached, or ended',
  'shared-dependency': 'one host is quick while it asks the same service',
  unknown: 'something that no inspection reads differs: the network, the hypervisor, the data that it is asked for',
};

/** The finding with the commands that show the same and with what would prove it wrong. */
export function checkable(finding: Finding, view: View): Finding {
  const commands = [...COMMANDS[finding.cause](view), ...ofCulprit(finding.culprit)];
  return { ...finding, checks: [...new Set(commands)].slice(0, 5), wrongIf: WRONG_IF[finding.cause] };
}
