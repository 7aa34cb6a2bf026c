import * as ecsClient from '@aws-sdk/client-ecs';
import { arn } from '../world/account';
import { idOf } from '../world/ecs-requests';
import { withLowerCaseNames } from '../world/schedule-target';
import type { World } from '../world/world';
import { jsonProtocol } from './protocol-json';
import { read, service, type Operation, type Service } from './service';

interface InCluster {
  readonly cluster?: string;
  readonly services?: readonly string[];
  readonly service?: string;
  readonly tasks?: readonly string[];
  readonly task?: string;
  readonly containerInstances?: readonly string[];
  readonly clusters?: readonly string[];
  readonly resourceArn?: string;
}

/**
 * AWS JSON 1.1, target prefix AmazonEC2ContainerServiceV20141113 (the SDK's client). Resources as
 * the service authorization reference has them: of ListServices and ListTasks there is none but the
 * condition key `ecs:cluster` (I: it lists a container instance for ListTasks as well).
 */
export function ecsService({ account, ecs }: World): Service {
  const named = (kind: string, { cluster = 'default' }: InCluster, ids: readonly string[]): string[] =>
    ids.map((id) => arn(account, 'ecs', `${kind}/${idOf(cluster)}/${idOf(id)}`));
  const services = (input: InCluster): string[] => named('service', input, input.services ?? [input.service ?? '']);
  const tasks = (input: InCluster): string[] => named('task', input, input.tasks ?? (input.task === undefined ? ['*'] : [input.task]));
  const hosts = (input: InCluster): string[] => named('container-instance', input, input.containerInstances ?? []);
  const clusters = (input: InCluster): string[] => (input.clusters ?? ['default']).map((id) => arn(account, 'ecs', `cluster/${idOf(id)}`));
  const readOf = (resources: Operation['resources'], run: Operation['run']): Operation => ({ mutating: false, resources, run });
  const change = (resources: Operation['resources'], run: Operation['run']): Operation => ({ mutating: true, resources, run });
  return service({
    signingName: 'ecs',
    iamPrefix: 'ecs',
    sdkName: 'ecs',
    client: ecsClient,
    protocol: jsonProtocol('1.1'),
    universalInput: withLowerCaseNames,
    operations: {
      ListClusters: read((input) => ecs.listClusters(input)),
      DescribeClusters: readOf(clusters, (input) => ecs.describeClusters(input)),
      ListServices: read((input) => ecs.listServices(input)),
      DescribeServices: readOf(services, (input) => ecs.describeServices(input)),
      ListTasks: read((input) => ecs.listTasks(input)),
      DescribeTasks: readOf(tasks, (input) => ecs.describeTasks(input)),
      DescribeTaskDefinition: read((input) => ecs.describeTaskDefinition(input)),
      ListContainerInstances: read((input) => ecs.listContainerInstances(input)),
      DescribeContainerInstances: readOf(hosts, (input) => ecs.describeContainerInstances(input)),
      GetTaskProtection: readOf(tasks, (input) => ecs.getTaskProtection(input)),
      UpdateTaskProtection: change(tasks, (input) => ecs.updateTaskProtection(input)),
      ListTagsForResource: readOf(
        ({ resourceArn = '' }: InCluster) => [resourceArn],
        (input) => ecs.listTagsForResource(input),
      ),
      UpdateService: change(services, (input) => ecs.updateService(input)),
      UpdateContainerInstancesState: change(hosts, (input) => ecs.updateContainerInstancesState(input)),
      StopTask: {
        mutating: true,
        resources: tasks,
        subjects: ({ task = '' }: InCluster) => [idOf(task)],
        run: (input) => ecs.stopTask(input),
      },
    },
  });
}
