/**
 * The lab's side of the wall: fleet, account and stack as in a drill, left running, with a door for
 * whoever types. AWS answers on the loopback of the lab's own network alone.
 */
import { readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { REGION } from '../boot/assembly';
import { roundTable } from '../../core/report/round';
import { Phases } from '../drill/phases';
import { GROUP_ARN } from '../drill/config';
import { digests, runReview } from '../drill/review';
import { baseline, setStage, strike, type Stage } from '../drill/stage';
import { FAULTS, type FaultName } from '../fleet/faults';
import type { Enclosure } from '../fleet/enclose';
import { ADDRESSES } from '../fleet/network';
import { faultLines, helpLines, orderOf, type Order } from './menu';
import { relay } from './relay';
import { MEETING, type Inside } from './shell';

/**
 * Of 127.0.0.1 in the lab's network: were its address known outside, nobody would answer there.
 */
const AWS_PORT = 4566;

const NEWS_EVERY_MS = 2_000;
/** Of one event on the screen: `explain` has the rest. */
const NEWS_LENGTH = 150;

export interface Standing {
  readonly owner: 'static' | 'asg';
  /** The directory in which the two sides of the wall meet. */
  readonly meeting: string;
}

/** Stands until somebody says `quit` or a signal comes. */
export async function stand(enclosure: Enclosure, { owner, meeting }: Standing): Promise<void> {
  const phases = new Phases();
  const stage = await setStage(enclosure, phases, { config: { owner, reviews: true } });
  await baseline(stage).catch((error: unknown) =>
    phases.phase(`the machine is busy, and so the lab stands without a healthy start: ${String(error)}`),
  );
  const aws = await relay({ host: '127.0.0.1', port: AWS_PORT }, { host: ADDRESSES.gateway.edge, port: stage.cloud.port });
  const inside: Inside = { network: readlinkSync('/proc/self/ns/net'), environment: environment(stage) };
  await writeFile(path.join(meeting, MEETING.inside), JSON.stringify(inside));
  const end = ending();
  const menu = await openMenu(path.join(meeting, MEETING.menu), new Desk(stage), end.now);
  const told = new Set<string>();
  const news = setInterval(() => void tellNews(stage, told).catch((error: unknown) => phases.phase(String(error))), NEWS_EVERY_MS);
  await writeFile(path.join(meeting, MEETING.ready), '');
  await end.came;
  clearInterval(news);
  menu.close();
  phases.phase('ending the lab');
  await aws.close();
  await strike(stage, enclosure);
}

/** What points a program of the lab's network at the lab's account, and at no file of anybody's. */
function environment({ cloud }: Stage): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${AWS_PORT}`,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: cloud.operatorKey,
    AWS_SECRET_ACCESS_KEY: 'lab',
    AWS_EC2_METADATA_DISABLED: 'true',
    TARGET_GROUP_ARN: GROUP_ARN,
    SHOP: `http://${ADDRESSES.loadBalancer}`,
  };
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
      case 'review':
        return this.review();
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

  private async review(): Promise<string[]> {
    await runReview(this.stage);
    const { subject = '', message = '' } = digests(this.stage).at(-1) ?? {};
    return [subject, '', ...message.trimEnd().split('\n')];
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
