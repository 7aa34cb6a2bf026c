/** Services of ECS: which of them register in a target group, and one with its tasks. */
import { DescribeServicesCommand, paginateListClusters, paginateListServices, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { DeclaredService, ServiceView } from '../../core/model';
import { readServiceView } from '../../lambda/aws/ecs';
import { inChunks } from '../../lambda/discover/chunks';
import { isClusterNotFound } from '../../lambda/discover/gone';
import { mapLimit } from '../../lambda/map-limit';

export interface AccountServices {
  /** Every service that names each target group, by its ARN; a group that none names is absent. */
  registering(): Promise<Map<string, DeclaredService[]>>;
  /** Undefined when ECS knows no such cluster or service. */
  view(declared: DeclaredService): Promise<ServiceView | undefined>;
}

/** DescribeServices takes ten (API reference), ListServices gives at most a hundred. */
const DESCRIBED_AT_ONCE = 10;
const LISTED_AT_ONCE = 100;

const CLUSTERS_AT_ONCE = 4;

export function accountServices(client: ECSClient): AccountServices {
  return {
    view: async (declared) => {
      try {
        return await readServiceView(client, declared, [], Date.now());
      } catch (error) {
        if (isClusterNotFound(error)) return undefined;
        throw error;
      }
    },
    registering: () => byTargetGroup(client),
  };
}

async function byTargetGroup(client: ECSClient): Promise<Map<string, DeclaredService[]>> {
  const found = new Map<string, DeclaredService[]>();
  for (const { cluster, service } of await allServices(client))
    for (const arn of namedIn(service)) found.set(arn, [...(found.get(arn) ?? []), { cluster, service: service.serviceName ?? '' }]);
  return found;
}

async function allServices(client: ECSClient): Promise<{ readonly cluster: string; readonly service: Service }[]> {
  const clusters: string[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client }, {})) clusters.push(...clusterArns);
  const found = await mapLimit(CLUSTERS_AT_ONCE, clusters, async (arn) => {
    const services = await servicesOf(client, arn);
    return services.map((service) => ({ cluster: arn.split('/').at(-1) ?? '', service }));
  });
  return found.flat();
}

/** @throws where ECS does not describe one that it has just listed: it may be the one. */
async function servicesOf(client: ECSClient, cluster: string): Promise<Service[]> {
  const arns: string[] = [];
  for await (const { serviceArns = [] } of paginateListServices({ client }, { cluster, maxResults: LISTED_AT_ONCE }))
    arns.push(...serviceArns);
  const described: Service[] = [];
  for (const services of inChunks(arns, DESCRIBED_AT_ONCE)) {
    const answer = await client.send(new DescribeServicesCommand({ cluster, services }));
    const [failure] = (answer.failures ?? []).filter(({ reason }) => reason !== 'MISSING');
    if (failure !== undefined) throw new Error(`ECS could not describe ${failure.arn}: ${failure.reason}`);
    described.push(...(answer.services ?? []).filter(({ status }) => status !== 'INACTIVE'));
  }
  return described;
}

/**
 * The target groups that a service registers in, with those of its task sets and the one that a
 * blue/green deployment moves to (LoadBalancer, API reference: `advancedConfiguration`).
 */
function namedIn({ loadBalancers = [], taskSets = [] }: Service): Set<string> {
  const all = [...loadBalancers, ...taskSets.flatMap((set) => set.loadBalancers ?? [])];
  return new Set(
    all.flatMap(({ targetGroupArn, advancedConfiguration }) =>
      [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn].filter((arn) => arn !== undefined),
    ),
  );
}
