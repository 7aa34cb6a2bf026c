/** Who answers behind a case's target, as people look for it. */
import { hostIdOf, type Case } from '../model';
import { replacementOf, taskId } from '../replacement';
import { line } from './harmless';

/**
 * The instance on which a person looks: the target, the holder of its address, or the host of its
 * task. Not the node of a pod: to that the cluster leads, and it is never what is taken out.
 */
export function instanceOf({ target, targetRef }: Pick<Case, 'target' | 'targetRef'>): string | undefined {
  return target === undefined || targetRef?.kind === 'pod' ? undefined : hostIdOf(target, targetRef);
}

/** Of 255 characters that the name of a service may have. */
const NAME_MAX = 40;

/** A service's or a cluster's name, which an ARN ends in. */
export function shortName(nameOrArn: string): string {
  return line(nameOrArn.split('/').at(-1) ?? nameOrArn, NAME_MAX);
}

/** "instance i-0c3d", "task 0a1b, ECS service checkout in cluster shop", as far as it is known. */
export function behindText(incident: Case): string[] {
  const instance = instanceOf(incident);
  const { target, targetRef } = incident;
  const replacement = replacementOf(incident);
  const task = replacement?.taskArn ?? (targetRef?.kind === 'ecs-task' ? targetRef.taskArn : undefined);
  return [
    ...(task === undefined ? [] : [`task ${taskId(task)}`]),
    ...(replacement === undefined ? [] : [`ECS service ${shortName(replacement.service)} in cluster ${shortName(replacement.cluster)}`]),
    ...(instance === undefined || instance === target?.id ? [] : [`instance ${instance}`]),
  ];
}
