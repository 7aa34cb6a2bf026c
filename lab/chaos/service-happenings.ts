/**
 * What happens to the service of a plan, and to its tasks, which are told by their place in line.
 */
import { primary } from '../world/ecs-records';
import { targetOf } from '../world/ecs-targets';
import type { TaskRecord } from '../world/ecs-records';
import { groupArn } from './plan';
import { CLUSTER, SERVICE, hostName } from './plan-service';
import type { Happening } from './happenings';
import type { Stage } from './roles';

const ASKED = { by: 'chaos', reason: 'drawn' };

/** With the task that is this many places from the oldest one, where there are that many. */
function withTask(atMinute: number, nth: number, says: string, happen: (stage: Stage, task: TaskRecord) => void): Happening {
  return {
    atMinute,
    summary: `task ${nth} ${says}`,
    happen: (stage) => {
      const task = stage.tasks.live()[nth];
      if (task !== undefined) happen(stage, task);
    },
  };
}

function withService(atMinute: number, summary: string, happen: (stage: Stage) => void): Happening {
  return { atMinute, summary, happen };
}

export function taskSickens(atMinute: number, nth: number): Happening {
  return withTask(atMinute, nth, 'becomes slow', ({ fleet }, task) => fleet.sicken(task.id));
}

export function taskHeals(atMinute: number, nth: number): Happening {
  return withTask(atMinute, nth, 'is well again', ({ fleet }, task) => fleet.heal(task.id));
}

/** By its own code or by somebody, as before work that must not be interrupted. */
export function taskProtected(atMinute: number, nth: number, forMinutes: number): Happening {
  return withTask(atMinute, nth, `is protected for ${forMinutes} min`, ({ world }, task) => {
    world.ecs.updateTaskProtection({ cluster: CLUSTER, tasks: [task.arn], protectionEnabled: true, expiresInMinutes: forMinutes });
  });
}

/** The sick one, whatever its place is by then. */
export function sickTaskProtected(atMinute: number, forMinutes: number): Happening {
  return withService(atMinute, `the slow tasks are protected for ${forMinutes} min`, ({ world, tasks, fleet }) => {
    const sick = tasks.live().filter((task) => fleet.isSick(task.id));
    for (const { arn } of sick)
      world.ecs.updateTaskProtection({ cluster: CLUSTER, tasks: [arn], protectionEnabled: true, expiresInMinutes: forMinutes });
  });
}

export function sickTaskStopped(atMinute: number): Happening {
  return withService(atMinute, 'the slow tasks are stopped by somebody', ({ world, tasks, fleet }) => {
    for (const task of tasks.live().filter(({ id }) => fleet.isSick(id)))
      world.ecs.stopTask({ cluster: CLUSTER, task: task.arn, reason: 'by hand' });
  });
}

export function somebodyStops(atMinute: number, nth: number): Happening {
  return withTask(atMinute, nth, 'is stopped by somebody', ({ world }, task) => {
    world.ecs.stopTask({ cluster: CLUSTER, task: task.arn, reason: 'by hand' });
  });
}

export function somebodyDeregisters(atMinute: number, nth: number): Happening {
  return withTask(atMinute, nth, 'is deregistered by somebody', (stage, task) => {
    const { Id, Port } = targetOf(task);
    stage.world.elb.deregisterTargets({ TargetGroupArn: groupArn(SERVICE), Targets: [{ Id, Port }] });
    stage.look();
  });
}

export function deployed(atMinute: number): Happening {
  return withService(atMinute, 'a deployment begins', ({ world }) => {
    const service = world.ecs.serviceRecord(CLUSTER, SERVICE);
    const { definition } = primary(service);
    world.ecs.deploy(service, { ...definition, revision: definition.revision + 1 });
  });
}

export function serviceScaled(atMinute: number, by: number): Happening {
  return withService(atMinute, `the service is scaled by ${by}`, ({ world }) => {
    const { desired } = world.ecs.serviceRecord(CLUSTER, SERVICE);
    world.ecs.updateService({ cluster: CLUSTER, service: SERVICE, desiredCount: Math.max(1, desired + by) });
  });
}

export function hostDrains(atMinute: number, number: number, status: 'DRAINING' | 'ACTIVE' = 'DRAINING'): Happening {
  return withService(atMinute, `container host ${number} is ${status}`, ({ world }) =>
    world.ecs.setHostStatus(CLUSTER, hostName(number), status),
  );
}

/** Its tasks run on, and nothing that ECS asks of the host is done. */
export function agentLost(atMinute: number, number: number): Happening {
  return withService(atMinute, `the agent of container host ${number} is lost`, ({ world }) =>
    world.ecs.setAgentConnected(CLUSTER, hostName(number), false),
  );
}

/** By `sickbay hold`, `sickbay restore` or `sickbay give-up`, about a task's target. */
export function operatorAsks(atMinute: number, nth: number, kind: 'hold' | 'restore' | 'give-up'): Happening {
  return withTask(atMinute, nth, `: an operator asks for ${kind}`, (stage, task) => {
    const subject = targetOf(task).Id;
    stage.functions.ask(kind === 'give-up' ? { kind, subject, ...ASKED } : { kind, subject, forS: 300, ...ASKED });
  });
}
