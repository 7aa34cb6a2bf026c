import { baseName } from './command-key';
import type { Fact } from './fact';
import { isInterpreter } from './identity';
import { memoryGb } from './machine';
import type { Inspection } from './inspection';
import { platformOf, releaseOfTask } from './task';

/**
 * Metrics in which a runtime, a kernel or an exporter tells its own version, and not the
 * application's.
 */
const NOT_THE_APPLICATION =
  /(^|_)(go|python|jvm|nodejs|node_version|ruby|php|dotnet|uname|os|kernel|exporter|postgres|process_runtime)(_|$)/;

/** Whether the fact is about the application itself, and not about what it runs on. */
export function isOfApplication({ name, value }: Fact): boolean {
  return !NOT_THE_APPLICATION.test(name.split(' ')[0] ?? '') && !(name === 'exe' && isInterpreter(baseName(value)));
}

/** Labels by which a build says who it is. */
const RELEASE_LABEL = /^(version|commit|revision|release|build|build_?id|git_?(sha|commit|hash)|sha|tag|image)$/i;
const RELEASE_KEY = /VERSION|RELEASE|REVISION|COMMIT|BUILD/;

function fromMetrics(inspection: Inspection): Fact[] {
  const info = inspection.metrics.filter(({ name }) => /(^|_)(info|version)$/.test(name));
  return info.flatMap(({ name, labels }) =>
    Object.entries(labels).flatMap(([label, value]) => (RELEASE_LABEL.test(label) ? [{ name: `${name} ${label}`, value }] : [])),
  );
}

function fromApp(inspection: Inspection, wanted: (key: string) => boolean): Fact[] {
  return inspection.app.filter(({ key }) => wanted(key)).map(({ key, value }) => ({ name: key.replace(/^(env|file):/, ''), value }));
}

/** What the application says, and what its files say, about its release. */
export function releaseFacts(inspection: Inspection): Fact[] {
  const files = fromApp(
    inspection,
    (key) => key.startsWith('file:') || key === 'exe' || key === 'program' || (key.startsWith('env:') && RELEASE_KEY.test(key)),
  );
  return [...releaseOfTask(inspection.task), ...fromMetrics(inspection), ...files];
}

/** What the application was configured with. */
export function settingFacts(inspection: Inspection): Fact[] {
  const environment = fromApp(inspection, (key) => (key.startsWith('env:') && !RELEASE_KEY.test(key)) || key === 'nofile' || key === 'cwd');
  const nameservers = inspection.dns.filter(({ key }) => key === 'nameserver').map(({ value }) => value);
  return [...environment, ...(nameservers.length > 0 ? [{ name: 'name servers', value: nameservers.join(' ') }] : [])];
}

/** What kind of machine it is. `product` is the instance type on EC2's Nitro (M). */
function machineFacts(inspection: Inspection): Fact[] {
  const host = ['product', 'cpus', 'kernel'].flatMap((name) => {
    const value = inspection.facts.get(name);
    return value === undefined ? [] : [{ name, value }];
  });
  const memory = memoryGb(inspection);
  return [...platformOf(inspection.task), ...host, ...(memory > 0 ? [{ name: 'memory (GB)', value: String(memory) }] : [])];
}

/** What the application and its host were configured with. */
export function configurationFacts(inspection: Inspection): Fact[] {
  return [...settingFacts(inspection), ...machineFacts(inspection)];
}

/**
 * Facts on which the sick host stands alone: it has another value than all its peers, and they
 * agree among themselves. Where the peers differ from each other, a value of one's own is usual.
 */
export function factsAlone(
  sick: Inspection,
  peers: readonly Inspection[],
  facts: (inspection: Inspection) => Fact[],
): { readonly fact: Fact; readonly peers: string }[] {
  const others = peers.map(facts);
  return facts(sick).flatMap((fact) => {
    const values = new Set(others.flatMap((list) => list.filter(({ name }) => name === fact.name).map(({ value }) => value)));
    const [only, ...more] = values;
    return only === undefined || more.length > 0 || only === fact.value ? [] : [{ fact, peers: only }];
  });
}

/** How the kernel was told to treat the application and its network. */
function kernelFacts({ settings }: Inspection): Fact[] {
  return [...settings].map(([name, value]) => ({ name, value }));
}

/**
 * So much more or less is no setting that somebody made: defaults such as the limit of processes
 * and TCP's largest buffers follow from the memory, which hosts of one type do not have to the page
 * (kernel/fork.c, set_max_threads; net/ipv4/tcp.c, tcp_init).
 */
const ALIKE = 0.1;

function isAlike(here: string, there: string): boolean {
  const [own, other] = [here.split(' ').map(Number), there.split(' ').map(Number)];
  return own.length === other.length && own.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= ALIKE * Math.abs(value));
}

/** How the names of the limits of a disk for a control group begin. */
export const DISK_LIMIT = 'limit of disk ';

/** A control group that may use a disk more than those of the peers is held back by nothing. */
function isLooser(name: string, here: string, there: string): boolean {
  const [own, other] = [here, there].map((most) => (most === 'none' ? Number.POSITIVE_INFINITY : Number(most)));
  return name.startsWith(DISK_LIMIT) && !((own ?? Number.NaN) < (other ?? Number.NaN));
}

/**
 * Settings of the kernel on which the sick host stands alone; of the limits of disks the tighter
 * ones.
 */
export function kernelAlone(sick: Inspection, peers: readonly Inspection[]): ReturnType<typeof factsAlone> {
  const alone = factsAlone(sick, peers, kernelFacts);
  return alone.filter(({ fact, peers: theirs }) => !isAlike(fact.value, theirs) && !isLooser(fact.name, fact.value, theirs));
}
