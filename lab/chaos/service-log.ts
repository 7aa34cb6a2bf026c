/**
 * What each run of the responder has read of ECS last, and when what it announced was on record.
 */
import type { Case, Replacement } from '../../core/model';
import { membersOf } from './call-input';
import type { Call, Invocation } from './invocation';

/** A task, and when it was first deregistered or stopped. */
export interface Begun {
  readonly taskArn: string;
  readonly at: number;
}

export interface ServiceRead {
  readonly step: number;
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  /** Tasks that have to run, by the service's own percentage. */
  readonly least: number;
  /** One deployment, PRIMARY and COMPLETED. */
  readonly isAtRest: boolean;
  /** When it last said that it could not start a task; -Infinity when it did not. */
  readonly troubleAt: number;
  readonly tags: ReadonlyMap<string, string>;
}

interface Announced {
  /** Steps at which the record of each intent was stored. */
  deregister: number;
  stop: number;
  register: number;
}

export class ServiceLog {
  service: ServiceRead | undefined;
  /** Tasks that were read as unprotected, and at which step. */
  readonly unprotected = new Map<string, number>();
  readonly hosts = new TaskHosts();
  readonly announced = new Map<string, Announced>();

  note(call: Call, answer: unknown): void {
    if (call.name === 'DescribeServices') this.service = serviceIn(call.number, answer);
    if (call.name === 'DescribeTasks' || call.name === 'DescribeContainerInstances') this.hosts.note(answer as HostsAnswer);
    if (call.name === 'GetTaskProtection') this.protection(call, answer as ProtectionAnswer);
    if (call.name === 'cases.put') this.record(call.number, answer as Case);
  }

  intents(taskArn: string): Announced {
    return this.announced.get(taskArn) ?? { deregister: Infinity, stop: Infinity, register: Infinity };
  }

  private protection({ number, input }: Call, { protectedTasks = [] }: ProtectionAnswer): void {
    for (const arn of membersOf(input).tasks ?? []) this.unprotected.delete(arn);
    for (const { taskArn = '', protectionEnabled } of protectedTasks)
      if (protectionEnabled === false) this.unprotected.set(taskArn, number);
  }

  private record(step: number, { replacement }: Case): void {
    if (replacement === undefined) return;
    const before = this.announced.get(replacement.taskArn);
    this.announced.set(replacement.taskArn, {
      deregister: grew(replacement, this.seen.get(replacement.taskArn), 'deregisteredAt') ? step : (before?.deregister ?? Infinity),
      stop: grew(replacement, this.seen.get(replacement.taskArn), 'stopIntentAt') ? step : (before?.stop ?? Infinity),
      register: grew(replacement, this.seen.get(replacement.taskArn), 'registerIntentAt') ? step : (before?.register ?? Infinity),
    });
    this.seen.set(replacement.taskArn, replacement);
  }

  private readonly seen = new Map<string, Replacement>();
}

interface HostsAnswer {
  readonly tasks?: readonly { readonly taskArn?: string; readonly launchType?: string; readonly containerInstanceArn?: string }[];
  readonly containerInstances?: readonly {
    readonly containerInstanceArn?: string;
    readonly status?: string;
    readonly agentConnected?: boolean;
  }[];
}

/** The container host of each task as it was read last. */
class TaskHosts {
  private readonly hostOf = new Map<string, string | undefined>();
  private readonly statusOf = new Map<string, string>();

  note({ tasks = [], containerInstances = [] }: HostsAnswer): void {
    for (const { taskArn = '', launchType, containerInstanceArn } of tasks)
      this.hostOf.set(taskArn, launchType === 'FARGATE' ? 'none' : containerInstanceArn);
    for (const { containerInstanceArn = '', status = 'unknown', agentConnected } of containerInstances)
      this.statusOf.set(containerInstanceArn, agentConnected === true ? status : 'disconnected');
  }

  /** `none` of a task of Fargate. */
  of(taskArn: string): string {
    const host = this.hostOf.get(taskArn) ?? '';
    return host === 'none' ? host : (this.statusOf.get(host) ?? 'unread');
  }
}

interface ProtectionAnswer {
  readonly protectedTasks?: readonly { readonly taskArn?: string; readonly protectionEnabled?: boolean }[];
}

interface ServicesAnswer {
  readonly services?: readonly {
    readonly desiredCount?: number;
    readonly runningCount?: number;
    readonly pendingCount?: number;
    readonly deploymentConfiguration?: { readonly minimumHealthyPercent?: number };
    readonly deployments?: readonly { readonly status?: string; readonly rolloutState?: string }[];
    readonly events?: readonly { readonly createdAt?: Date; readonly message?: string }[];
    readonly tags?: readonly { readonly key?: string; readonly value?: string }[];
  }[];
}

function grew(now: Replacement, before: Replacement | undefined, field: 'deregisteredAt' | 'stopIntentAt' | 'registerIntentAt'): boolean {
  const [a, b] = [now[field], before?.[field]];
  return a !== undefined && JSON.stringify(a) !== JSON.stringify(b);
}

function serviceIn(step: number, answer: unknown): ServiceRead | undefined {
  const [service] = (answer as ServicesAnswer).services ?? [];
  if (service === undefined) return undefined;
  const {
    desiredCount: desired = 0,
    runningCount: running = 0,
    pendingCount: pending = 0,
    deployments = [],
    events = [],
    tags = [],
  } = service;
  const [only] = deployments;
  return {
    step,
    desired,
    running,
    pending,
    least: Math.ceil((desired * (service.deploymentConfiguration?.minimumHealthyPercent ?? 100)) / 100),
    isAtRest: deployments.length === 1 && only?.status === 'PRIMARY' && only.rolloutState === 'COMPLETED',
    troubleAt: Math.max(
      -Infinity,
      ...events
        .filter(({ message = '' }) => /unable to place|failed to start/.test(message))
        .map(({ createdAt }) => createdAt?.getTime() ?? 0),
    ),
    tags: new Map(tags.map(({ key = '', value = '' }) => [key, value])),
  };
}

/** By run. */
export class ServiceLogs {
  private readonly logs = new Map<Invocation, ServiceLog>();

  of(run: Invocation): ServiceLog {
    const log = this.logs.get(run) ?? new ServiceLog();
    this.logs.set(run, log);
    return log;
  }
}
