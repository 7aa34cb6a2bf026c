/**
 * What CloudFormation asks before it deletes the stack: is anything still out? Then the deletion is
 * refused, with the command to run. It looks at the world and not at the records alone: when the
 * responder is dead nobody writes there that a target is back. In a deployment it is asked whether
 * this is the place of the target groups.
 */
import { currentEjection, groupName, isOut, isRegistered, isTargetCase, lbTargetOf } from '../core/case';
import { targetKey, type Target, type TargetCase } from '../core/model';
import { isOutForReplacement, stopTaskCommand, type ReplacingCase } from '../core/replacement';
import { isUnreadable } from '../core/unreadable';
import { errorFields } from './aws/log';
import { isGroupNotFound, isTableNotFound } from './discover/gone';
import { answer, type ResourceAnswer, type ResourceRequest } from './custom-resource';
import type { CaseRecords, LoadBalancing, Log } from './ports';
import { sickbayCommand } from '../core/report/command';

export interface GuardPorts {
  readonly cases: Pick<CaseRecords, 'open'>;
  readonly casesTable: string;
  readonly loadBalancing: Pick<LoadBalancing, 'health'>;
  readonly log: Log;
}

/**
 * It stays the same for ever: another one would make CloudFormation ask about a deletion in the
 * middle of an upgrade.
 */
const PHYSICAL_ID = 'sickbay-delete-guard';

/**
 * An answer to everything: a deletion that is not answered hangs. What cannot be told is a refusal.
 */
export async function answerTo(ports: GuardPorts, request: ResourceRequest): Promise<ResourceAnswer> {
  const { RequestType } = request;
  const reason = RequestType === 'Delete' ? await whyNot(ports, request) : misplaced(request);
  ports.log('delete-guard', { asked: RequestType, refused: reason ?? false });
  return answer(request, PHYSICAL_ID, reason);
}

/** A deployment to another account or Region would watch nothing, and is not what was meant. */
function misplaced({ StackId, ResourceProperties }: ResourceRequest): string | undefined {
  const wanted = ResourceProperties?.['Place'];
  const [region, account] = StackId.split(':').slice(3, 5);
  if (wanted === undefined || wanted === `${region}:${account}`) return undefined;
  return `the stack is in ${region}:${account} and its target groups are in ${JSON.stringify(wanted)}: deploy it there`;
}

async function whyNot(ports: GuardPorts, request: ResourceRequest): Promise<string | undefined> {
  try {
    const { leased, replaced } = await stillOut(ports);
    const out = [...leased, ...replaced.map(named)];
    if (out.length === 0) return undefined;
    const hints = [...(leased.length === 0 ? [] : [putBack(ports)]), ...replaced.slice(0, HINTED).map(awaitReplacement)];
    return refusal(request, `still out: ${asManyAsFit(out)}`, hints);
  } catch (error) {
    ports.log('delete-guard-failed', errorFields(error));
    const why = errorFields(error).error.slice(0, SEEN_MAX);
    return refusal(request, `whether a target is out could not be told (${why})`, [putBack(ports)]);
  }
}

/**
 * Of an answer of 2,000 characters (lambda/custom-resource.ts), what may be spent on what was seen:
 * the commands stand after it, and are never cut off.
 */
const SEEN_MAX = 600;
/** Tasks of which it is told what to do, 500 characters each. */
const HINTED = 1;

function asManyAsFit(names: readonly string[]): string {
  const count = names.findIndex((_, index) => names.slice(0, index + 1).join(', ').length > SEEN_MAX);
  return count === -1 ? names.join(', ') : `${names.slice(0, count).join(', ')}, and ${names.length - count} more`;
}

function refusal({ StackId, LogicalResourceId }: ResourceRequest, why: string, hints: readonly string[]): string {
  const stack = StackId.split('/')[1] ?? StackId;
  const retaining = `aws cloudformation delete-stack --stack-name ${stack} --retain-resources ${LogicalResourceId}`;
  return [`${why}.`, ...hints, `To delete all the same: ${retaining}`].join(' ');
}

function putBack({ casesTable }: GuardPorts): string {
  return `Put it back and delete again: ${sickbayCommand(`restore --all --direct --table ${casesTable}`)}`;
}

/** Nobody else registers it again, and once that was decided nothing stops its task either. */
function awaitReplacement({ target, replacement }: ReplacingCase): string {
  return (
    `The task of ${targetKey(target)} is being replaced: delete again when it has stopped or is registered again. ` +
    `When Sickbay no longer runs: ${stopTaskCommand(replacement)}, and delete all the same.`
  );
}

interface StillOut {
  /** As people know them. */
  readonly leased: readonly string[];
  readonly replaced: readonly ReplacingCase[];
}

async function stillOut({ cases, loadBalancing }: GuardPorts): Promise<StillOut> {
  const all = await openCases(cases);
  const unread = all
    .filter(isUnreadable)
    .map(({ id, groupArn }) => `what case ${id} of ${groupName(groupArn)} has out, which is of a later version`);
  const targetCases = all.filter(isTargetCase);
  const leases = targetCases.filter(isOut);
  const replacements = targetCases.filter(isOutForReplacement).filter(({ replacement }) => replacement.givenUpBy === undefined);
  const leased = await notBack(loadBalancing, leases, (incident) => currentEjection(incident)?.target ?? incident.target);
  const replaced = await notBack(loadBalancing, replacements, ({ replacement }) => replacement.target);
  return { leased: [...leased.map(named), ...unread], replaced };
}

/** Without its table there is nothing on record that could be out. */
async function openCases(cases: GuardPorts['cases']): ReturnType<CaseRecords['open']> {
  try {
    return await cases.open();
  } catch (error) {
    if (isTableNotFound(error)) return [];
    throw error;
  }
}

async function notBack<Out extends TargetCase>(
  balancing: GuardPorts['loadBalancing'],
  out: readonly Out[],
  targetOf: (incident: Out) => Target,
): Promise<Out[]> {
  const back = await Promise.all(out.map((incident) => isBack(balancing, incident.groupArn, targetOf(incident))));
  return out.filter((_, index) => back[index] !== true);
}

/** Registered again, by whomever, or without a target group to come back to. */
async function isBack(balancing: GuardPorts['loadBalancing'], groupArn: string, target: Target): Promise<boolean> {
  try {
    return isRegistered(lbTargetOf(await balancing.health(groupArn), target));
  } catch (error) {
    if (isGroupNotFound(error)) return true;
    throw error;
  }
}

function named({ target, groupArn }: TargetCase): string {
  return `${targetKey(target)} of ${groupName(groupArn)}`;
}
