/**
 * The break-glass: puts back what the records say is out, with the operator's own credentials and
 * nothing of the stack but its table. It writes no record. A responder that lives finds the targets
 * registered by somebody else, and leaves them alone for six hours. A task that is out for its
 * replacement is told (./restore-replaced.ts).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { currentEjection, groupName, isOut, isRegistered, isTargetCase, lbTargetOf } from '../core/case';
import { isNamed } from '../core/decide/request';
import { targetKey, type Case, type Ejection, type LbTarget, type TargetCase } from '../core/model';
import { isOutForReplacement, type ReplacingCase } from '../core/replacement';
import { isUnreadable } from '../core/unreadable';
import { registrations } from '../lambda/aws/registrations';
import { ReturnRefused } from '../lambda/act/return-refused';
import { AddressNotFree, TargetNotRunning, TargetVanished } from '../lambda/act/vanished';
import * as clients from '../lambda/aws/clients';
import { instanceStates } from '../lambda/aws/instance-states';
import { targetRefs } from '../lambda/aws/network-interfaces';
import { loadBalancing } from '../lambda/aws/load-balancing';
import type { RespondPorts } from '../lambda/ports';
import { caseRecords } from '../lambda/aws/case-records';
import { isGroupNotFound } from '../lambda/discover/gone';
import { CommandError, EXIT, ending } from './exit';
import { finish, resourceName, type StackOptions } from './operator-command';
import { toldOfReplaced } from './restore-replaced';

/** The parts of the world that are needed, as the responder's own adapters. */
export interface Direct {
  readonly cases: Pick<RespondPorts['cases'], 'open'>;
  readonly registrations: RespondPorts['registrations'];
  readonly loadBalancing: Pick<RespondPorts['loadBalancing'], 'health'>;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly now: () => number;
}

/**
 * What became of one target. `state` is what the load balancer showed afterwards; `problem` is
 * there when that is not what was wanted.
 */
export interface Restored {
  readonly caseId: string;
  /** Without it: not known, or of the whole stack. */
  readonly groupArn?: string;
  readonly target: string;
  readonly state: string;
  readonly back: boolean;
  readonly problem?: string;
  readonly awsFailed?: true;
}

const LOOKS = 6;
const LOOK_GAP_MS = 2_000;

/**
 * Everything that is out and matches, one after the other: a failure of one does not keep the
 * others out.
 */
export async function putBack(direct: Direct, subject: string | undefined): Promise<Restored[]> {
  const all = await direct.cases.open();
  const out = all.filter(isTargetCase).filter((incident) => isOut(incident) || isReplacedOut(incident));
  const mine = out.filter(({ groupArn, target }) => subject === undefined || isNamed({ groupArn, target }, subject));
  if (mine.length === 0 && subject !== undefined) throw new CommandError(notOut(subject, out), EXIT.usage);
  const restored: Restored[] = all.filter(isUnreadable).map(unread);
  for (const incident of mine) {
    const ejection = currentEjection(incident);
    if (isReplacedOut(incident)) restored.push(await lookAtReplaced(direct, incident));
    else if (ejection !== undefined) restored.push(await putOneBack(direct, incident, ejection));
  }
  return restored;
}

/** A person who gave it up wants it as it is. */
function isReplacedOut(incident: Case): incident is ReplacingCase {
  return isOutForReplacement(incident) && incident.replacement.givenUpBy === undefined;
}

async function lookAtReplaced({ loadBalancing: balancing, now }: Direct, incident: ReplacingCase): Promise<Restored> {
  try {
    return toldOfReplaced(incident, await balancing.health(incident.groupArn), now());
  } catch (error) {
    if (isGroupNotFound(error)) return toldOfReplaced(incident, [], now());
    return failed({ caseId: incident.id, groupArn: incident.groupArn, target: targetKey(incident.replacement.target) }, error);
  }
}

function notOut(subject: string, out: readonly TargetCase[]): string {
  return `${subject} is not currently removed by Sickbay; out: ${out.map(({ groupArn, target }) => `${targetKey(target)} of ${groupName(groupArn)}`).join(', ') || 'nothing'}`;
}

/** It may have a target out: the code that knows it has to look, or a person. */
function unread({ id, groupArn }: Case): Restored {
  const problem = 'its record is of a later version; look at its events with that version, and register its target by hand';
  return { caseId: id, ...(groupArn === undefined ? {} : { groupArn }), target: `case ${id}`, state: 'unknown', back: false, problem };
}

async function putOneBack(direct: Direct, incident: TargetCase, ejection: Ejection): Promise<Restored> {
  const subject = { caseId: incident.id, groupArn: incident.groupArn, target: targetKey(ejection.target) };
  try {
    await direct.registrations[ejection.owner].restore(incident.groupArn, ejection);
    const entry = await lookedAt(direct, incident.groupArn, ejection);
    if (isRegistered(entry)) return { ...subject, state: entry?.state ?? 'registered', back: true };
    return {
      ...subject,
      state: entry?.state ?? 'not registered',
      back: false,
      problem: 'asked for, and not registered yet: look again in a minute',
    };
  } catch (error) {
    return notBack(subject, error);
  }
}

type Subject = Pick<Restored, 'caseId' | 'groupArn' | 'target'>;

function notBack(subject: Subject, error: unknown): Restored {
  if (error instanceof TargetVanished)
    return { ...subject, state: 'gone', back: false, problem: `${error.message}: nothing is left to put back` };
  if (error instanceof TargetNotRunning) return { ...subject, state: 'not running', back: false, problem: error.message };
  if (error instanceof AddressNotFree) return { ...subject, state: 'draining', back: false, problem: error.message };
  if (error instanceof ReturnRefused) return { ...subject, state: 'not let back in', back: false, problem: error.message };
  return failed(subject, error);
}

/** @throws what is no failure of AWS's, or what every further call would end in as well. */
function failed(subject: Subject, error: unknown): Restored {
  const known = ending(error);
  if (!(known instanceof CommandError) || known.exitCode === EXIT.lacking) throw error;
  return { ...subject, state: 'unknown', back: false, problem: known.message, awsFailed: true };
}

/** Target health says what happened: a call's own success proves nothing. */
async function lookedAt(
  { loadBalancing: balancing, sleep: wait }: Direct,
  groupArn: string,
  { target }: Ejection,
): Promise<LbTarget | undefined> {
  for (let look = 1; ; look++) {
    const entry = lbTargetOf(await balancing.health(groupArn), target);
    if (isRegistered(entry) || look === LOOKS) return entry;
    await wait(LOOK_GAP_MS);
  }
}

export function restoredText(restored: readonly Restored[]): string {
  const lines = restored.map(
    ({ groupArn, target, state, problem }) => `${target} of ${groupName(groupArn)}: ${state}${problem === undefined ? '' : `: ${problem}`}`,
  );
  return `${(lines.length === 0 ? ['nothing is out'] : lines).join('\n')}\n`;
}

export function exitOf(restored: readonly Restored[]): number {
  if (restored.some(({ awsFailed }) => awsFailed === true)) return EXIT.aws;
  return restored.every(({ back }) => back) ? EXIT.fine : EXIT.findings;
}

/** `sickbay restore … --direct` */
export function restoreDirectly(
  command: Command,
  subject: string | undefined,
  options: StackOptions & { readonly json?: true },
): Promise<void> {
  return finish(command, async () => {
    const restored = await putBack(directWorld(await resourceName('cases', options)), subject);
    process.stdout.write(options.json === true ? `${JSON.stringify(restored, undefined, 2)}\n` : restoredText(restored));
    return exitOf(restored);
  });
}

function directWorld(table: string): Direct {
  const ec2 = clients.readInstances();
  return {
    cases: caseRecords(clients.dynamo(), table),
    registrations: registrations({
      changeLoadBalancing: clients.changeLoadBalancing(),
      changeAutoScaling: clients.changeAutoScaling(),
      readAutoScaling: clients.readAutoScaling(),
      instanceStates: instanceStates(ec2),
      targetRefs: targetRefs(ec2),
    }),
    loadBalancing: loadBalancing(clients.readLoadBalancing()),
    sleep,
    now: Date.now,
  };
}
