/**
 * Everything that a scene plays on: the fleet with its users, and the account with the deployed
 * stack.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Case, Round } from '../../core/model';
import { isTargetCase } from '../../core/case';
import { startFleet, type Fleet } from '../fleet/fleet';
import type { Enclosure } from '../fleet/enclose';
import type { Host } from '../fleet/hosts';
import { startCloud, type Cloud } from './cloud';
import { drillConfig, OFTEN, type Configured } from './config';
import { tasksServe } from './tasks';
import { synthesise } from './deploy';
import type { Phases } from './phases';

/** Rounds without a verdict before anything goes wrong: what the judge knows as normal. */
const BASELINE_ROUNDS = 4;

export interface Stage {
  readonly phases: Phases;
  readonly fleet: Fleet;
  readonly cloud: Cloud;
  /** The host that a scene harms. */
  readonly sick: Host;
}

/** What is deployed, and that its durations are short. */
export function showConfig(phases: Phases, scene: Configured): void {
  phases.detail(
    'The drill deploys this configuration (an hour of care in a minute; everything else is the default):',
    JSON.stringify(drillConfig(scene.config ?? {}), null, 2).split('\n'),
  );
}

/** Boots everything. @throws naming the phase's wait when something does not come up. */
export async function setStage(enclosure: Enclosure, phases: Phases, scene: Configured): Promise<Stage> {
  const config = drillConfig(scene.config ?? {});
  phases.phase('building the handlers and synthesising the stack; booting the fleet beside it');
  const [assembly, fleet] = await Promise.all([
    synthesise(path.join(enclosure.directory, 'deployment'), config),
    startFleet({
      enclosure,
      onPhase: (name) => phases.phase(`fleet: ${name}`),
      ...(scene.config?.stop === undefined ? {} : { reportSchedule: OFTEN }),
      ...(scene.config?.tasks === undefined ? {} : { tasks: scene.config.tasks }),
    }),
  ]);
  if (scene.config?.calls === true) fleet.speakCalls();
  phases.phase(`deploying ${assembly.functions.length} functions, ${assembly.tables.length} tables and the rest of the template`);
  const cloud = await startCloud(assembly, fleet, scene.config ?? {});
  if (scene.config?.tasks !== undefined) await tasksServe(phases, cloud.world);
  const sick = fleet.tasks === undefined ? fleet.hosts.find((host) => host.withReport) : fleet.hosts[2];
  if (sick === undefined) throw new Error('no host of the fleet has the report in its crontab, and no task is the third one');
  fleet.openDoors();
  phases.phase(`${fleet.hosts.length} hosts, ${fleet.users.count} sticky users, a round every ${60 / cloud.rateFactor} s`);
  return { phases, fleet, cloud, sick };
}

/** Waits until the judge has seen a few rounds of a healthy fleet. */
export async function baseline({ phases, cloud, fleet }: Stage): Promise<Round> {
  return phases.until(`${BASELINE_ROUNDS} rounds of a healthy fleet`, 90, async () => {
    const rounds = await cloud.rounds(BASELINE_ROUNDS);
    const healthy = rounds.filter((round) => round.verdicts.length === fleet.hosts.length && round.fleet === 'none');
    const newest = rounds[0];
    if (healthy.length === BASELINE_ROUNDS && newest !== undefined) return { done: newest };
    return { seen: rounds.map((round) => `${round.fleet}: ${round.says}`).join('; ') || 'no round yet' };
  });
}

/** The latest case about the sick target. */
export async function caseOf({ cloud, sick }: Stage): Promise<Case | undefined> {
  const mine = (await cloud.cases()).filter(isTargetCase).filter((incident) => isOf(sick, incident.target.id));
  return mine.sort((a, b) => b.openedAt - a.openedAt)[0];
}

/** Where a case stands, for a wait that ended without it: its state, and what held it back. */
export function standingOf(incident: Case | undefined): string {
  if (incident === undefined) return 'no case';
  const { state, decision, events } = incident;
  const failed = decision?.guardrails.filter(({ passed }) => !passed).map(({ guardrail, value }) => `${guardrail} (${value})`) ?? [];
  return `state ${state}; ${decision?.reason ?? 'undecided'}; blocked by ${failed.join(', ') || 'nothing'}; ${events.at(-1)?.says ?? ''}`;
}

/** A target is the instance, or its address. */
export function isOf({ instanceId, address }: Host, id: string | undefined): boolean {
  return id === instanceId || id === address;
}

export async function strike({ fleet, cloud }: Stage, enclosure: Enclosure): Promise<void> {
  await cloud.stop();
  await fleet.stop();
  await rm(path.join(enclosure.directory, 'deployment'), { recursive: true, force: true });
}
