/** What somebody may type while the lab stands, and what is answered. */
import { FAULTS, type FaultName } from '../fleet/faults';
import { SCENES } from '../drill/scenes';

export type Order =
  | { readonly order: 'start' | 'stop'; readonly fault: FaultName }
  | { readonly order: 'round' | 'review' | 'faults' | 'help' | 'quit' }
  | { readonly order: 'none'; readonly because: string };

/** What goes wrong in a task's container alone has no scene on hosts, and no host to break here. */
const OFFERED: readonly string[] = Object.keys(FAULTS).filter((name) => SCENES[name] !== undefined);
const WORDS = ['round', 'review', 'faults', 'help', 'quit'] as const;

/** One line, as it was typed. A fault's name alone starts it. */
export function orderOf(line: string): Order {
  const [first = '', second] = line.trim().split(/\s+/);
  if (first === '') return { order: 'none', because: '' };
  const word = WORDS.find((known) => known === first);
  if (word !== undefined) return { order: word };
  if (first === 'start' || first === 'stop') return faultOrder(first, second ?? '');
  return faultOrder('start', first);
}

function faultOrder(order: 'start' | 'stop', name: string): Order {
  if (isFault(name)) return { order, fault: name };
  return { order: 'none', because: `got "${name}"; allowed: a fault (${OFFERED.join(', ')}), stop FAULT, ${WORDS.join(', ')}` };
}

function isFault(name: string): name is FaultName {
  return OFFERED.includes(name);
}

/** Every fault with what it is, those that are on marked. */
export function faultLines(running: ReadonlySet<FaultName>): string[] {
  return OFFERED.filter(isFault).map((name) => `${running.has(name) ? '*' : ' '} ${name.padEnd(20)} ${titleOf(name)}`);
}

/** The scene of the same name tells what goes wrong in it. */
function titleOf(name: FaultName): string {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene is named after the fault ${name}`);
  return scene.title;
}

export function helpLines(): string[] {
  return [
    'FAULT        break one host, such as: pool-starvation',
    'stop FAULT   what the engineer would do about it',
    'faults       every fault; * is on',
    'round        the newest round: what the load balancer says, and what was measured',
    'review       the weekly review, now: what it tells the notify topic',
    'quit         or Ctrl-C: end the lab; nothing of it is left',
  ];
}
