/**
 * What the two pipelines need from the world. Handlers wire these to AWS (lambda/aws/ and the
 * adapters beside each stage); chaos runs wire them to the lab's world model. A method makes at
 * most one mutating call.
 */
import type { Deployment } from '../core/report/links';
import type { Clock, Metrics, Log } from './ports/running';
import type {
  LoadBalancing,
  BalancerMetrics,
  AccessLogs,
  Hosts,
  TaskHosts,
  Instances,
  TargetRefs,
  InstanceStates,
  Owners,
  KillSwitchReader,
} from './ports/world';
import type { Prober, ClientSampler, PageReader } from './ports/probing';
import type { RoundRecords, CaseRecords, LeaseRecords } from './ports/records';
import type { ScheduledRestores, Registrations } from './ports/removing';
import type { EcsServices, ScheduledStops, TaskMetrics } from './ports/ecs';
import type { Topic, CaseEvents } from './ports/telling';

export type * from './ports/running';
export type * from './ports/world';
export type * from './ports/probing';
export type * from './ports/records';
export type * from './ports/removing';
export type * from './ports/ecs';
export type * from './ports/telling';

export interface Responder {
  /** Starts the responder asynchronously. */
  wake(): Promise<void>;
}

export interface SweepPorts {
  readonly clock: Clock;
  readonly loadBalancing: LoadBalancing;
  readonly instances: Instances;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  readonly prober: Prober;
  /** In another subnet, where the configuration names several. */
  readonly secondProber?: Prober;
  readonly clients: ClientSampler;
  readonly rounds: RoundRecords;
  readonly cases: Pick<CaseRecords, 'open'>;
  readonly responder: Responder;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface RespondPorts {
  readonly clock: Clock;
  readonly loadBalancing: LoadBalancing;
  readonly balancerMetrics: BalancerMetrics;
  /** Undefined where none are configured. */
  readonly accessLogs?: AccessLogs;
  readonly hosts: Hosts;
  readonly taskHosts: TaskHosts;
  /** Undefined where no group declares a page. */
  readonly pages?: PageReader;
  readonly rounds: Pick<RoundRecords, 'latest'>;
  readonly cases: CaseRecords;
  readonly lease: LeaseRecords;
  readonly scheduledRestores: ScheduledRestores;
  readonly owners: Owners;
  readonly instanceStates: InstanceStates;
  readonly targetRefs: Pick<TargetRefs, 'of'>;
  readonly registrations: Registrations;
  readonly ecs: EcsServices;
  readonly scheduledStops: ScheduledStops;
  /** Undefined where no group declares a service. */
  readonly taskMetrics?: TaskMetrics;
  readonly topic: Topic;
  readonly caseEvents: CaseEvents;
  /** Where this stack is, and where people find it: for links in what they are told. */
  readonly deployment: Deployment;
  readonly killSwitch: KillSwitchReader;
  readonly log: Log;
  readonly metrics: Metrics;
}
