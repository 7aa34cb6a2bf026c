/**
 * How busy the tasks are of which neither an inspection nor a page told: what the capacity
 * projection may rest on beside those.
 */
import type { GroupConfig } from '../../core/config';
import { isRunning, type Case, type EcsTask, type HostLoad } from '../../core/model';
import { errorFields } from '../aws/log';
import type { RespondPorts } from '../ports';
import { readService } from '../respond/read-service';

type Ports = Pick<RespondPorts, 'taskMetrics' | 'ecs' | 'clock' | 'log'>;

/** A group as it is configured. */
interface Configured {
  readonly group: { readonly arn: string };
  readonly config: GroupConfig;
}

/**
 * The case with those loads, where it was looked at in this run (`before`: as it was read) and its
 * targets are tasks of a declared service; or with the reason why there are none. What was read of
 * a host itself goes before.
 */
export async function withTaskLoads<Incident extends Case>(
  ports: Ports,
  about: Configured,
  before: Case,
  looked: Incident,
): Promise<Incident> {
  const { taskMetrics } = ports;
  if (taskMetrics === undefined || looked.loads === before.loads || about.config.ecs === undefined) return looked;
  const read = await readLoads({ ...ports, taskMetrics }, about, looked.loads ?? []);
  const { taskLoads: _, ...rest } = looked;
  const kept = rest as Incident;
  return 'why' in read
    ? { ...kept, taskLoads: { readAt: ports.clock.now(), unread: read.why } }
    : { ...kept, loads: [...(looked.loads ?? []), ...read.loads], taskLoads: { readAt: ports.clock.now() } };
}

async function readLoads(
  ports: Ports & { readonly taskMetrics: NonNullable<Ports['taskMetrics']> },
  { group, config }: Configured,
  known: readonly HostLoad[],
): Promise<{ readonly loads: HostLoad[] } | { readonly why: string }> {
  const service = await readService(ports, group.arn, config, []);
  if (service === undefined || 'why' in service || config.ecs === undefined) return { why: 'the service could not be read' };
  const told = new Set(known.map(({ host }) => host));
  const asked = service.tasks.filter((task) => isOnFargate(task) && hostsIn(task, group.arn).some((host) => !told.has(host)));
  if (asked.length === 0) return { loads: [] };
  try {
    const cpu = await ports.taskMetrics.cpu(
      config.ecs,
      asked.map(({ arn }) => arn),
      ports.clock.now(),
    );
    if ('why' in cpu) return cpu;
    if (cpu.length === 0) return { why: 'Container Insights has no CPU of any of its tasks' };
    return { loads: asked.flatMap((task) => loadsOf(task, group.arn, told, cpu)) };
  } catch (error) {
    ports.log('task-metrics-unread', { groupArn: group.arn, ...errorFields(error) });
    return { why: `Container Insights could not be read: ${errorFields(error).error}`.slice(0, REASON_MAX) };
  }
}

/** Longest reason that is kept. */
const REASON_MAX = 300;

/**
 * On Fargate a task has the CPU of its definition and no more. On EC2 it may share its host with
 * whom it likes, and how busy it is says nothing of the room that is left.
 */
function isOnFargate(task: EcsTask): boolean {
  return task.launchType === 'FARGATE' && isRunning(task);
}

function hostsIn({ targets }: EcsTask, groupArn: string): string[] {
  return targets.filter((target) => target.groupArn === groupArn).map(({ id }) => id);
}

function loadsOf(
  task: EcsTask,
  groupArn: string,
  told: ReadonlySet<string>,
  cpu: readonly { readonly taskArn: string; readonly busyFraction: number; readonly endedAt: number }[],
): HostLoad[] {
  const reading = cpu.find(({ taskArn }) => taskArn === task.arn);
  if (reading === undefined) return [];
  return hostsIn(task, groupArn)
    .filter((host) => !told.has(host))
    .map((host) => ({ host, capturedAt: reading.endedAt, cpuBusy: reading.busyFraction, from: 'container-insights' as const }));
}
