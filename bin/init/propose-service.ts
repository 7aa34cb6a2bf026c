/** What is proposed where a service of ECS registers the targets. Pure. */
import { obstaclesOf } from '../../core/decide/replace/service-rules';
import { holds, type DeclaredService } from '../../core/model';
import { counted, listed, type Proposed } from './proposal';
import type { FoundService, SurveyedTarget } from './survey';

export interface ServiceProposal {
  readonly input: { readonly owner?: 'ecs'; readonly ecs?: DeclaredService };
  readonly proposed: readonly Proposed[];
}

/** Undefined where none registers in the group. */
export function proposeService(
  groupArn: string,
  targets: readonly SurveyedTarget[],
  services: readonly FoundService[],
): ServiceProposal | undefined {
  const [found, ...others] = services;
  if (found === undefined) return undefined;
  const names = listed(services.map(({ declared: { cluster, service } }) => `${cluster}/${service}`));
  if (others.length > 0) return without(`${counted(services.length, 'service')} of ECS register in it (${names}), and one can be declared`);
  const { declared, view, readAt } = found;
  if (view === undefined) return without(`the service ${names} of ECS registers in it, and its tasks could not be read`);
  const strangers = targets.filter((target) => target.state !== 'draining' && !view.tasks.some((task) => holds(task, groupArn, target)));
  if (strangers.length > 0)
    return without(
      `the service ${names} of ECS registers in it, and ${strangers.length} of its ${counted(targets.length, 'target')} (${listed(strangers.map(({ id, port }) => `${id}:${port}`))}) are none of its tasks`,
    );
  const obstacles = obstaclesOf(view, readAt);
  return {
    input: { owner: 'ecs', ecs: declared },
    proposed: [
      {
        key: 'owner',
        value: 'ecs',
        why: `all of them are tasks of the service ${names}: a slow task is deregistered, drained and stopped, and its service starts another one, which cannot be undone`,
      },
      obstacles.length === 0
        ? { key: 'ecs', value: names, why: 'nothing about the service is in the way of replacing a task' }
        : { key: 'ecs', value: names, why: `as the service is now no task is ever replaced: ${obstacles.join('; ')}`, attention: true },
    ],
  };
}

function without(why: string): ServiceProposal {
  return { input: {}, proposed: [{ key: 'owner', why: `${why}; without an owner nothing is ever removed` }] };
}
