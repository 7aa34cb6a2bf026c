/**
 * One decision carried out on ports that write down what they are asked: a world of four targets in
 * which the first is sick.
 */
import { currentEjection } from '../../../core/case';
import type { Decided } from '../../../core/decide/decision';
import { decide } from '../../core/decisions';
import type { Situation } from '../../../core/decide/situation';
import type { Action, Case, Decision, LbTarget, Round } from '../../../core/model';
import { carryOut } from '../../../lambda/act/carry-out';
import type { Authority, Outcome } from '../../../lambda/act/outcome';
import type { RespondPorts } from '../../../lambda/ports';
import { NOW } from '../../builders/now';
import { situation } from '../../builders/scenario/situation';
import { respondPorts } from '../../builders/ports';

/** What the world answers, where it differs from the situation that was decided on. */
export interface World {
  readonly health?: (asked: number) => readonly LbTarget[];
  readonly newestRound?: (round: Round) => Round | undefined;
  readonly killSwitch?: 'on' | 'off';
  readonly hasScheduledRestore?: boolean;
  /** Whether what was made is there when it is looked for. */
  readonly showsScheduledRestore?: (asked: number) => boolean;
  readonly leaseLeftMs?: number;
  readonly restore?: () => Promise<void>;
}

export interface Played {
  readonly outcome: Outcome;
  /** In order: `put STATE`, `arm`, `rearm`, `disarm`, `remove OWNER`, `restore OWNER`. */
  readonly calls: readonly string[];
  readonly stored: readonly Case[];
  /** How long it waited each time, ms. */
  readonly waits: readonly number[];
  /** The times that scheduled restores were created or moved for. */
  readonly armedAt: readonly number[];
}

type Describes = Readonly<Record<string, string>>;

/** The first decision of the situation that a scenario of these keys describes, carried out. */
export async function played(
  described: Describes,
  world: World = {},
  change: (decision: Decision) => Decision = (one) => one,
): Promise<Played> {
  const here = situation(new Map(Object.entries(described)));
  const [incident] = here.openCases;
  const decision = decide(here).find((one) => one.caseId === incident?.id);
  if (incident === undefined || decision === undefined) throw new Error('the scenario has no case to decide');
  return carried(here, incident, change(decision), world);
}

export async function carried(here: Situation, incident: Case, decision: Decision, world: World = {}): Promise<Played> {
  const calls: string[] = [];
  const stored: Case[] = [];
  const waits: number[] = [];
  const armedAt: number[] = [];
  const ports = portsOf(here, world, { calls, stored, waits, armedAt });
  const lease = { holder: 'me', untilAt: NOW + (world.leaseLeftMs ?? 250_000) };
  const authority: Authority = { ports, config: here.config, lease, situation: here };
  return { outcome: await carryOut(authority, decidedOn(incident, decision)), calls, stored, waits, armedAt };
}

const ALONE: readonly Action[] = ['eject', 'keep', 'page', 'close'];

/** With the removal that it is about, as `decide` gives it. */
function decidedOn(incident: Case, decision: Decision): Decided {
  const isAlone = ALONE.includes(decision.action) || (decision.action === 'hold' && incident.state !== 'out');
  const ejection = isAlone ? undefined : (currentEjection(incident) ?? incident.ejections.at(-1));
  return { incident, decision, ejection } as Decided;
}

interface Written {
  readonly calls: string[];
  readonly stored: Case[];
  readonly waits: number[];
  readonly armedAt: number[];
}

/** Ports that these steps do not use answer that they are not there. */
function portsOf(here: Situation, world: World, { calls, stored, waits, armedAt }: Written): RespondPorts {
  const [group] = here.groups;
  const view = group?.lbView ?? [];
  let looks = 0;
  let shown = 0;
  const said = async (what: string) => void calls.push(what);
  const health = async () => [...(world.health?.(++looks) ?? view)];
  const latest = async (): Promise<Round[]> => {
    const [round] = here.groups.flatMap(({ rounds }) => rounds);
    const newest = round === undefined ? undefined : (world.newestRound ?? ((one) => one))(round);
    return newest === undefined ? [] : [newest];
  };
  const put = async <Incident extends Case>(incident: Incident): Promise<Incident> => {
    calls.push(`put ${incident.state}`);
    const next = { ...incident, rev: incident.rev + 1 };
    stored.push(next);
    return next;
  };
  const registration = (owner: string) => ({
    remove: () => said(`remove ${owner}`),
    restore: async () => {
      calls.push(`restore ${owner}`);
      await world.restore?.();
    },
  });
  return respondPorts({
    clock: { now: () => NOW, sleep: async (ms) => void waits.push(ms) },
    loadBalancing: { health },
    owners: { observe: async () => new Map(group?.owners) },
    killSwitch: { read: async () => ({ state: world.killSwitch ?? 'off' }) },
    rounds: { latest },
    cases: { put },
    scheduledRestores: {
      exists: async () => world.hasScheduledRestore ?? (calls.includes('arm') && (world.showsScheduledRestore?.(++shown) ?? true)),
      create: async (_name, at) => void armedAt.push(calls.push('arm') && at),
      move: async (_name, at) => void armedAt.push(calls.push('rearm') && at),
      cancel: () => said('disarm'),
    },
    registrations: { static: registration('static'), asg: registration('asg') },
  });
}

/** Target health without the first target from the given look on, and as it was before that. */
export function goneFrom(look: number, view: readonly LbTarget[]): (asked: number) => readonly LbTarget[] {
  return (asked) => (asked < look ? view : view.slice(1));
}
