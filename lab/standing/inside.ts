/**
 * The lab's side of the wall: fleet, account and stack as in a drill, left running, with a door for
 * AWS, one for the shop, and one for whoever types.
 */
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { REGION } from '../boot/assembly';
import { roundTable } from '../../core/report/round';
import { Phases } from '../drill/phases';
import { GROUP_ARN } from '../drill/config';
import { baseline, setStage, strike, type Stage } from '../drill/stage';
import { FAULTS, type FaultName } from '../fleet/faults';
import type { Enclosure } from '../fleet/enclose';
import { ADDRESSES } from '../fleet/network';
import { faultLines, helpLines, orderOf, type Order } from './menu';
import { relay } from './relay';

/** Where the two sides of the wall meet, in one directory. */
export const DOORS = { aws: 'aws.sock', shop: 'shop.sock', menu: 'menu.sock', environment: 'env', ready: 'ready' } as const;

const NEWS_EVERY_MS = 2_000;
/** Of one event on the screen: `explain` has the rest. */
const NEWS_LENGTH = 150;

export interface Standing {
  readonly owner: 'static' | 'asg';
  /** The directory of the doors. */
  readonly meeting: string;
  /** Where the outer side listens, for the environment that is written. */
  readonly endpoint: string;
}

/** Stands until somebody says `quit` or a signal comes. */
export async function stand(enclosure: Enclosure, { owner, meeting, endpoint }: Standing): Promise<void> {
  const phases = new Phases();
  const stage = await setStage(enclosure, phases, { config: { owner } });
  const key = stage.cloud.operatorKey;
  await writeFile(path.join(meeting, DOORS.environment), environment(stage, endpoint, key));
  await baseline(stage);
  const doors = [
    await relay({ path: path.join(meeting, DOORS.aws) }, { host: ADDRESSES.gateway.edge, port: stage.cloud.port }),
    await relay({ path: path.join(meeting, DOORS.shop) }, { host: ADDRESSES.loadBalancer, port: 80 }),
  ];
  const end = ending();
  const menu = await openMenu(path.join(meeting, DOORS.menu), new Desk(stage), end.now);
  const told = new Set<string>();
  const news = setInterval(() => void tellNews(stage, told).catch((error: unknown) => phases.phase(String(error))), NEWS_EVERY_MS);
  await writeFile(path.join(meeting, DOORS.ready), '');
  await end.came;
  clearInterval(news);
  menu.close();
  phases.phase('ending the lab');
  for (const door of doors) await door.close();
  await strike(stage, enclosure);
}

/** For `source`: whatever profile the shell has must not be taken in its place. */
function environment({ cloud }: Stage, endpoint: string, key: string): string {
  const set = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: key,
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...cloud.stackEnvironment,
    TARGET_GROUP_ARN: GROUP_ARN,
  };
  const lines = Object.entries(set).map(([name, value]) => `export ${name}='${value}'`);
  return ['unset AWS_PROFILE AWS_SESSION_TOKEN', ...lines, ''].join('\n');
}

function ending(): { readonly came: Promise<void>; readonly now: () => void } {
  let now = (): void => undefined;
  const came = new Promise<void>((resolve) => (now = resolve));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, now);
  return { came, now };
}

/** One line from whoever types is one order; what it answers goes back the same way. */
async function openMenu(at: string, desk: Desk, quit: () => void): Promise<net.Server> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined); // they left
    const say = (lines: readonly string[]): void => void socket.write(lines.map((line) => `${line}\n`).join(''));
    readline.createInterface({ input: socket }).on('line', (line) => {
      const order = orderOf(line);
      if (order.order === 'quit') quit();
      else desk.take(order).then(say, (error: unknown) => say([`that failed: ${error instanceof Error ? error.message : String(error)}`]));
    });
  });
  await new Promise<void>((resolve) => server.listen(at, resolve));
  return server;
}

/** Takes one order after the other. */
class Desk {
  private readonly running = new Set<FaultName>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly stage: Stage) {}

  take(order: Order): Promise<readonly string[]> {
    const answer = this.last.then(() => this.answer(order));
    this.last = answer.catch(() => undefined); // told to who gave the order
    return answer;
  }

  private async answer(order: Order): Promise<readonly string[]> {
    switch (order.order) {
      case 'start':
      case 'stop':
        return this.fault(order.order, order.fault);
      case 'faults':
        return faultLines(this.running);
      case 'round':
        return this.round();
      case 'none':
        return order.because === '' ? [] : [order.because];
      case 'help':
      case 'quit':
        return helpLines();
    }
  }

  private async fault(order: 'start' | 'stop', name: FaultName): Promise<string[]> {
    const { fleet, sick } = this.stage;
    if (this.running.has(name) === (order === 'start')) return [`${name} is ${order === 'start' ? 'on already' : 'not on'}`];
    await FAULTS[name][order](fleet, sick);
    if (order === 'start') this.running.add(name);
    else this.running.delete(name);
    return [order === 'start' ? `${name} is on, on ${sick.name} (${sick.instanceId})` : `${name} is over on ${sick.name}`];
  }

  private async round(): Promise<string[]> {
    const [newest] = await this.stage.cloud.rounds(1);
    return newest === undefined ? ['no round yet'] : roundTable(newest);
  }
}

/** What came to the cases since last time, on the lab's own screen. */
async function tellNews({ cloud, phases, fleet }: Stage, told: Set<string>): Promise<void> {
  for (const incident of await cloud.cases()) {
    const host = fleet.hosts.find(({ instanceId }) => 'target' in incident && incident.target?.id === instanceId)?.name ?? 'the group';
    for (const [index, { at, kind, says: summary }] of incident.events.entries()) {
      const key = `${incident.id} ${at} ${kind} ${index}`;
      if (told.has(key)) continue;
      told.add(key);
      const line = `${host}: ${kind}: ${summary}`;
      phases.phase(line.length > NEWS_LENGTH ? `${line.slice(0, NEWS_LENGTH - 1)}…` : line);
    }
  }
}
