/**
 * The scenes: which fault, what happens, and what must come of it. To add one: a fault in
 * lab/fleet/faults/ and a line here.
 */
import type { Cause } from '../../core/model';
import type { FaultName } from '../fleet/faults';
import type { SceneConfig } from './config';
import { comesBackTwice } from './flapping';
import { alarmed, backWithoutUs, nobodyOut, outAndBack, toldAlone, type Script } from './play';
import { reviewedTwice } from './review';
import { fails, refused, stopped, takenBack } from './stopping';
import { replacedTask } from './replacing';

export interface Scene {
  readonly title: string;
  readonly fault: FaultName;
  readonly script: Script;
  /** `none`: nothing is slow, and no case is opened. */
  readonly cause: Cause | 'none';
  /** What the scene must end with. */
  readonly ends:
    | 'restored'
    | 'untouched'
    | 'told'
    | 'way-back'
    | 'paged'
    | 'reviewed'
    | 'stopped'
    | 'refused'
    | 'stop-failed'
    | 'stop-undone'
    | 'replaced';
  /** In what the deployed configuration differs from the other scenes'. */
  readonly config?: SceneConfig;
  /** The scene's fault has somebody who did it, and the finding must name them. */
  readonly culprit?: true;
  /**
   * The fault takes CPU, which namespaces do not keep apart: what clients see depends on the
   * machine and is not held against the scene.
   */
  readonly takesCpu?: true;
}

/**
 * A scene in which one target goes sick, is taken out, and comes back when the engineer has removed
 * the cause.
 */
function oneSick(title: string, fault: FaultName, cause: Cause): Scene {
  return { title, fault, script: outAndBack, cause, ends: 'restored' };
}

function stopScene(title: string, script: Script, ends: Scene['ends']): Scene {
  return { title, fault: 'pool-starvation', script, cause: 'pool-starvation', ends, culprit: true, config: { stop: true } };
}

/** What goes wrong does so in one task: the next begins without it. */
function taskScene(title: string, told: Pick<Scene, 'fault' | 'cause' | 'culprit'>, tasks: 'EC2' | 'FARGATE'): Scene {
  return { title, ...told, script: replacedTask, ends: 'replaced', config: { tasks } };
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'pool-starvation': {
    title: "the story: a forgotten report starves one host's pool",
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
  },
  'access-logs': {
    title: 'the story, and the access logs tell what real requests to that host met',
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
    config: { accessLogs: true },
  },
  'all-slow': {
    title: 'the database is slow for everybody',
    fault: 'all-slow',
    script: nobodyOut,
    cause: 'shared-dependency',
    ends: 'untouched',
  },
  'responder-killed': {
    title: 'the responder dies right after its deregistration call and never runs again',
    fault: 'pool-starvation',
    script: backWithoutUs,
    cause: 'pool-starvation',
    ends: 'way-back',
  },
  asg: {
    title: 'the hosts belong to an Auto Scaling group: the sick one goes on standby and comes back',
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
    config: { owner: 'asg' },
  },
  grpc: {
    title: 'the story in gRPC: found by a unary call, removed, and restored',
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
    config: { calls: true },
  },
  'ip-static': {
    title: 'the hosts are registered by their addresses: the sick one is out until its address can be registered again',
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
    config: { addresses: 'static' },
  },
  'ip-way-back': {
    title: 'the same, and the responder dies: its address is restored by the function that looks who has it',
    fault: 'pool-starvation',
    script: backWithoutUs,
    cause: 'pool-starvation',
    ends: 'way-back',
    config: { addresses: 'static' },
  },
  'eks-told': {
    title: 'the targets are pods: nothing is moved, and the alert says how to find, isolate and evict the slow one',
    fault: 'pool-starvation',
    script: toldAlone,
    cause: 'none',
    ends: 'told',
    config: { addresses: 'kubernetes' },
  },
  flapping: {
    title: 'the job comes back twice: out for longer, and then a person is asked',
    fault: 'pool-starvation',
    script: comesBackTwice,
    cause: 'pool-starvation',
    ends: 'paged',
    culprit: true,
    config: { watchS: 90 },
  },
  alarm: {
    title: 'the story again, and an alarm on the load balancer goes off between two rounds',
    fault: 'pool-starvation',
    script: alarmed,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
  },
  review: {
    title: 'no incident: the weekly review names the crontab line that will be one',
    fault: 'pool-starvation',
    script: reviewedTwice,
    cause: 'none',
    ends: 'reviewed',
    config: { reviews: true },
  },
  stop: stopScene('the story, and a person approves that its culprit is stopped', stopped, 'stopped'),
  'stop-refused': stopScene('approved, and by then it is another process: the host refuses', refused, 'refused'),
  'stop-fails': stopScene('stopped, and the job comes back by another path: undone, and a person is asked', fails, 'stop-failed'),
  'stop-undone': stopScene('stopped, and a person takes it back', takenBack, 'stop-undone'),
  'ecs-ec2': taskScene(
    'a report in the container of one task of ECS on EC2 starves its pool: found beside another task, and the task replaced',
    { fault: 'container-report', cause: 'pool-starvation', culprit: true },
    'EC2',
  ),
  'ecs-fargate': taskScene(
    'a task on Fargate is slow, and its metrics page alone tells why: it is replaced, and its replacement verified',
    { fault: 'pool-leak', cause: 'pool-leak' },
    'FARGATE',
  ),
  'pool-leak': oneSick("the app forgets to give its pool's connections back", 'pool-leak', 'pool-leak'),
  'cpu-hog': { ...oneSick('a job from cron takes the only core of one host', 'cpu-hog', 'cpu-saturation'), takesCpu: true },
  'event-loop-block': oneSick("one host's event loop is blocked again and again", 'event-loop-block', 'event-loop-block'),
  'disk-full': oneSick('the disk that the app writes to is full', 'disk-full', 'disk-full'),
  'fd-exhaustion': oneSick('the app runs out of file descriptors', 'fd-exhaustion', 'fd-exhaustion'),
  dns: oneSick('the resolver of one host does not answer', 'dns', 'dns'),
  'release-drift': oneSick('one host runs an older release with a slower path', 'release-drift', 'release-drift'),
  'slow-without-cause': oneSick('one host is slow and nothing on it differs', 'slow-without-cause', 'unknown'),
};

export const DEFAULT_SCENE = 'pool-starvation';
