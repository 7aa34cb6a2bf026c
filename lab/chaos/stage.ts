/**
 * One chaos run's surroundings: the lab's world on a settable clock, the records and the fleet, and
 * what happens to them.
 */
import type { Config } from '../../core/config';
import { isInstanceId, targetKey, type ClientView } from '../../core/model';
import { scheduledRestoreName } from '../../lambda/act/scheduled-restore-name';
import { SettableClock } from '../world/clock';
import { createWorld, type World } from '../world/world';
import { operate } from './aws';
import type { InvariantChecker } from './checker';
import { Fleet } from './fleet';
import { PlayedFunctions } from './functions';
import { ChaosError } from './invocation';
import type { Plan } from './happenings';
import { AUTO_SCALING_GROUP, configOfPlan, groupArn, OTHER_STACK, STACK, PORT, SCHEDULE_GROUP, SWITCH } from './plan';
import { Random } from './random';
import { PlanAutoScaling } from './plan-auto-scaling';
import { ecsSettings, Tasks } from './tasks';
import { Records } from './records';
import type { Chaos } from './chaos';
import { StaleReads } from './stale-reads';
import { setUp } from './set-up';
import { serveUsers } from './users';
import { SLACK_MS } from './read-log';
import type { Stage } from './roles';

const MINUTE_MS = 60_000;

/**
 * Before a plan begins nothing happens for so long: a client of the load balancer counts only after
 * it was seen good.
 */
export const ORDINARY_MINUTES = 2;

export class PlayedStage implements Stage {
  readonly clock: SettableClock;
  readonly records = new Records();
  readonly random: Random;
  readonly fleet: Fleet;
  readonly world: World;
  readonly staleReads: StaleReads;
  readonly autoScaling = new PlanAutoScaling(this);
  readonly tasks: Tasks;
  readonly functions: PlayedFunctions;
  readonly topicArn: string;
  readonly first: PlayedStage;
  readonly stack: string;
  readonly scheduleGroup: string;
  private second: PlayedStage | undefined;
  readonly config: Config;
  deployed: Config;
  gone = false;
  readonly failingChecks: Set<string>;
  readonly contestedStandby: Set<string>;
  readonly lostScheduledRestores = new Set<string>();
  readonly changedPowerAt: Map<string, number>;
  private started = 0;
  isCalm = false;
  private loadBalancerArn = '';

  constructor(
    readonly plan: Plan,
    readonly chaos: Chaos,
    seed: number,
    checkerOf: (stage: Stage) => InvariantChecker,
    beside?: PlayedStage,
  ) {
    this.first = beside ?? this;
    this.functions = new PlayedFunctions(this, chaos);
    this.stack = beside === undefined ? STACK : OTHER_STACK;
    this.scheduleGroup = beside === undefined ? SCHEDULE_GROUP : `${SCHEDULE_GROUP}-other`;
    this.failingChecks = beside?.failingChecks ?? new Set();
    this.contestedStandby = beside?.contestedStandby ?? new Set();
    this.changedPowerAt = beside?.changedPowerAt ?? new Map();
    this.clock = beside?.clock ?? new SettableClock(Date.UTC(2026, 0, 1) - ORDINARY_MINUTES * MINUTE_MS);
    this.random = beside?.random ?? new Random(seed);
    this.fleet = beside?.fleet ?? this.newFleet();
    this.world = beside?.world ?? this.newWorld();
    this.tasks = beside?.tasks ?? new Tasks(this);
    this.staleReads = beside?.staleReads ?? new StaleReads(this.world, this.clock);
    this.topicArn = beside?.topicArn ?? this.world.sns.addTopic('alerts');
    this.config = configOfPlan(plan, this.stack);
    this.deployed = this.config;
    this.world.scheduler.createScheduleGroup({ Name: this.scheduleGroup });
    if (beside === undefined) this.loadBalancerArn = setUp(this);
    this.checker = checkerOf(this);
    if (beside === undefined && plan.twoStacks === true) this.second = new PlayedStage(plan, chaos, seed, checkerOf, this);
  }

  readonly checker: InvariantChecker;

  all(): PlayedStage[] {
    const { first } = this;
    return first.second === undefined ? [first] : [first, first.second];
  }

  private newFleet(): Fleet {
    return new Fleet(
      this.random,
      () => this.clock.now(),
      this.plan.poolInUse ?? 6,
      (id) => this.world.instances.running(id) !== undefined || this.tasks.isRunning(id),
      (id) => this.world.elb.groupArns().some((arn) => this.world.elb.routable(arn).some((target) => this.tasks.behind(target) === id)),
      (target) => this.tasks.behind(target),
    );
  }

  private newWorld(): World {
    return createWorld({
      clock: this.clock,
      ...(this.plan.elb === undefined ? {} : { elb: this.plan.elb }),
      ...(this.plan.service === undefined ? {} : { ecs: ecsSettings(this, this.plan.service) }),
      scheduler: {
        lateByMs: () => (this.isCalm ? 0 : (this.chaos.scheduleLateMs?.() ?? 0)),
        underWayMs: () => (this.isCalm ? 0 : (this.chaos.deliveryMs?.() ?? 0)),
        retriesDeleted: () => !this.isCalm && (this.chaos.retriesDeleted?.() ?? false),
      },
      invokeAs: (_role, service, action, input) => this.carryOutScheduledRestore(service, action, input),
      invokeFunction: async (_arn, payload) => this.functions.startRestorer(payload),
      launch: (_name, zone) => this.launchIn(zone),
    });
  }

  // ---------------------------------------------------------------- what happens to the world

  launch(id: string, address?: string): void {
    this.world.instances.add({
      id,
      address: address ?? `10.${Number(id.slice(2)) >> 16}.${(Number(id.slice(2)) >> 8) & 255}.${Number(id.slice(2)) & 255}`,
      zone: Number(id.slice(2)) % 2 === 0 ? 'a' : 'b',
    });
  }

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

  targetIdIn(arn: string, id: string): string {
    const group = this.plan.groups.find(({ name }) => groupArn(name) === arn);
    return group?.addresses === true ? (this.world.instances.find(id)?.address ?? id) : id;
  }

  register(arn: string, id: string): void {
    if (!this.hasGroup(arn)) return;
    // Refused while its address drains: whoever asked leaves it at that.
    const draining = this.world.elb.drainedAt(arn, [this.targetIdIn(arn, id)]) > this.clock.now();
    if (draining && this.targetIdIn(arn, id) !== id) return;
    this.world.elb.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: this.targetIdIn(arn, id), Port: PORT }] });
    this.look();
  }

  deregister(arn: string, id: string): void {
    if (!this.hasGroup(arn)) return;
    this.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: this.targetIdIn(arn, id), Port: PORT }] });
    this.look();
  }

  /**
   * Who reads the alert deregisters addresses that nobody has any more: to ELB they are unhealthy
   * for ever.
   */
  deregisterNobody(): void {
    if (this.plan.service !== undefined) return;
    for (const arn of this.world.elb.groupArns())
      for (const { id, port } of this.world.elb.checkable(arn))
        if (!isInstanceId(id) && this.tasks.behind({ id, port }) === id)
          this.world.elb.deregisterTargets({ TargetGroupArn: arn, Targets: [{ Id: id, Port: port }] });
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

  loseScheduledRestore(arn: string, id: string): void {
    const name = scheduledRestoreName(arn, { id: this.targetIdIn(arn, id), port: PORT });
    const armed = this.world.scheduler.listSchedules({ GroupName: this.scheduleGroup, NamePrefix: name }).Schedules ?? [];
    if (armed.length === 0) return;
    this.world.scheduler.deleteSchedule({ GroupName: this.scheduleGroup, Name: name });
    this.lostScheduledRestores.add(name);
  }

  wasStopped(id: string): boolean {
    const changedMs = this.clock.now() - (this.changedPowerAt.get(id) ?? -Infinity);
    return this.world.instances.stateOf(id) === 'stopped' || changedMs < SLACK_MS;
  }

  setKillSwitch(value: string): void {
    this.world.parameters.putParameter({ Name: SWITCH, Value: value, Overwrite: true });
  }

  checkHealth(): void {
    for (const arn of this.world.elb.groupArns())
      for (const target of this.world.elb.checkable(arn))
        this.world.elb.reportHealthCheck(arn, target, this.tasks.answersAt(target) && !this.failingChecks.has(this.tasks.behind(target)));
    this.look();
  }

  /** The minute of users that begins now. */
  serveUsers(): void {
    serveUsers(this, this.loadBalancerArn);
  }

  clientView(groupArn: string, samples: number): ClientView | undefined {
    if (this.plan.client === 'none') return undefined;
    const ids = this.world.elb.routable(groupArn).map((target) => this.tasks.behind(target));
    return this.fleet.clientView(groupArn, ids, samples, this.plan.client ?? 'admitted');
  }

  look(): void {
    this.staleReads.look();
  }

  registered(arn: string): string[] {
    if (!this.hasGroup(arn)) return [];
    const health = this.world.elb.describeTargetHealth({ TargetGroupArn: arn }).TargetHealthDescriptions ?? [];
    return health
      .filter(({ TargetHealth }) => TargetHealth?.State !== 'draining' && TargetHealth?.Reason !== 'Target.NotRegistered')
      .map(({ Target }) => targetKey({ id: Target?.Id ?? '', port: Target?.Port ?? 0 }));
  }

  private async carryOutScheduledRestore(service: string, action: string, input: unknown): Promise<unknown> {
    if (!this.isCalm && this.chaos.refuseScheduledRestore?.() === true) throw new ChaosError(`${service}:${action} was throttled`);
    this.checker.beforeScheduledRestore(action, input);
    const answer = operate(this.world, `${action.charAt(0).toUpperCase()}${action.slice(1)}`, input);
    this.look();
    for (const { checker } of this.all()) checker.observe();
    return answer;
  }

  /** From now on nothing goes wrong any more: what is open must settle. */
  calmDown(): void {
    this.isCalm = true;
  }
}
