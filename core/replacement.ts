/** Questions about the replacement of a task that more than one stage asks. */
import { isTargetCase } from './case';
import type { Case, DeclaredService, EcsTask, Replacement, TargetCase } from './model';

/**
 * For so long Scheduler tries a scheduled stop again that ECS refused: a task that was not stopped
 * by then still runs outside the load balancer, and the dead letter pages.
 */
export const STOP_RETRIES_MS = 600_000;

/** The case's replacement that was not abandoned; undefined when it replaces nothing. */
export function replacementOf(incident: Case): Replacement | undefined {
  const { replacement } = incident;
  return replacement?.abandonedAt === undefined ? replacement : undefined;
}

/** A target case with a replacement that has not ended. */
export type ReplacingCase = TargetCase & { readonly replacement: Replacement };

/** Under way, not yet verified, or failed and not looked at. */
export function isReplacing(incident: Case): incident is ReplacingCase {
  return isTargetCase(incident) && incident.state !== 'closed' && replacementOf(incident) !== undefined;
}

/** Its task runs outside the load balancer, as far as the records go. */
export function isOutForReplacement(incident: Case): incident is ReplacingCase {
  return isReplacing(incident) && incident.replacement.stoppedAt === undefined;
}

/** How the configuration named the service when the replacement began. */
export function declaredOf({ cluster, service }: Replacement): DeclaredService {
  return { cluster, service };
}

/** Whether somebody asked for its end, or it has come (Task `desiredStatus`, API reference). */
export function isStopping({ lastStatus, desiredStatus }: EcsTask): boolean {
  return desiredStatus === 'STOPPED' || ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED', 'DELETED'].includes(lastStatus);
}

/** What ends a task by hand: its service starts another one, and no other task can be hit. */
export function stopTaskCommand({ clusterArn, taskArn }: Replacement): string {
  return `aws ecs stop-task --cluster ${clusterArn} --task ${taskArn}`;
}

/** The id at the end of a task's ARN, as the console shows it. */
export function taskId(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
