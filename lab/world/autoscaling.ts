import type {
  Activity,
  AutoScalingGroupNamesType,
  AutoScalingGroupsType,
  AutoScalingInstancesType,
  DescribeAutoScalingInstancesType,
  DescribeInstanceRefreshesAnswer,
  DescribeInstanceRefreshesType,
  DescribeLifecycleHooksAnswer,
  DescribeLifecycleHooksType,
  EnterStandbyAnswer,
  EnterStandbyQuery,
  ExitStandbyAnswer,
  ExitStandbyQuery,
  LifecycleState,
} from '@aws-sdk/client-auto-scaling';
import { arn, type Account, type Ids } from './account';
import {
  describeGroup,
  describeHooks,
  newGroup,
  requireState,
  sizesText,
  zoneOf,
  type AutoScalingGroupSpec,
  type GroupState,
  type Hook,
  type Sizes,
} from './autoscaling-groups';
import { describeRefreshes, endRefreshes, startRefresh } from './autoscaling-refreshes';
import { countedMembers, isUnbalanced, nextToTerminate, weakestZone } from './autoscaling-zones';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import type { Elb } from './elb';
import type { Instances } from './instances';
import { pageOf } from './paging';

/** How long an instance is Pending on its way back into service. */
const PENDING_MS = 1_000;

/** How long zones stay unbalanced before AZRebalance acts (I: not documented). */
const REBALANCE_MS = 60_000;

/**
 * EC2 Auto Scaling, as far as Standby goes. It never replaces unhealthy instances; it scales when
 * told to, and rebalances zones by itself.
 */
export class AutoScaling {
  private readonly groups = new Map<string, GroupState>();

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly instances: Instances,
    private readonly elb: Elb,
    /** Starts an instance, in this zone where one is given; undefined: the launch fails. */
    private readonly launch: (groupName: string, zone?: string) => string | undefined = () => undefined,
  ) {}

  addGroup(spec: AutoScalingGroupSpec): string {
    const made = spec.arn ?? arn(this.account, 'autoscaling', `autoScalingGroup:${this.ids.uuid()}:autoScalingGroupName/${spec.name}`);
    const state = newGroup(spec, made, this.clock.now(), this.instances);
    this.groups.set(spec.name, state);
    for (const id of spec.instanceIds) this.putInService(state, id);
    return made;
  }

  groupArn(name: string): string {
    return this.group(name).arn;
  }

  /**
   * Starts an instance refresh, which moves instances itself while it is under way. Returns its id.
   */
  startInstanceRefresh(name: string): string {
    const id = this.ids.uuid();
    startRefresh(this.group(name), id, this.clock);
    return id;
  }

  endInstanceRefresh(name: string): void {
    endRefreshes(this.group(name), this.clock.now());
  }

  /**
   * As SuspendProcesses and ResumeProcesses do. A suspended AddToLoadBalancer keeps instances out
   * of the target groups.
   */
  setSuspended(name: string, process: string, on: boolean): void {
    const state = this.group(name);
    if (on) state.suspended.add(process);
    else state.suspended.delete(process);
    this.watchZones(state);
  }

  /**
   * As UpdateAutoScalingGroup does: the group launches or terminates until as many serve as are
   * desired.
   */
  resize(name: string, sizes: Partial<Sizes>): void {
    const state = this.group(name);
    state.minSize = sizes.minSize ?? state.minSize;
    state.maxSize = sizes.maxSize ?? state.maxSize;
    state.desired = Math.min(state.maxSize, Math.max(state.minSize, sizes.desiredCapacity ?? state.desired));
    this.meetDesired(state);
  }

  /** As PutLifecycleHook does. */
  addHook(name: string, hook: Hook): void {
    this.group(name).hooks.push(hook);
  }

  /** The group is attached to this target group no more; its instances stay registered there. */
  detachTargetGroup(name: string, targetGroupArn: string): void {
    const state = this.group(name);
    state.spec = { ...state.spec, targetGroupArns: state.spec.targetGroupArns.filter((arn) => arn !== targetGroupArn) };
  }

  /** A new member in service, as a scaling activity or an instance refresh adds it. */
  join(name: string, instanceId: string): void {
    const state = this.group(name);
    this.putInService(state, instanceId);
    this.watchZones(state);
  }

  /** The members of a group, with their lifecycle states. */
  members(name: string): ReadonlyMap<string, LifecycleState> {
    return this.group(name).members;
  }

  groupNames(): string[] {
    return [...this.groups.keys()];
  }

  /**
   * The group ends an instance itself and takes it out of its target groups: scale-in, a refresh, a
   * spot interruption.
   */
  terminate(name: string, instanceId: string): void {
    const state = this.group(name);
    this.end(state, instanceId);
    this.watchZones(state);
  }

  // ------------------------------------------------------------ the API

  describeAutoScalingGroups(input: AutoScalingGroupNamesType): AutoScalingGroupsType {
    const names = input.AutoScalingGroupNames;
    const found = [...this.groups.values()].filter((state) => !names || names.length === 0 || names.includes(state.spec.name));
    const page = pageOf(found, input.NextToken, input.MaxRecords ?? 50, 'InvalidNextToken');
    return { AutoScalingGroups: page.items.map((state) => describeGroup(state, this.instances)), NextToken: page.next };
  }

  /** Instances that are in no group are left out, not an error. */
  describeAutoScalingInstances(input: DescribeAutoScalingInstancesType): AutoScalingInstancesType {
    const ids = input.InstanceIds ?? [];
    if (ids.length > 50) throw new AwsError('ValidationError', `InstanceIds: got ${ids.length}, allowed up to 50`);
    const members = [...this.groups.values()].flatMap((state) => [...state.members].map(([id, lifecycle]) => ({ state, id, lifecycle })));
    const found = members.filter((member) => ids.length === 0 || ids.includes(member.id));
    const page = pageOf(found, input.NextToken, input.MaxRecords ?? 50, 'InvalidNextToken');
    const AutoScalingInstances = page.items.map(({ state, id, lifecycle }) => ({
      InstanceId: id,
      AutoScalingGroupName: state.spec.name,
      AvailabilityZone: zoneOf(id, this.instances),
      LifecycleState: lifecycle,
      HealthStatus: 'HEALTHY',
      ProtectedFromScaleIn: false,
    }));
    return { AutoScalingInstances, NextToken: page.next };
  }

  describeInstanceRefreshes(input: DescribeInstanceRefreshesType): DescribeInstanceRefreshesAnswer {
    return describeRefreshes(this.group(input.AutoScalingGroupName ?? ''), input);
  }

  describeLifecycleHooks(input: DescribeLifecycleHooksType): DescribeLifecycleHooksAnswer {
    const names = input.LifecycleHookNames;
    const hooks = describeHooks(this.group(input.AutoScalingGroupName ?? ''));
    return { LifecycleHooks: hooks.filter((hook) => !names || names.includes(hook.LifecycleHookName ?? '')) };
  }

  /**
   * Deregisters the instances from *every* attached target group. They are EnteringStandby until
   * the last group has drained them (I: the user guide says that it waits for connection draining;
   * that ExitStandby fails meanwhile is inferred).
   */
  enterStandby(input: EnterStandbyQuery): EnterStandbyAnswer {
    const state = this.group(input.AutoScalingGroupName ?? '');
    const ids = input.InstanceIds ?? [];
    requireState(state, ids, 'InService');
    const decrement = input.ShouldDecrementDesiredCapacity === true;
    if (decrement) this.checkMinimum(state, ids.length);
    for (const id of ids) state.members.set(id, 'EnteringStandby');
    this.deregister(state, ids);
    this.clock.at(this.drainedAt(state, ids), () => this.move(state, ids, 'EnteringStandby', 'Standby'));
    if (decrement) state.desired -= ids.length;
    else this.meetDesired(state);
    this.watchZones(state);
    return { Activities: ids.map((id) => this.activity(state, `Moving EC2 instance to Standby: ${id}`)) };
  }

  /**
   * Puts instances back in service and raises the desired capacity by as many, whether or not it
   * was decremented before.
   */
  exitStandby(input: ExitStandbyQuery): ExitStandbyAnswer {
    const state = this.group(input.AutoScalingGroupName ?? '');
    const ids = input.InstanceIds ?? [];
    requireState(state, ids, 'Standby');
    const desired = state.desired + ids.length;
    if (desired > state.maxSize) {
      throw new AwsError(
        'ValidationError',
        `${sizesText(state)} To move ${ids.length} out of standby, please update the sizes appropriately.`,
      );
    }
    state.desired = desired;
    for (const id of ids) state.members.set(id, 'Pending');
    for (const id of ids) this.clock.at(this.clock.now() + PENDING_MS, () => this.arrive(state, id));
    return { Activities: ids.map((id) => this.activity(state, `Moving EC2 instance out of Standby: ${id}`)) };
  }

  // ------------------------------------------------------------ inside

  private group(name: string): GroupState {
    const state = this.groups.get(name);
    if (!state) throw new AwsError('ValidationError', `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
    return state;
  }

  private checkMinimum(state: GroupState, leaving: number): void {
    if (state.desired - leaving >= state.minSize) return;
    throw new AwsError(
      'ValidationError',
      `${sizesText(state)} To place into standby ${leaving} instance(s), please update the sizes appropriately.`,
    );
  }

  private putInService(state: GroupState, id: string): void {
    state.members.set(id, 'InService');
    // Its health check finds that it does not run, ends it and starts another (EC2 Auto Scaling
    // user guide, health checks).
    if (this.instances.running(id) === undefined) {
      this.end(state, id);
      return this.meetDesired(state);
    }
    if (state.suspended.has('AddToLoadBalancer')) return;
    for (const TargetGroupArn of state.spec.targetGroupArns) this.elb.registerTargets({ TargetGroupArn, Targets: [{ Id: id }] });
  }

  private deregister(state: GroupState, ids: readonly string[]): void {
    const Targets = ids.map((Id) => ({ Id }));
    for (const TargetGroupArn of state.spec.targetGroupArns) this.elb.deregisterTargets({ TargetGroupArn, Targets });
  }

  private drainedAt(state: GroupState, ids: readonly string[]): number {
    return Math.max(this.clock.now(), ...state.spec.targetGroupArns.map((groupArn) => this.elb.drainedAt(groupArn, ids)));
  }

  private move(state: GroupState, ids: readonly string[], from: LifecycleState, to: LifecycleState): void {
    for (const id of ids) if (state.members.get(id) === from) state.members.set(id, to);
  }

  /**
   * On its way out of standby. Whether a launch hook runs here is not documented; it did once, and
   * terminated instances by its time-out (aws-samples/aws-codedeploy-samples #30, which calls it a
   * fault that was mended). The world does the worse: nobody completes the hook.
   */
  private arrive(state: GroupState, id: string): void {
    if (state.members.get(id) !== 'Pending') return;
    const hooks = state.hooks.filter(({ on = 'LAUNCHING' }) => on === 'LAUNCHING');
    if (hooks.length === 0) return this.putInService(state, id);
    state.members.set(id, 'Pending:Wait');
    const waitS = Math.max(...hooks.map(({ heartbeatS }) => heartbeatS));
    this.clock.at(this.clock.now() + waitS * 1000, () => this.timeOut(state, id, hooks));
  }

  /**
   * A heartbeat time-out does what the hooks' default results say; one ABANDON is enough (user
   * guide, lifecycle hooks).
   */
  private timeOut(state: GroupState, id: string, hooks: readonly Hook[]): void {
    if (state.members.get(id) !== 'Pending:Wait') return;
    if (hooks.every(({ defaultResult }) => defaultResult === 'CONTINUE')) return this.putInService(state, id);
    this.end(state, id);
    this.meetDesired(state);
  }

  private end(state: GroupState, id: string): void {
    state.members.delete(id);
    this.deregister(state, [id]);
    this.instances.terminate(id);
  }

  /**
   * Launches in the zone with the fewest members, terminates in the one with the most. What is on
   * standby is not touched.
   */
  private meetDesired(state: GroupState): void {
    for (let missing = state.desired - countedMembers(state).length; missing > 0; missing--) this.launchIn(state);
    for (let left = countedMembers(state).length; left > state.desired; left--) {
      const id = nextToTerminate(state, this.instances);
      if (id !== undefined) this.end(state, id);
    }
    this.watchZones(state);
  }

  private launchIn(state: GroupState): boolean {
    const id = this.launch(state.spec.name, weakestZone(state, this.instances));
    if (id !== undefined) this.putInService(state, id);
    return id !== undefined;
  }

  private watchZones(state: GroupState): void {
    if (isUnbalanced(state, this.instances)) this.clock.at(this.clock.now() + REBALANCE_MS, () => this.rebalance(state));
  }

  /**
   * AZRebalance: launches one instance, then terminates a healthy one (EC2 Auto Scaling user guide,
   * Availability Zone rebalancing).
   */
  private rebalance(state: GroupState): void {
    if (['AZRebalance', 'Launch', 'Terminate'].some((process) => state.suspended.has(process))) return;
    if (!isUnbalanced(state, this.instances) || !this.launchIn(state)) return;
    const id = nextToTerminate(state, this.instances);
    if (id !== undefined) this.end(state, id);
    this.watchZones(state);
  }

  private activity(state: GroupState, description: string): Activity {
    return {
      ActivityId: this.ids.uuid(),
      AutoScalingGroupName: state.spec.name,
      Description: description,
      Cause: `At ${new Date(this.clock.now()).toISOString()} in response to a user request.`,
      StartTime: new Date(this.clock.now()),
      StatusCode: 'InProgress',
      Progress: 50,
    };
  }
}
