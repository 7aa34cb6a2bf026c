import type {
  DescribeClustersRequest,
  DescribeClustersResponse,
  DescribeContainerInstancesRequest,
  DescribeContainerInstancesResponse,
  DescribeServicesRequest,
  DescribeServicesResponse,
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  DescribeTasksRequest,
  DescribeTasksResponse,
  GetTaskProtectionRequest,
  GetTaskProtectionResponse,
  ListClustersRequest,
  ListClustersResponse,
  ListContainerInstancesRequest,
  ListContainerInstancesResponse,
  ListServicesRequest,
  ListServicesResponse,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  ListTasksRequest,
  ListTasksResponse,
  StopTaskRequest,
  StopTaskResponse,
  UpdateContainerInstancesStateRequest,
  UpdateContainerInstancesStateResponse,
  UpdateServiceRequest,
  UpdateServiceResponse,
  UpdateTaskProtectionRequest,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs';
import { arn } from './account';
import { AwsError } from './aws-error';
import {
  definitionArn,
  describeCluster,
  describeDefinition,
  describeInstance,
  describeService,
  describeTask,
  tagsOf,
} from './ecs-describe';
import { EcsControl } from './ecs-control';
import { isProtected, primary, type ClusterRecord, type TaskRecord } from './ecs-records';
import { atMost, found, idOf } from './ecs-requests';
import { pageOf } from './paging';

/**
 * The API of Amazon ECS: what it shows of the control plane, and what a caller may change there.
 */
export class Ecs extends EcsControl {
  listClusters({ nextToken, maxResults = 100 }: ListClustersRequest): ListClustersResponse {
    const page = pageOf(
      [...this.clusters.values()].map((one) => one.arn),
      nextToken,
      maxResults,
      'InvalidParameterException',
    );
    return { clusterArns: page.items, nextToken: page.next };
  }

  describeClusters({ clusters = ['default'] }: DescribeClustersRequest): DescribeClustersResponse {
    const { hits, failures } = found(
      clusters,
      (id) => this.clusters.get(idOf(id)),
      (id) => arn(this.account, 'ecs', `cluster/${idOf(id)}`),
    );
    return { clusters: hits.map(describeCluster), failures };
  }

  /** Ten at a time where nothing is said (ListServices, API reference). */
  listServices({ cluster, nextToken, maxResults = 10, launchType, schedulingStrategy }: ListServicesRequest): ListServicesResponse {
    const services = [...this.cluster(cluster).services.values()].filter(
      ({ spec }) =>
        (launchType === undefined || spec.launchType === launchType) &&
        (schedulingStrategy === undefined || (spec.schedulingStrategy ?? 'REPLICA') === schedulingStrategy),
    );
    const page = pageOf(
      services.map((service) => service.arn),
      nextToken,
      maxResults,
      'InvalidParameterException',
    );
    return { serviceArns: page.items, nextToken: page.next };
  }

  describeServices({ cluster, services = [], include = [] }: DescribeServicesRequest): DescribeServicesResponse {
    atMost('services', services, 10);
    const { name, services: known } = this.cluster(cluster);
    const { hits, failures } = found(
      services,
      (id) => known.get(idOf(id)),
      (id) => arn(this.account, 'ecs', `service/${name}/${idOf(id)}`),
    );
    return { services: hits.map((service) => describeService(this.account, service, include.includes('TAGS'))), failures };
  }

  /** Tasks whose desired status is RUNNING where nothing is said (ListTasks, API reference). */
  listTasks(input: ListTasksRequest): ListTasksResponse {
    const { cluster, serviceName, containerInstance, family, launchType, startedBy, nextToken, maxResults = 100 } = input;
    const at = this.cluster(cluster);
    const service = serviceName === undefined ? undefined : this.service(at, serviceName);
    const desired = input.desiredStatus ?? 'RUNNING';
    const wanted = [...at.tasks.values()].filter(
      (task) =>
        task.desiredStatus === desired &&
        (service === undefined || task.service === service) &&
        (family === undefined || task.definition.family === family) &&
        (launchType === undefined || task.service.spec.launchType === launchType) &&
        (startedBy === undefined || task.deployment.id === startedBy) &&
        (containerInstance === undefined || task.containerInstance?.id === idOf(containerInstance)),
    );
    const page = pageOf(
      wanted.map((task) => task.arn),
      nextToken,
      maxResults,
      'InvalidParameterException',
    );
    return { taskArns: page.items, nextToken: page.next };
  }

  describeTasks({ cluster, tasks = [], include = [] }: DescribeTasksRequest): DescribeTasksResponse {
    atMost('tasks', tasks, 100);
    const { name, tasks: known } = this.cluster(cluster);
    const { hits, failures } = found(
      tasks,
      (id) => known.get(idOf(id)),
      (id) => arn(this.account, 'ecs', `task/${name}/${idOf(id)}`),
    );
    return { tasks: hits.map((task) => describeTask(this.account, task, include.includes('TAGS'))), failures };
  }

  describeTaskDefinition({ taskDefinition = '' }: DescribeTaskDefinitionRequest): DescribeTaskDefinitionResponse {
    const wanted = idOf(taskDefinition);
    const known = this.definitions.filter(
      ({ definition }) => wanted === definition.family || wanted === `${definition.family}:${definition.revision}`,
    );
    const newest = known.sort((a, b) => b.definition.revision - a.definition.revision)[0];
    if (newest === undefined) throw new AwsError('ClientException', 'Unable to describe task definition.');
    return { taskDefinition: describeDefinition(this.account, newest.definition, newest.launchType), tags: [] };
  }

  listContainerInstances({ cluster, status, nextToken, maxResults = 100 }: ListContainerInstancesRequest): ListContainerInstancesResponse {
    const wanted = [...this.cluster(cluster).instances.values()].filter((one) => status === undefined || one.status === status);
    const page = pageOf(
      wanted.map((one) => one.arn),
      nextToken,
      maxResults,
      'InvalidParameterException',
    );
    return { containerInstanceArns: page.items, nextToken: page.next };
  }

  describeContainerInstances({ cluster, containerInstances = [] }: DescribeContainerInstancesRequest): DescribeContainerInstancesResponse {
    atMost('containerInstances', containerInstances, 100);
    const at = this.cluster(cluster);
    const { hits, failures } = found(
      containerInstances,
      (id) => at.instances.get(idOf(id)),
      (id) => arn(this.account, 'ecs', `container-instance/${at.name}/${idOf(id)}`),
    );
    return { containerInstances: hits.map((one) => describeInstance(at, one)), failures };
  }

  /**
   * Of every task that runs, protected or not. Without tasks it answers for all of the cluster's
   * service tasks (I).
   */
  getTaskProtection({ cluster, tasks }: GetTaskProtectionRequest): GetTaskProtectionResponse {
    const at = this.cluster(cluster);
    const ids = tasks === undefined || tasks.length === 0 ? [...at.tasks.keys()] : tasks;
    atMost('tasks', ids, 100);
    return this.protections(at, ids);
  }

  /**
   * Two hours where no time is given, 1 minute to 48 hours (UpdateTaskProtection, API reference).
   */
  updateTaskProtection(input: UpdateTaskProtectionRequest): UpdateTaskProtectionResponse {
    const { cluster, tasks = [], protectionEnabled, expiresInMinutes = 120 } = input;
    atMost('tasks', tasks, 10);
    if (expiresInMinutes < 1 || expiresInMinutes > 2_880)
      throw new AwsError('InvalidParameterException', `expiresInMinutes: got ${expiresInMinutes}, allowed 1 to 2880`);
    const at = this.cluster(cluster);
    const until = protectionEnabled === true ? this.clock.now() + 60_000 * expiresInMinutes : 0;
    for (const id of tasks) {
      const task = at.tasks.get(idOf(id));
      if (task?.desiredStatus === 'RUNNING') task.protectedUntil = until;
    }
    return this.protections(at, tasks);
  }

  /**
   * Protection does not keep a caller from it (UpdateTaskProtection, API reference: scale-in and
   * deployments).
   */
  stopTask({ cluster, task: id = '', reason = 'Task stopped by user' }: StopTaskRequest): StopTaskResponse {
    const task = this.cluster(cluster).tasks.get(idOf(id));
    if (task === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
    this.tasks.stop(task, { code: 'UserInitiated', reason, drainsFirst: false });
    return { task: describeTask(this.account, task, false) };
  }

  /** As much of it as the lab's operator needs: the count, the definition, a new deployment. */
  updateService(input: UpdateServiceRequest): UpdateServiceResponse {
    const service = this.service(this.cluster(input.cluster), input.service ?? '');
    service.desired = input.desiredCount ?? service.desired;
    const wanted = this.definitions.find(({ definition }) =>
      [definitionArn(this.account, definition), `${definition.family}:${definition.revision}`].includes(input.taskDefinition ?? ''),
    );
    if (input.taskDefinition !== undefined && wanted === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
    if (wanted !== undefined || input.forceNewDeployment === true) this.deploy(service, wanted?.definition ?? primary(service).definition);
    return { service: describeService(this.account, service, false) };
  }

  /**
   * ACTIVE or DRAINING: all service tasks there are replaced (developer guide, container instance
   * draining).
   */
  updateContainerInstancesState(input: UpdateContainerInstancesStateRequest): UpdateContainerInstancesStateResponse {
    const { cluster, containerInstances = [], status } = input;
    if (status !== 'ACTIVE' && status !== 'DRAINING')
      throw new AwsError('InvalidParameterException', `status: got ${status}, allowed ACTIVE or DRAINING`);
    const at = this.cluster(cluster);
    for (const id of containerInstances) this.setInstanceStatus(at, idOf(id), status);
    return this.describeContainerInstances({ cluster, containerInstances });
  }

  listTagsForResource({ resourceArn = '' }: ListTagsForResourceRequest): ListTagsForResourceResponse {
    const services = [...this.clusters.values()].flatMap((cluster) => [...cluster.services.values()]);
    const service = services.find((one) => one.arn === resourceArn);
    const task = [...this.clusters.values()].map((cluster) => cluster.tasks.get(idOf(resourceArn))).find((one) => one?.arn === resourceArn);
    if (service === undefined && task === undefined)
      throw new AwsError('InvalidParameterException', 'The specified resource was not found.');
    return { tags: tagsOf((service ?? task?.service)?.spec.tags ?? {}) };
  }

  private protections(at: ClusterRecord, ids: readonly string[]): GetTaskProtectionResponse {
    const running = (id: string): TaskRecord | undefined => {
      const task = at.tasks.get(idOf(id));
      return task?.lastStatus === 'RUNNING' ? task : undefined;
    };
    const { hits, failures } = found(ids, running, (id) => arn(this.account, 'ecs', `task/${at.name}/${idOf(id)}`), 'TASK_NOT_VALID');
    const now = this.clock.now();
    const protectedTasks = hits.map((task) => ({
      taskArn: task.arn,
      protectionEnabled: isProtected(task, now),
      ...(isProtected(task, now) ? { expirationDate: new Date(task.protectedUntil ?? 0) } : {}),
    }));
    return { protectedTasks, failures };
  }
}
