/**
 * One chaos run's surroundings: the lab's world on a settable clock, the records, the fleet, and
 * the functions that are started on them.
 */
import type { Config } from '../../core/config';
import { targetKey, type ClientView, type Trigger } from '../../core/model';
import type { OperatorRequest } from '../../lambda/contract';
import { scheduledRestoreName } from '../../lambda/act/scheduled-restore-name';
import type { RespondPorts } from '../../lambda/ports';
import { respond, type RespondSummary } from '../../lambda/respond';
import { sweep } from '../../lambda/sweep';
import { SettableClock } from '../world/clock';
import type { Sizes } from '../world/autoscaling-groups';
import { createWorld, type World } from '../world/world';
import { operate } from './aws';
import type { Checker } from './checker';
import { Fleet } from './fleet';
import { ChaosError, Invocation, type Call, type Fault, type Surroundings } from './invocation';
import {
  AUTO_SCALING_GROUP,
  attachedGroups,
  attributesOf,
  configOfPlan,
  OTHER_STACK,
  STACK,
  groupArn,
  PORT,
  SCHEDULE_GROUP,
  SWITCH,
  tagsOf,
  type Plan,
} from './plan';
import { respondPorts, sweepPorts } from './ports';
import { Random } from './random';
import { Records } from './records';
import { SLACK_MS } from './read-log';

/** The responder's time-out (lambda/contract.ts). */
const TIMEOUT_MS = 240_000;

const MOVES = new Set(['RegisterTargets', 'DeregisterTargets', 'EnterStandby', 'ExitStandby']);

const REMOVALS = new Set(['DeregisterTargets', 'EnterStandby']);

type AutoScalingAnswers = ReturnType<World['autoScaling']['describeAutoScalingInstances']> &
  Partial<ReturnType<World['autoScaling']['describeAutoScalingGroups']>>;

/** Requests a minute and target. */
const USERS_A_TARGET = 100;

const MINUTE_MS = 60_000;

/**
 * Before a plan begins nothing happens for so long: a client of the load balancer counts only after
 * it was seen good.
 */
export const ORDINARY_MINUTES = 2;

/** How long after a minute's end CloudWatch tells of it, where the plan does not say. */
const METRICS_LATE_S = 90;

/** How soon the command line asks again. */
const ASK_AGAIN_MS = 20_000;

/**
 * A stale read of target health is at most this old: just under what the code takes as the bound
 * (core/decide/decide.ts).
 */
const STALE_MS = 29_000;

/** One read of a run may be older than every bound: target health as it was up to this long ago. */
const ANCIENT_MS = 300_000;

export interface Chaos {
  /** What goes wrong with a call, if anything. */
  readonly faultAt: (call: Call) => Fault | undefined;
  /** What somebody does right before a call. */
  readonly meddle?: (call: Call, stage: Stage) => void;
  readonly skewMs?: () => number;
  readonly scheduleLateMs?: () => number;
  /**
   * How long a delivery of the way back is under way before its call is made, and whether retries
   * outlive a deletion.
   */
  readonly deliveryMs?: () => number;
  readonly retriesDeleted?: () => boolean;
  /** How long after a removal an alarm has everything measured once more; undefined: none fires. */
  readonly alarmAfterMs?: () => number | undefined;
  /** Whether the way back is refused this time it fires. */
  readonly refuseScheduledRestore?: () => boolean;
  readonly wakesTwice?: () => boolean;
  /**
   * Wraps the responder's ports or its configuration: for the mutations that the checker must
   * notice.
   */
  readonly alter?: (ports: RespondPorts, config: Config, stage: Stage) => { readonly ports: RespondPorts; readonly config: Config };
}

export class Stage {
  readonly clock: SettableClock;
  readonly records = new Records();
  readonly random: Random;
  readonly fleet: Fleet;
  readonly world: World;
  readonly topicArn: string;
  /** The Sickbay that the plan is about; another one is played beside it, in the same world. */
  readonly first: Stage;
  readonly stack: string;
  readonly scheduleGroup: string;
  private second: Stage | undefined;
  /** What the operator wants, and what the checker holds us to. */
  readonly config: Config;
  /** What the functions were deployed with. */
  deployed: Config;
  /** Errors that runs ended with: a run may fail, its successor settles it. */
  readonly failures: unknown[] = [];
  /** Wishes that nobody has answered yet. */
  readonly waiting = new Set<OperatorRequest>();
  /** The controller is gone: nothing of ours runs any more. */
  gone = false;
  /** Hosts that the load balancer's own health check finds unhealthy. */
  readonly failingChecks: Set<string>;
  /** Instances on standby by us that an operator registered by hand. */
  readonly contestedStandby: Set<string>;
  /** Names of schedules that somebody deleted. */
  readonly lostWayBacks = new Set<string>();
  /** When an instance was stopped or started last. */
  readonly changedPowerAt: Map<string, number>;
  calls = 0;
  steps = 0;
  private started = 0;
  private calm = false;
  private loadBalancerArn = '';
  /** What Auto Scaling answers, and what it answered before its last change, as JSON. */
  private autoScalingSeen: { readonly text: string; readonly before: string; readonly changedAt: number } | undefined;
  private readonly snapshots = new Map<string, { readonly at: number; readonly answer: unknown }[]>();

  constructor(
    readonly plan: Plan,
    readonly chaos: Chaos,
    seed: number,
    checkerOf: (stage: Stage) => Checker,
    beside?: Stage,
  ) {
    this.first = beside ?? this;
    this.stack = beside === undefined ? STACK : OTHER_STACK;
    this.scheduleGroup = beside === undefined ? SCHEDULE_GROUP : `${SCHEDULE_GROUP}-other`;
    this.failingChecks = beside?.failingChecks ?? new Set();
    this.contestedStandby = beside?.contestedStandby ?? new Set();
    this.changedPowerAt = beside?.changedPowerAt ?? new Map();
    this.clock = beside?.clock ?? new SettableClock(Date.UTC(2026, 0, 1) - ORDINARY_MINUTES * MINUTE_MS);
    this.random = beside?.random ?? new Random(seed);
    this.fleet = beside?.fleet ?? this.newFleet();
    this.world = beside?.world ?? this.newWorld();
    this.topicArn = beside?.topicArn ?? this.world.sns.addTopic('alerts');
    this.config = configOfPlan(plan, this.stack);
    this.deployed = this.config;
    this.world.scheduler.createScheduleGroup({ Name: this.scheduleGroup });
    if (beside === undefined) this.setUp();
    this.checker = checkerOf(this);
    if (beside === undefined && plan.twoStacks === true) this.second = new Stage(plan, chaos, seed, checkerOf, this);
  }

  readonly checker: Checker;

  /** Every Sickbay in this world, this one first. */
  all(): Stage[] {
    const { first } = this;
    return first.second === undefined ? [first] : [first, first.second];
  }

  private newFleet(): Fleet {
    return new Fleet(
      this.random,
      () => this.clock.now(),
      this.plan.poolInUse ?? 6,
      (id) => this.world.instances.running(id) !== undefined,
      (id) => this.world.elb.groupArns().some((arn) => this.world.elb.routable(arn).some((target) => target.id === id)),
    );
  }

  private newWorld(): World {
    return createWorld({
      clock: this.clock,
      ...(this.plan.elb === undefined ? {} : { elb: this.plan.elb }),
      scheduler: {
        lateByMs: () => (this.calm ? 0 : (this.chaos.scheduleLateMs?.() ?? 0)),
        underWayMs: () => (this.calm ? 0 : (this.chaos.deliveryMs?.() ?? 0)),
        retriesDeleted: () => !this.calm && (this.chaos.retriesDeleted?.() ?? false),
      },
      invokeAs: (_role, service, action, input) => this.carryOutScheduledRestore(service, action, input),
      launch: (_name, zone) => this.launchIn(zone),
    });
  }

  private setUp(): void {
    this.setKillSwitch('off');
    for (const id of new Set(this.plan.groups.flatMap((group) => group.hosts))) this.launch(id);
    const loadBalancerArn = this.world.elb.addLoadBalancer({ name: 'front', zones: ['a', 'b'] });
    this.loadBalancerArn = loadBalancerArn;
    this.plan.groups.forEach((group, index) => {
      const arn = this.world.elb.addTargetGroup({
        name: group.name,
        arn: groupArn(group.name),
        port: PORT,
        tags: tagsOf(group),
        attributes: attributesOf(group),
      });
      this.world.elb.addListener({ loadBalancerArn, port: 80 + index, forwardTo: [arn] });
      const Targets = group.hosts.map((id) => ({ Id: id, Port: PORT }));
      if (group.owner !== 'asg') this.world.elb.registerTargets({ TargetGroupArn: arn, Targets });
    });
    this.setUpAutoScaling();
    this.checkHealth();
  }

  private setUpAutoScaling(): void {
    const { autoScaling } = this.plan;
    if (autoScaling === undefined) return;
    const instanceIds = [...new Set(attachedGroups(this.plan).flatMap((group) => group.hosts))];
    this.world.autoScaling.addGroup({
      name: AUTO_SCALING_GROUP,
      minSize: autoScaling.minSize,
      maxSize: autoScaling.maxSize ?? instanceIds.length + 2,
      ...(autoScaling.hooks === undefined ? {} : { hooks: autoScaling.hooks }),
      desiredCapacity: instanceIds.length,
      instanceIds,
      targetGroupArns: attachedGroups(this.plan).map((group) => groupArn(group.name)),
      tags: tagsOf(autoScaling),
    });
    for (const process of autoScaling.suspended ?? []) this.world.autoScaling.setSuspended(AUTO_SCALING_GROUP, process, true);
  }

  // ---------------------------------------------------------------- what happens to the world

  launch(id: string): void {
    this.world.instances.add({
      id,
      address: `10.${Number(id.slice(2)) >> 16}.${(Number(id.slice(2)) >> 8) & 255}.${Number(id.slice(2)) & 255}`,
      zone: Number(id.slice(2)) % 2 === 0 ? 'a' : 'b',
    });
  }

  /** An operator takes the group out of everything that uses it, and deletes it. */
  deleteGroup(arn: string): void {
    if (!this.hasGroup(arn)) return;
    this.world.elb.balancers.stopForwardingTo(arn);
    if (this.plan.autoScaling !== undefined) this.world.autoScaling.detachTargetGroup(AUTO_SCALING_GROUP, arn);
    this.world.elb.deleteTargetGroup(arn);
    this.look();
  }

  /**
   * The operator reads what was told of a missing group, takes it out of the configuration and
   * deploys.
   */
  dropDeletedGroups(): void {
    this.deployed = {
      ...this.deployed,
      targetGroups: this.deployed.targetGroups.filter(({ arn }) => arn === undefined || this.hasGroup(arn)),
    };
  }

  hasGroup(arn: string): boolean {
    return this.world.elb.groupArns().includes(arn);
  }

  /**
   * The next instance that the Auto Scaling group starts by itself: well, and of the zone that it
   * asks for.
   */
  private launchIn(zone = 'a'): string {
    this.started += 2;
    const id = `i-7${String(this.started + (zone === 'a' ? 0 : 1)).padStart(7, '0')}`;
    this.launch(id);
    return id;
  }

  register(arn: string, id: string): void {
    if (!this.hasGroup(arn)) return;
    this.world.elb.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: id, Port: PORT }] });
    this.look();
  }

  deregister(arn: string, id: string): void {
    if (!this.hasGroup(arn)) return;
    this.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: id, Port: PORT }] });
    this.look();
  }

  stop(id: string): void {
    this.world.instances.stop(id);
    this.changedPowerAt.set(id, this.clock.now());
    this.look();
  }

  start(id: string): void {
    if (this.world.instances.stateOf(id) !== 'stopped') return;
    this.world.instances.start(id);
    this.changedPowerAt.set(id, this.clock.now());
    this.look();
  }

  /** Nothing of the world's brings the target back any more: the responder has to. */
  loseScheduledRestore(arn: string, id: string): void {
    const name = scheduledRestoreName(arn, { id, port: PORT });
    const armed = this.world.scheduler.listSchedules({ GroupName: this.scheduleGroup, NamePrefix: name }).Schedules ?? [];
    if (armed.length === 0) return;
    this.world.scheduler.deleteSchedule({ GroupName: this.scheduleGroup, Name: name });
    this.lostWayBacks.add(name);
  }

  /** Stopped now, or a short while ago. */
  wasStopped(id: string): boolean {
    const changedMs = this.clock.now() - (this.changedPowerAt.get(id) ?? -Infinity);
    return this.world.instances.stateOf(id) === 'stopped' || changedMs < SLACK_MS;
  }

  setKillSwitch(value: string): void {
    this.world.parameters.putParameter({ Name: SWITCH, Value: value, Overwrite: true });
  }

  /** The load balancer's own checks, which a sick host passes. */
  checkHealth(): void {
    for (const arn of this.world.elb.groupArns())
      for (const target of this.world.elb.checkable(arn)) this.world.elb.reportHealthCheck(arn, target, !this.failingChecks.has(target.id));
    this.look();
  }

  /**
   * The minute of users that begins now, spread evenly over what is registered, as the load
   * balancer tells CloudWatch of it: some minutes after it has ended.
   */
  serveUsers(): void {
    const at = this.clock.now();
    for (const arn of this.world.elb.groupArns()) {
      const ids = this.world.elb.routable(arn).map(({ id }) => id);
      const failing = ids.filter((id) => this.fleet.isFailing(id));
      const dimensions = { TargetGroup: arn.split(':').at(-1) ?? '', LoadBalancer: this.loadBalancerArn.split(':loadbalancer/')[1] ?? '' };
      const toldAt = at + MINUTE_MS + (this.plan.metricsLateS ?? METRICS_LATE_S) * 1000;
      const tell = (name: string, value: number) =>
        this.clock.at(toldAt, () => this.world.metrics.feed('AWS/ApplicationELB', name, dimensions, value, at));
      if (ids.length > 0) tell('RequestCount', ids.length * USERS_A_TARGET);
      if (failing.length > 0) tell('HTTPCode_Target_5XX_Count', failing.length * USERS_A_TARGET);
      for (const id of ids) tell('TargetResponseTime', this.fleet.usualMs(id) / 1000);
    }
  }

  /** What our own client of the load balancer sees; undefined where it is not asked. */
  clientView(groupArn: string, samples: number): ClientView | undefined {
    if (this.plan.client === 'none') return undefined;
    const ids = this.world.elb.routable(groupArn).map(({ id }) => id);
    return this.fleet.clientView(groupArn, ids, samples, this.plan.client ?? 'admitted');
  }

  /** Remembers target health and Auto Scaling as they are now, for stale reads later. */
  look(): void {
    if (this.first !== this) return this.first.look();
    this.lookAtAutoScaling();
    for (const arn of this.world.elb.groupArns()) {
      const taken = this.snapshots.get(arn) ?? [];
      const recent = taken.filter((_, index) => (taken[index + 1]?.at ?? Infinity) > this.clock.now() - ANCIENT_MS);
      const answer = operate(this.world, 'DescribeTargetHealth', { TargetGroupArn: arn, Include: ['AnomalyDetection'] });
      this.snapshots.set(arn, [...recent, { at: this.clock.now(), answer }]);
    }
  }

  /** Target health as it was half a minute ago, or before that by far. */
  staleHealth(arn: string, fault: 'stale' | 'ancient'): unknown {
    if (this.first !== this) return this.first.staleHealth(arn, fault);
    const ageMs = fault === 'stale' ? STALE_MS : ANCIENT_MS;
    const old = (this.snapshots.get(arn) ?? []).findLast((snapshot) => snapshot.at <= this.clock.now() - ageMs);
    return (old ?? this.snapshots.get(arn)?.[0])?.answer;
  }

  private lookAtAutoScaling(): void {
    const { autoScaling } = this.world;
    const text = JSON.stringify({ ...autoScaling.describeAutoScalingInstances({}), ...autoScaling.describeAutoScalingGroups({}) });
    const seen = this.autoScalingSeen;
    if (seen?.text === text) return;
    this.autoScalingSeen = { text, before: seen?.text ?? text, changedAt: this.clock.now() };
  }

  /**
   * Auto Scaling as it was before its last change, where that was within half a minute; undefined:
   * nothing has changed lately.
   */
  staleAutoScaling(operation: string, input: unknown): AutoScalingAnswers | undefined {
    if (this.first !== this) return this.first.staleAutoScaling(operation, input);
    const { before: text, changedAt = -Infinity } = this.autoScalingSeen ?? {};
    if (text === undefined || this.clock.now() - changedAt > STALE_MS) return undefined;
    const before = JSON.parse(text) as AutoScalingAnswers;
    const { InstanceIds = [], AutoScalingGroupNames = [] } = input as { InstanceIds?: string[]; AutoScalingGroupNames?: string[] };
    return operation === 'DescribeAutoScalingInstances'
      ? { AutoScalingInstances: (before.AutoScalingInstances ?? []).filter((one) => InstanceIds.includes(one.InstanceId ?? '')) }
      : {
          AutoScalingGroups: (before.AutoScalingGroups ?? []).filter((one) =>
            AutoScalingGroupNames.includes(one.AutoScalingGroupName ?? ''),
          ),
        };
  }

  /** The target groups that the plan's Auto Scaling group is attached to. */
  attachedArns(): string[] {
    return attachedGroups(this.plan)
      .map((group) => groupArn(group.name))
      .filter((arn) => this.hasGroup(arn));
  }

  /**
   * Changes the sizes of the plan's Auto Scaling group, as an operator or a scaling policy does.
   */
  resize(sizes: Partial<Sizes>): void {
    this.world.autoScaling.resize(AUTO_SCALING_GROUP, sizes);
    this.look();
  }

  /** The sizes of the plan's Auto Scaling group as they are. */
  sizes(): Sizes {
    const { AutoScalingGroups } = this.world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [AUTO_SCALING_GROUP] });
    const { MinSize = 0, MaxSize = 0, DesiredCapacity = 0 } = AutoScalingGroups?.[0] ?? {};
    return { minSize: MinSize, maxSize: MaxSize, desiredCapacity: DesiredCapacity };
  }

  /**
   * An instance's lifecycle state in the plan's Auto Scaling group; undefined when it is in none.
   */
  lifecycle(id: string): string | undefined {
    return this.plan.autoScaling === undefined ? undefined : this.world.autoScaling.members(AUTO_SCALING_GROUP).get(id);
  }

  /** Target keys registered right now, not draining. */
  registered(arn: string): string[] {
    if (!this.hasGroup(arn)) return [];
    const health = this.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions ?? [];
    return health
      .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining' && TargetHealth?.Reason !== 'Target.NotRegistered')
      .map(({ Target }) => targetKey({ id: Target?.Id ?? '', port: Target?.Port ?? 0 }));
  }

  private async carryOutScheduledRestore(service: string, action: string, input: unknown): Promise<unknown> {
    if (!this.calm && this.chaos.refuseScheduledRestore?.() === true) throw new ChaosError(`${service}:${action} was throttled`);
    this.checker.beforeScheduledRestore(action, input);
    const answer = operate(this.world, `${action.charAt(0).toUpperCase()}${action.slice(1)}`, input);
    this.look();
    for (const { checker } of this.all()) checker.observe();
    return answer;
  }

  // ---------------------------------------------------------------- the functions

  startSweep(trigger: Trigger = 'schedule'): void {
    if (this.gone) return;
    const invocation = this.invocation('sweep');
    void this.watch(sweep(sweepPorts(this, invocation), this.deployed, trigger));
  }

  /** Fewer targets, more latency: what is removed may well set an alarm off. */
  private alarm(): void {
    const afterMs = this.calm ? undefined : this.chaos.alarmAfterMs?.();
    if (afterMs !== undefined) this.clock.at(this.clock.now() + afterMs, () => this.startSweep('alarm'));
  }

  wakeResponder(): void {
    const times = !this.calm && this.chaos.wakesTwice?.() === true ? 2 : 1;
    for (let time = 0; time < times; time++) this.clock.at(this.clock.now() + 500, () => this.startRespond());
  }

  startRespond(): Promise<void> {
    return this.watch(this.respond());
  }

  /** As the command line does it: again and again until somebody answers. */
  ask(request: OperatorRequest): void {
    this.waiting.add(request);
    this.askAgain(request);
  }

  private askAgain(request: OperatorRequest): void {
    if (this.gone || !this.waiting.has(request)) return;
    void this.watch(this.answered(request));
    this.clock.at(this.clock.now() + ASK_AGAIN_MS, () => this.askAgain(request));
  }

  private async answered(request: OperatorRequest): Promise<void> {
    const { outcome } = await this.respond(request);
    if (outcome !== 'somebody else is responding') this.waiting.delete(request);
  }

  private respond(request?: OperatorRequest): Promise<RespondSummary> {
    const invocation = this.invocation('respond');
    this.clock.at(this.clock.now() + TIMEOUT_MS, () => invocation.kill());
    const ports = respondPorts(this, invocation);
    const altered = this.chaos.alter?.(ports, this.deployed, this) ?? { ports, config: this.deployed };
    return respond(altered.ports, altered.config, request);
  }

  /** From now on nothing goes wrong any more: what is open must settle. */
  calmDown(): void {
    this.calm = true;
  }

  private watch(run: Promise<unknown>): Promise<void> {
    return run.then(
      () => undefined,
      (error: unknown) => void this.failures.push(error),
    );
  }

  private invocation(kind: Invocation['kind']): Invocation {
    return new Invocation(kind, this.calm ? 0 : (this.chaos.skewMs?.() ?? 0), this.surroundings());
  }

  private surroundings(): Surroundings {
    return {
      clock: this.clock,
      number: () => ++this.first.calls,
      faultAt: (call) => {
        const fault = this.calm ? undefined : this.chaos.faultAt(call);
        if (fault !== undefined) this.checker.shortfalls.disturbed();
        return fault;
      },
      before: (call) => {
        if (!this.calm) this.chaos.meddle?.(call, this);
        this.checker.before(call);
      },
      after: (call, answer) => {
        this.first.steps += 1;
        if (MOVES.has(call.name)) this.look();
        if (REMOVALS.has(call.name)) this.alarm();
        this.checker.after(call, answer);
      },
    };
  }
}
