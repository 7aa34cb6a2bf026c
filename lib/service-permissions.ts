import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '../core/config';
import { enforceCondition } from './target-arns';

/**
 * What the responder reads of the declared services, and nothing where none is declared. ListTasks
 * names a container instance, which a task on Fargate has not, and DescribeTaskDefinition no
 * resource (service authorization reference, Amazon ECS): the first is bound to the clusters.
 */
export function serviceReads(scope: Construct, config: Config): PolicyStatement[] {
  const services = declaredIn(config);
  if (services.length === 0) return [];
  const clusters = distinct(services.map(({ cluster }) => cluster));
  return [
    new PolicyStatement({
      actions: ['ecs:DescribeServices'],
      resources: distinct(services.map(({ cluster, service }) => arn(scope, 'service', `${cluster}/${service}`))),
    }),
    new PolicyStatement({ actions: ['ecs:ListTasks'], resources: ['*'], conditions: { ArnEquals: inClusters(scope, clusters) } }),
    new PolicyStatement({ actions: ['ecs:DescribeTasks', 'ecs:GetTaskProtection'], resources: tasksOf(scope, clusters) }),
    new PolicyStatement({
      actions: ['ecs:DescribeContainerInstances'],
      resources: clusters.map((cluster) => arn(scope, 'container-instance', `${cluster}/*`)),
    }),
    new PolicyStatement({ actions: ['ecs:DescribeTaskDefinition'], resources: ['*'] }),
    new PolicyStatement({ actions: ['ecs:DescribeClusters'], resources: clusters.map((cluster) => arn(scope, 'cluster', cluster)) }),
  ];
}

/**
 * Stops of tasks that carry the tag of this stack, in the clusters of the declared services. A task
 * carries its service's tags where that propagates them (CreateService, API reference,
 * `propagateTags`).
 */
export function stopStatements(scope: Construct, config: Config): PolicyStatement[] {
  const clusters = distinct(declaredIn(config).map(({ cluster }) => cluster));
  if (clusters.length === 0) return [];
  return [
    new PolicyStatement({
      actions: ['ecs:StopTask'],
      resources: tasksOf(scope, clusters),
      conditions: { StringEquals: enforceCondition(config), ArnEquals: inClusters(scope, clusters) },
    }),
  ];
}

function declaredIn({ targetGroups }: Config): readonly { readonly cluster: string; readonly service: string }[] {
  return targetGroups.flatMap(({ ecs }) => ecs ?? []);
}

function tasksOf(scope: Construct, clusters: readonly string[]): string[] {
  return clusters.map((cluster) => arn(scope, 'task', `${cluster}/*`));
}

function inClusters(scope: Construct, clusters: readonly string[]): { readonly 'ecs:cluster': string[] } {
  return { 'ecs:cluster': clusters.map((cluster) => arn(scope, 'cluster', cluster)) };
}

function arn(scope: Construct, resource: string, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'ecs', resource, resourceName });
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
