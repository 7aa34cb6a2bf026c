/**
 * Plays one scene inside an enclosure: boots it, lets users in, strikes, waits for the symptom,
 * inspects as SSM would, diagnoses.
 */
import { mkdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { diagnose } from '../../core/diagnose/diagnose';
import { redactInspection } from '../../core/diagnose/redact';
import type { Diagnosis, HostCapture } from '../../core/model';
import { inspectionScript } from '../../scripts/inspection-script';
import { run } from '../fleet/command';
import type { Enclosure } from '../fleet/enclose';
import { Network } from '../fleet/network';
import { startResolver } from '../fleet/resolver';
import { Users } from '../fleet/users';
import { view } from '../fleet/view';
import { waitFor } from '../fleet/wait';
import { startStackMachine, type StackHost } from './machine';
import type { Scene, SideMachine } from './scene';

const APPLICATION_HOSTS = [
  { name: 'app-1', address: '10.0.1.10' },
  { name: 'app-2', address: '10.0.1.11' },
  { name: 'app-3', address: '10.0.1.12' },
  { name: 'app-4', address: '10.0.1.13' },
] as const;
/** Not the first one: what depends on the order would show. */
const SICK = 'app-3';

const SERVES_MS = 120_000;
const SETTLE_MS = 6_000;
/**
 * A minute until cron comes round, and two looks at a page that hangs, each given up after 30 s.
 */
const ONSET_S = 200;
/** Sick is at least so many times as slow as the slowest peer. */
const SYMPTOM = 4;
/** A page of 3 ms that takes 15 for a moment is noise, and no symptom of what was struck. */
const SYMPTOM_MS = 20;
const SAMPLES = 5;
const SAMPLE_GAP_MS = 150;
const INSPECTION_S = 30;

export interface Played {
  readonly captures: readonly HostCapture[];
  readonly diagnosis: Diagnosis;
  readonly sick: string;
  /** Median of the sick page over the median of the slowest peer's. */
  readonly ratio: number;
  readonly medianMs: Readonly<Record<string, number>>;
  /** Of the slowest inspection, and the largest output. */
  readonly inspectionS: number;
  readonly inspectionBytes: number;
}

export async function play(scene: Scene, enclosure: Enclosure, layer: string, tell: (text: string) => void): Promise<Played> {
  const directory = join(enclosure.directory, 'machines');
  await mkdir(directory);
  const base = await mountLayer(enclosure, layer);
  const network = await Network.start();
  const sides = (scene.sides ?? []).map(({ name, address }) => [`${name}.internal`, address] as const);
  await startResolver({ ...Object.fromEntries(sides), ...scene.names });
  for (const side of scene.sides ?? []) await startSide(network, base, directory, side, tell);
  tell('hosts');
  const hosts = await Promise.all(
    APPLICATION_HOSTS.map((host) => startStackMachine(network, { ...host, root: base, directory, trees: scene.trees })),
  );
  await Promise.all(hosts.map((host) => serves(scene, host)));
  const sick = hosts.find(({ name }) => name === SICK);
  if (sick === undefined) throw new Error(`no host ${SICK}`);
  const peers = hosts.filter((host) => host !== sick);
  if (scene.ownCore === true) await bindCores(sick, [...peers]);
  tell('users');
  const crowds = hosts.map(({ address }) => crowd(scene, address));
  await sleep(SETTLE_MS);
  tell(`before: ${JSON.stringify(await medians(scene, hosts))}`);
  await scene.strike(sick, peers);
  tell('struck');
  const { ratio, medianMs } = await symptom(scene, sick, hosts);
  tell(`symptom: ${ratio.toFixed(1)}x ${JSON.stringify(medianMs)}`);
  const inspected = await inspectAll(scene, [sick, ...peers]);
  const [first, ...others] = inspected.captures;
  if (first === undefined) throw new Error('nothing was inspected');
  const diagnosis = diagnose({ sick: first, peers: others, now: Date.now() });
  await Promise.all(crowds.map((users) => users.stop()));
  return { ...inspected, diagnosis, sick: SICK, ratio, medianMs };
}

/**
 * One overlay of the layer over the machine's root, below those of the hosts: two lower directories
 * may not lie in one another.
 */
async function mountLayer(enclosure: Enclosure, layer: string): Promise<string> {
  const root = join(enclosure.directory, 'base');
  const work = join(layer, '../work');
  await mkdir(root);
  await mkdir(work, { recursive: true });
  await run(['mount', '-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${layer},workdir=${work}`, root]);
  return root;
}

async function startSide(
  network: Network,
  root: string,
  directory: string,
  side: SideMachine,
  tell: (text: string) => void,
): Promise<void> {
  tell(side.name);
  const machine = await startStackMachine(network, { ...side, root, directory });
  await waitFor(`${side.name} to serve`, SERVES_MS, async () => {
    const said = await machine.sh(`[ -e ${side.ready} ] && echo up || tail -n 5 /var/log/lab-*.log`);
    return said.trim() === 'up' ? { done: true } : { seen: said };
  });
}

async function serves(scene: Scene, host: StackHost): Promise<void> {
  await waitFor(
    `the page on ${host.name}`,
    SERVES_MS,
    async () => {
      const { status } = await view(host.address, scene.port, scene.page);
      return status === 200 ? { done: true } : { seen: `status ${status}; ${await host.sh('tail -n 4 /var/log/lab-*.log')}` };
    },
    500,
  );
}

function crowd(scene: Scene, address: string): Users {
  const users = new Users(address, scene.page, scene.port, scene.thinkMs);
  for (let count = 0; count < scene.users; count++) users.add();
  return users;
}

/** A page that fails, however soon, counts as one that nobody has answered. */
const UNANSWERED_MS = 30_000;

async function medians(scene: Scene, hosts: readonly StackHost[]): Promise<Record<string, number>> {
  const entries = await Promise.all(
    hosts.map(async ({ name, address }) => {
      const views = Array.from({ length: SAMPLES }, async (_, index) => {
        await sleep(index * SAMPLE_GAP_MS);
        const { status, latencyMs } = await view(address, scene.port, scene.page);
        return status === 200 ? latencyMs : Math.max(latencyMs, UNANSWERED_MS);
      });
      const samples = await Promise.all(views);
      return [name, Math.round(samples.sort((a, b) => a - b)[Math.floor(SAMPLES / 2)] ?? 0)] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/**
 * Twice in a row, so that one hiccup is no symptom. @throws where it does not show in time, with
 * what runs on the sick host: whether cron started the job is the first question then
 */
async function symptom(
  scene: Scene,
  sick: StackHost,
  hosts: readonly StackHost[],
): Promise<{ ratio: number; medianMs: Record<string, number> }> {
  let before = false;
  return waitFor(`the page of ${sick.name} to be ${SYMPTOM} times as slow`, (scene.onsetS ?? ONSET_S) * 1000, async () => {
    const medianMs = await medians(scene, hosts);
    const peers = Math.max(...Object.entries(medianMs).flatMap(([name, ms]) => (name === sick.name ? [] : [ms])));
    const ratio = (medianMs[sick.name] ?? 0) / Math.max(1, peers);
    const again = before;
    before = ratio >= SYMPTOM && (medianMs[sick.name] ?? 0) - peers >= SYMPTOM_MS;
    return before && again ? { done: { ratio, medianMs } } : { seen: JSON.stringify(medianMs) };
  }).catch(async (cause: unknown) => {
    const newest = await sick.sh('crontab -l; tail -n 5 /var/log/syslog; ps -eo pid,ppid,etimes,stat,args --sort=start_time | tail -n 12');
    throw new Error(`${cause instanceof Error ? cause.message : String(cause)}; on ${sick.name}:\n${newest}`);
  });
}

async function inspectAll(
  scene: Scene,
  hosts: readonly StackHost[],
): Promise<Pick<Played, 'captures' | 'inspectionS' | 'inspectionBytes'>> {
  const script = inspectionScript();
  const env = Object.fromEntries(Object.entries(scene.parameters).map(([name, value]) => [`SSM_${name}`, value]));
  const results = await Promise.all(hosts.map(async (host) => ({ host, result: await host.exec(script, env, INSPECTION_S) })));
  return {
    captures: results.map(({ host, result }) => ({ host: host.name, stdout: redactInspection(result.stdout), capturedAt: Date.now() })),
    inspectionS: Math.max(...results.map(({ result }) => result.durationMs)) / 1000,
    inspectionBytes: Math.max(...results.map(({ result }) => Buffer.byteLength(result.stdout))),
  };
}

const BIND = `for process in /proc/[0-9]*; do
  case " $SICK " in *" $(readlink "$process/ns/pid") "*) cores=$OWN ;; *) cores=$REST ;; esac
  taskset -acp "$cores" "\${process#/proc/}" >/dev/null 2>&1 || [ ! -e "$process" ]
done`;

/** The sick host gets a core of its own; everything else shares the others. */
async function bindCores(sick: StackHost, peers: readonly StackHost[]): Promise<void> {
  const namespace = await run(['readlink', `/proc/${sick.pid}/ns/pid`]);
  const allowed = /^Cpus_allowed_list:\s+(\d+)-(\d+)/m.exec(readFileSync('/proc/1/status', 'utf8'));
  if (allowed === null) throw new Error(`a core of its own needs two cores for ${peers.length + 1} hosts, got one`);
  const [, first = '0', last = '1'] = allowed;
  const env = { ...process.env, SICK: namespace.trim(), OWN: last, REST: `${first}-${Number(last) - 1}` };
  await run(['/bin/sh', '-c', BIND], { env });
}
