/**
 * What CloudFormation asks before it deletes the stack: is anything still out? Then the deletion is
 * refused, with the command to run. It looks at the world and not at the records alone: when the
 * responder is dead nobody writes there that a target is back. In a deployment it is asked whether
 * this is the place of the target groups.
 */
import { currentEjection, groupName, isOut, isRegistered, isTargetCase, lbTargetOf } from '../core/case';
import { targetKey, type TargetCase } from '../core/model';
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
    const out = await stillOut(ports);
    return out.length === 0 ? undefined : refusal(ports, request, `still out: ${out.join(', ')}`);
  } catch (error) {
    ports.log('delete-guard-failed', errorFields(error));
    return refusal(ports, request, `whether a target is out could not be told (${errorFields(error).error})`);
  }
}

function refusal({ casesTable }: GuardPorts, { StackId, LogicalResourceId }: ResourceRequest, why: string): string {
  const stack = StackId.split('/')[1] ?? StackId;
  return [
    `${why}.`,
    `Put it back and delete again: ${sickbayCommand(`restore --all --direct --table ${casesTable}`)}`,
    `To delete all the same: aws cloudformation delete-stack --stack-name ${stack} --retain-resources ${LogicalResourceId}`,
  ].join(' ');
}

async function stillOut({ cases, loadBalancing }: GuardPorts): Promise<string[]> {
  const all = await openCases(cases);
  const unread = all
    .filter(isUnreadable)
    .map(({ id, groupArn }) => `what case ${id} of ${groupName(groupArn)} has out, which is of a later version`);
  const out = all.filter(isTargetCase).filter(isOut);
  const looked = await Promise.all(out.map(async (incident) => ((await isBack(loadBalancing, incident)) ? [] : [named(incident)])));
  return [...looked.flat(), ...unread];
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

/** Registered again, by whomever, or without a target group to come back to. */
async function isBack(loadBalancing: GuardPorts['loadBalancing'], incident: TargetCase): Promise<boolean> {
  try {
    const view = await loadBalancing.health(incident.groupArn);
    return isRegistered(lbTargetOf(view, currentEjection(incident)?.target ?? incident.target));
  } catch (error) {
    if (isGroupNotFound(error)) return true;
    throw error;
  }
}

function named({ target, groupArn }: TargetCase): string {
  return `${targetKey(target)} of ${groupName(groupArn)}`;
}
