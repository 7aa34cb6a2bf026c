/**
 * The service of ECS that a scenario's targets are tasks of, and the replacement of one of them:
 * as many tasks as targets, at rest, unprotected, on Fargate.
 */
import type { Case, EcsTask, Replacement, ServiceReading, Target, TaskProtection } from '../../../core/model';
import { replacementCase } from '../cases';
import { GROUP } from '../groups';
import { NOW } from '../now';
import { oneOf, type Read } from './keys';

export const SERVICE_ARN = 'arn:aws:ecs:us-east-1:123456789012:service/shop/checkout';

export function taskArn(id: string): string {
  return `arn:aws:ecs:us-east-1:123456789012:task/shop/${id}`;
}

/** Where the owner is declared to be a service. */
export function serviceOf(read: Read, targets: readonly Target[]): { service?: ServiceReading } {
  if (read('declared owner', 'static') !== 'ecs') return {};
  const service = read('service', 'read');
  if (service !== 'read') return { service: { why: service } };
  const [running = targets.length, pending = 0, desired = targets.length] = read('service counts', '')
    .split('/')
    .filter(Boolean)
    .map(Number);
  const [least, most] = read('percent', '50/200').split('/').map(Number);
  return {
    service: {
      service: {
        arn: SERVICE_ARN,
        clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/shop',
        name: read('service name', 'checkout'),
        status: read('service status', 'ACTIVE'),
        schedulingStrategy: read('scheduling', 'REPLICA'),
        controller: read('controller', 'ECS'),
        strategy: read('strategy', 'ROLLING'),
        desired,
        running,
        pending,
        deployments: deploymentsOf(read),
        ...(least === undefined || Number.isNaN(least) ? {} : { minimumHealthyPercent: least }),
        ...(most === undefined || Number.isNaN(most) ? {} : { maximumPercent: most }),
        events: eventsOf(read),
        targetGroupArns:
          read('service groups', '1') === 'none' ? [] : [GROUP, ...(read('service groups', '1') === '2' ? [`${GROUP}2`] : [])],
        otherWays: read('other ways', '').split(', ').filter(Boolean),
        tags: read('service tagged', 'yes') === 'yes' ? { 'sickbay:enforce': 'Sickbay' } : {},
      },
      tasks: tasksOf(read, targets),
    },
  };
}

function deploymentsOf(read: Read) {
  const told = read('deployments', 'PRIMARY COMPLETED').split(', ').filter(Boolean);
  return told.map((text, index) => {
    const [status = '', rolloutState] = text.split(' ');
    return {
      id: `ecs-svc/${index}`,
      status,
      failedTasks: Number(read('failed tasks', '0')),
      ...(rolloutState === undefined ? {} : { rolloutState }),
    };
  });
}

function eventsOf(read: Read) {
  const [text = '', ago = '60'] = read('service event', '').split(', seconds ago ');
  return text === '' ? [] : [{ at: NOW - 1000 * Number(ago), says: text }];
}

/** The first target's may be said to stop, to be unlisted, or to have lost its address. */
function tasksOf(read: Read, targets: readonly Target[]): EcsTask[] {
  const first = read('task', 'running');
  const tasks = targets.map((target, index) => taskOn(read, target, index));
  const [sick, ...others] = tasks;
  if (sick === undefined) return [];
  const newer = newerTasks(read, targets);
  if (first === 'unlisted') return [...others, ...newer];
  if (first === 'moved') return [{ ...sick, targets: [] }, ...others, ...newer];
  if (first === 'another') return [{ ...sick, targets: [] }, { ...sick, arn: taskArn('another') }, ...others, ...newer];
  return [first === 'running' ? sick : { ...sick, ...stoppingAs(first) }, ...others, ...newer];
}

function stoppingAs(word: string): Pick<EcsTask, 'lastStatus' | 'desiredStatus'> {
  if (word === 'stopping') return { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' };
  return { lastStatus: oneOf(word, ['STOPPED', 'DEACTIVATING', 'STOPPING']), desiredStatus: 'STOPPED' };
}

function taskOn(read: Read, { id, port }: Target, index: number): EcsTask {
  const launchType = read('launch type', 'FARGATE');
  return {
    arn: taskArn(`task-${index + 1}`),
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    launchType,
    createdAt: NOW - 1000 * (Number(read('task started', '7200')) + 10),
    startedAt: NOW - 1000 * Number(read('task started', '7200')),
    targets: [{ groupArn: GROUP, id, port }],
    protection: protectionOf(read),
    tags: read('task tagged', 'yes') === 'yes' ? { 'sickbay:enforce': 'Sickbay' } : {},
    ...(launchType === 'EC2' && read('host status', 'ACTIVE') !== 'unread'
      ? {
          host: {
            arn: 'host',
            instanceId: id,
            status: read('host status', 'ACTIVE'),
            agentConnected: read('agent', 'connected') === 'connected',
          },
        }
      : {}),
  };
}

function protectionOf(read: Read): TaskProtection {
  const said = oneOf(read('protection', 'unprotected'), ['unprotected', 'protected', 'unknown']);
  return said === 'unknown' ? { state: said, why: 'ECS told nothing of it' } : { state: said };
}

/**
 * `new task: 4` is the task behind the fourth target, started five minutes ago; `pending`: one
 * without an address.
 */
function newerTasks(read: Read, targets: readonly Target[]): EcsTask[] {
  const said = read('new task', 'none');
  if (said === 'none') return [];
  const base = { ...taskOn(read, { id: 'new', port: 8080 }, 0), arn: taskArn('new'), createdAt: NOW - 400_000, startedAt: NOW - 390_000 };
  const target = targets[Number(said) - 1];
  if (target === undefined) return [{ ...base, lastStatus: 'PENDING', targets: [] }];
  return [{ ...base, targets: [{ groupArn: GROUP, id: target.id, port: target.port }] }];
}

/** Of the case that is decided: none, unless the scenario says how far its replacement is. */
export function replacementOf(read: Read, target: Target): { replacement?: Replacement } {
  const deregistered = read('deregistered seconds ago', '').split(' ').filter(Boolean).map(Number);
  if (deregistered.length === 0) return {};
  const ago = (key: Parameters<Read>[0]) => (read(key, '') === '' ? undefined : NOW - 1000 * Number(read(key, '')));
  const set = (name: keyof Replacement, value: number | undefined) => (value === undefined ? {} : { [name]: value });
  const drainMs = 1000 * Number(read('drains for', '300'));
  const intentAt = NOW - 1000 * (deregistered[0] ?? 0);
  const calledOff = read('called off', '');
  const cancelled = (calledOff !== '' && read('schedule', 'cancelled') === 'cancelled') || read('cancelled seconds ago', '') !== '';
  const failed = read('replacement failed', 'no') === 'yes' ? { failedAt: NOW - 60_000 } : {};
  return {
    replacement: {
      clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/shop',
      serviceArn: SERVICE_ARN,
      cluster: 'shop',
      service: 'checkout',
      taskArn: taskArn('task-1'),
      target,
      desired: 4,
      originalCount: 4,
      ...(read('usual ms', '') === '' ? {} : { usualMs: Number(read('usual ms', '')) }),
      intentAt,
      scheduleName: 'sickbay-stop-1',
      stopsAt: NOW - 1000 * (deregistered.at(-1) ?? 0) + drainMs + 300_000,
      drainMs,
      deregisteredAt: deregistered.map((seconds) => NOW - 1000 * seconds),
      ...(read('seen out', 'yes') === 'yes' ? { outAt: intentAt + 2_000 } : {}),
      ...set('stopIntentAt', ago('stop announced seconds ago')),
      ...set('stoppedAt', ago('stopped seconds ago')),
      ...(calledOff === ''
        ? {}
        : {
            calledOffAt: NOW - 120_000,
            calledOffBecause: calledOff,
            calledOffFor: read('called off', '').includes('registered it again') ? (['contested'] as const) : [],
          }),
      ...(cancelled ? { scheduleCancelledAt: NOW - 1000 * Number(read('cancelled seconds ago', '119')) } : {}),
      ...set('registerIntentAt', ago('register announced seconds ago')),
      ...(read('restore asked by', '') === '' ? {} : { restoreAskedBy: read('restore asked by', '') }),
      ...(read('given up', 'no') === 'no' ? {} : { givenUpBy: 'Ann: kept for forensics' }),
      ...failed,
    },
  };
}

/**
 * Other replacements in the service: one that is `open` or `failed` of the second target, and those
 * that ended so many minutes ago, the first of which this task may have been the result of.
 */
export function otherReplacements(read: Read, targets: readonly Target[]): { open: Case[]; closed: Case[] } {
  const [, second = { id: 'i-2', port: 8080 }] = targets;
  const base = (minutes: number, task: string): Replacement => ({
    clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/shop',
    serviceArn: SERVICE_ARN,
    cluster: 'shop',
    service: 'checkout',
    taskArn: taskArn(task),
    target: second,
    desired: 4,
    originalCount: 4,
    intentAt: NOW - 60_000 * minutes,
    scheduleName: `sickbay-stop-${task}`,
    stopsAt: NOW - 60_000 * (minutes - 10),
    drainMs: 300_000,
    deregisteredAt: [NOW - 60_000 * minutes],
    outAt: NOW - 60_000 * minutes + 2_000,
    stoppedAt: NOW - 60_000 * (minutes - 6),
  });
  const other = read('another replacement', 'none');
  const failedAt = other === 'failed' ? { failedAt: NOW - 60_000 } : {};
  const past = read('replaced minutes ago', '').split(' ').filter(Boolean).map(Number);
  return {
    open:
      other === 'none'
        ? []
        : [replacementCase({ ...base(other === 'failed' ? 120 : 10, 'open'), ...failedAt }, { id: 'case-other', state: 'watching' })],
    closed: past.map((minutes, index) =>
      replacementCase(
        {
          ...base(minutes, `past-${index}`),
          verifiedAt: NOW - 60_000 * (minutes - 20),
          replacedBy: taskArn(index === 0 ? read('replaced by', 'task-9') : 'task-9'),
        },
        { id: `closed-${index}`, state: 'closed', closedAt: NOW - 60_000 * (minutes - 20) },
      ),
    ),
  };
}
