/** Reads the world as it is now, for the groups that have an open case. Decisions rest on it. */
import { groupsOf, isOut, isTargetCase } from '../../core/case';
import { configOf, type Config } from '../../core/config';
import type { GroupSituation, Situation } from '../../core/decide/situation';
import { hostNameOf, isInstanceId, targetKey, type Case, type LbTarget, type Round, type TargetGroup } from '../../core/model';
import { errorFields } from '../aws/log';
import { readable } from '../failures';
import type { RespondPorts } from '../ports';
import { refsOf } from '../target-refs';
import { ownersOf } from './owners-of';
import { readService } from './read-service';
import type { Records } from './read-records';

/** @param openNow every open case, those that this run has opened for what is due among them */
export async function readSituation(
  ports: RespondPorts,
  config: Config,
  records: Records,
  openNow: readonly Case[],
  failures: unknown[],
): Promise<Situation> {
  const [killSwitch, instanceStates, dropped, groups] = await Promise.all([
    ports.killSwitch.read(),
    statesOf(ports, openNow),
    droppedGroups(ports, records, openNow, failures),
    Promise.all(
      records.groups.map((group) =>
        readable(ports.log, failures, { groupArn: group.arn }, () => groupSituation(ports, config, records, group, openNow)),
      ),
    ),
  ]);
  const read = groups.flatMap((group) => group ?? []);
  return {
    now: ports.clock.now(),
    config,
    killSwitch,
    instanceStates,
    groups: read,
    unread: unreadIn(records, openNow, read),
    gone: records.gone,
    dropped,
    hosts: new Map([...records.rounds].map(([arn, rounds]) => [arn, hostsOf(rounds)])),
    latest: new Map([...records.rounds].flatMap(([arn, [round]]) => (round === undefined ? [] : [[arn, round] as const]))),
    openCases: openNow.filter((incident) => incident.state !== 'closed'),
    closedCases: allClosed(records),
  };
}

/**
 * Target health of groups that are no longer configured: whether what we removed there is
 * registered again.
 */
async function droppedGroups(
  ports: RespondPorts,
  { configured, gone }: Records,
  openNow: readonly Case[],
  failures: unknown[],
): Promise<ReadonlyMap<string, readonly LbTarget[]>> {
  const arns = groupsOf(openNow.filter((incident) => isTargetCase(incident) && isOut(incident)));
  const dropped = [...arns].filter((arn) => !configured.has(arn) && !gone.includes(arn));
  const read = await Promise.all(
    dropped.map(
      async (arn) => [arn, await readable(ports.log, failures, { groupArn: arn }, () => ports.loadBalancing.health(arn))] as const,
    ),
  );
  return new Map(read.flatMap(([arn, view]) => (view === undefined ? [] : [[arn, view] as const])));
}

/**
 * Groups of open cases that are configured and were not read: listed and deleted since, failed, or
 * not found for a reason that ELB did not say.
 */
function unreadIn({ configured, gone }: Records, openNow: readonly Case[], read: readonly GroupSituation[]): string[] {
  const arns = groupsOf(openNow);
  return [...arns].filter((arn) => configured.has(arn) && !gone.includes(arn) && !read.some(({ group }) => group.arn === arn));
}

/**
 * States of the instances that are out. Where EC2 gives none, no decision rests on it: a restore
 * finds out for itself.
 */
async function statesOf(ports: RespondPorts, openNow: readonly Case[]): Promise<ReadonlyMap<string, string>> {
  const out = openNow.filter(isTargetCase).filter(isOut);
  const ids = [...new Set(out.map(({ target }) => target.id))].filter(isInstanceId);
  if (ids.length === 0) return new Map();
  try {
    return await ports.instanceStates.of(ids);
  } catch (error) {
    ports.log('instance-states-unread', { ids, ...errorFields(error) });
    return new Map();
  }
}

/**
 * Over all remembered rounds: an empty read must not make groups that share hosts look unrelated.
 */
function hostsOf(rounds: readonly Round[]): string[] {
  return [
    ...new Set(rounds.flatMap(({ lbView, targetRefs }) => lbView.map(({ target }) => hostNameOf(target, targetRefs?.[targetKey(target)])))),
  ];
}

/** The archive, and cases that are closed and not archived yet: their ejections count as well. */
function allClosed({ openCases: open, closedCases }: Records): Case[] {
  const waiting = open.filter((incident) => incident.state === 'closed' && !closedCases.some((archived) => archived.id === incident.id));
  return [...closedCases, ...waiting];
}

async function groupSituation(
  ports: RespondPorts,
  config: Config,
  records: Records,
  group: TargetGroup,
  openNow: readonly Case[],
): Promise<GroupSituation | undefined> {
  const groupConfig = configOf(config, group);
  if (groupConfig === undefined) return undefined;
  const targets = openNow
    .filter(isTargetCase)
    .filter((incident) => incident.groupArn === group.arn)
    .map((incident) => incident.target);
  const [lbView, owners, refs, service] = await Promise.all([
    ports.loadBalancing.health(group.arn),
    ownersOf(ports, { group, config: groupConfig }, targets),
    refsOf(ports, group, targets),
    readService(ports, group.arn, groupConfig, openNow),
  ]);
  const rounds = records.rounds.get(group.arn) ?? [];
  return { group, config: groupConfig, rounds, lbView, owners, ...refs, ...(service === undefined ? {} : { service }) };
}
