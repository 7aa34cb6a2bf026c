/**
 * Where a target is looked at: on its host, and of a task of ECS on the container host that it runs
 * on, within its own containers.
 */
import { parseInspection } from '../../core/diagnose/parse';
import {
  isInstanceId,
  targetKey,
  taskOf,
  type EcsTask,
  type HostCapture,
  type Round,
  type ServiceReading,
  type Target,
} from '../../core/model';

/**
 * Systems Manager knows hosts by their instance id; all else knows them by the id of their target.
 */
export type Place = { readonly instanceId: string; readonly taskId?: string } | { readonly why: string };

/** A node says nothing of one of its pods. */
export function hostOf({ targetRefs }: Round, target: Target): Place {
  if (isInstanceId(target.id)) return { instanceId: target.id };
  const ref = targetRefs?.[targetKey(target)];
  switch (ref?.kind) {
    case 'instance':
      return { instanceId: ref.instanceId };
    case 'pod':
      return { why: 'a pod: Run Command reaches its node, and not the pod' };
    case 'ecs-task':
      return { why: 'an ECS task: only those of a declared service are looked into' };
    case 'unknown':
      return { why: ref.why };
    case undefined:
      return { why: 'who has its address is not known' };
  }
}

/**
 * Of a target of a declared service, as ECS describes it now. Not of a task that has begun since
 * the round: its address was another one's when it was measured.
 */
export function taskPlace(service: ServiceReading, round: Round, target: Target): Place {
  if ('why' in service) return { why: `its service could not be read: ${service.why}` };
  const task = taskOf(service, round.groupArn, target);
  if (task === undefined) return { why: `no running task of the service ${service.service.name} has it` };
  return placeOf(task, round);
}

const WITHOUT_RUN_COMMAND: Readonly<Record<string, string>> = {
  FARGATE: 'no Run Command on Fargate',
  EXTERNAL: 'no Run Command on an instance outside EC2',
};

/** `cluster/ID` or `ID` behind `task/` (Amazon ECS ARNs, developer guide). */
const TASK_ID = /\/([0-9a-f-]{32,36})$/;

function placeOf({ arn, launchType, host, startedAt }: EcsTask, round: Round): Place {
  if (launchType !== 'EC2') return { why: WITHOUT_RUN_COMMAND[launchType] ?? `ECS says that its launch type is ${launchType}` };
  if (startedAt === undefined || startedAt > round.startedAt) return { why: 'its task has begun since it was measured' };
  if (host?.instanceId === undefined) return { why: 'ECS did not tell which container host its task is on' };
  const taskId = TASK_ID.exec(arn)?.[1];
  return taskId === undefined ? { why: `its task has no id that is known: ${arn}` } : { instanceId: host.instanceId, taskId };
}

/**
 * Those that are not on the host of the sick one, unless all are: a peer there shows the same
 * processes, so that whatever harms the sick one would seem to run on a healthy host as well.
 */
export function apart(peers: readonly Target[], sick: Place, placeOf: (target: Target) => Place): readonly Target[] {
  if ('why' in sick) return peers;
  const elsewhere = peers.filter((peer) => {
    const place = placeOf(peer);
    return 'why' in place || place.instanceId !== sick.instanceId;
  });
  return elsewhere.some((peer) => 'instanceId' in placeOf(peer)) ? elsewhere : peers;
}

/** As `host/steps/app.sh` tells it. */
const ASTRAY = /^no process of the task listens on port \d+/;

/**
 * Why what was read on a container host says nothing of the task: its processes are not there, and
 * what else runs there, other tasks of its service among it, must not pass for it.
 */
export function strayed(capture: HostCapture): string | undefined {
  const why = parseInspection(capture)?.sections.get('app')?.why ?? '';
  return ASTRAY.exec(why)?.[0];
}
