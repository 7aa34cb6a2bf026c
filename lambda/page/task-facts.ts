/** What ECS tells of a task, beside what was seen of it: also where nothing was. */
import { taskOf, type EcsTask, type HostCapture, type ServiceReading, type Target, type TaskFacts } from '../../core/model';

/** A service that could not be read says nothing of its tasks. */
export function withTaskFacts(service: ServiceReading, groupArn: string, target: Target, capture: HostCapture): HostCapture {
  const task = taskOf(service, groupArn, target);
  return task === undefined ? capture : { ...capture, task: factsOf(task) };
}

function factsOf({ arn, startedAt, zone, platformVersion, definition, images }: EcsTask): TaskFacts {
  return {
    arn,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(zone === undefined ? {} : { zone }),
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(definition === undefined ? {} : { definition }),
    ...(images === undefined ? {} : { images }),
  };
}
