import type {
  DeregisterTargetsInput,
  DeregisterTargetsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupAttributesOutput,
  DescribeTargetGroupsInput,
  DescribeTargetGroupsOutput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  RegisterTargetsOutput,
  TargetDescription,
  TargetHealthDescription,
  TargetHealthReasonEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { Balancers, type ListenerSpec, type LoadBalancerSpec, type RuleSpec } from './elb-balancers';
import {
  deregistrationDelayMs,
  NETWORK_REMOVAL_MS,
  failsOpen,
  groupRecord,
  thresholds,
  type GroupRecord,
  type TargetGroupSpec,
} from './elb-groups';
import { HealthView, type ElbHabits } from './elb-health';
import { enterHealthCheck, keyOf, newRegistration, targetHealth, type Registration } from './elb-registration';
import { pairs, Tags } from './elb-tags';
import type { Instances } from './instances';
import { pageOf } from './paging';

/** A target with the address it is reached at. */
export interface RoutableTarget {
  readonly id: string;
  readonly port: number;
  readonly address: string;
  readonly zone: string | undefined;
}

/**
 * Elastic Load Balancing v2: what its API says and does, and what its data plane may send traffic
 * to.
 */
export class Elb {
  readonly balancers: Balancers;
  private readonly groups = new Map<string, GroupRecord>();
  private readonly tags = new Tags();
  private readonly health: HealthView;

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly instances: Instances,
    private readonly habits: ElbHabits = { listsDrainedMs: 0, showsInstanceZones: false },
  ) {
    this.balancers = new Balancers(account, ids);
    this.health = new HealthView(clock, instances, this.balancers, habits);
  }

  // ------------------------------------------------------------ setting up, and what only the lab
  // does

  addTargetGroup(spec: TargetGroupSpec): string {
    const made = spec.arn ?? arn(this.account, 'elasticloadbalancing', `targetgroup/${spec.name}/${this.ids.hex(16)}`);
    this.groups.set(made, groupRecord(made, spec));
    this.tag(made, spec.tags ?? {});
    return made;
  }

  addLoadBalancer(spec: LoadBalancerSpec & { readonly tags?: Readonly<Record<string, string>> }): string {
    const made = this.balancers.addLoadBalancer(spec);
    this.tag(made, spec.tags ?? {});
    return made;
  }

  addListener(spec: ListenerSpec): string {
    return this.balancers.addListener(spec);
  }

  addRule(spec: RuleSpec): string {
    return this.balancers.addRule(spec);
  }

  tag(resourceArn: string, tags: Readonly<Record<string, string>>): void {
    this.tags.add(resourceArn, tags);
  }

  setAttribute(groupArn: string, key: string, value: string): void {
    this.record(groupArn).attributes.set(key, value);
  }

  /** What Automatic Target Weights says about a target. */
  setAnomaly(groupArn: string, id: string, result: 'anomalous' | 'normal', mitigationInEffect: boolean): void {
    this.health.setAnomaly(groupArn, id, result, mitigationInEffect);
  }

  /**
   * Starts or ends a zonal shift away from a zone: it shows as an administrative override of the
   * targets there.
   */
  setZonalShift(zone: string, on: boolean): void {
    this.health.setZonalShift(zone, on);
  }

  /**
   * One health check's result, from the data plane. Targets that are draining or gone are ignored:
   * a late answer changes nothing.
   */
  reportHealthCheck(
    groupArn: string,
    target: { id: string; port: number },
    ok: boolean,
    reason: TargetHealthReasonEnum = 'Target.FailedHealthChecks',
  ): void {
    const record = this.record(groupArn);
    const entry = this.current(record, keyOf(target.id, target.port));
    if (entry && entry.drainingUntil === undefined) enterHealthCheck(entry, ok, reason, thresholds(record));
  }

  /** Targets that health checks are sent to: registered, in use and not draining. */
  checkable(groupArn: string): RoutableTarget[] {
    return this.inState(groupArn, ['initial', 'healthy', 'unhealthy']);
  }

  /**
   * Targets the data plane may send new requests to: the healthy ones, or the unhealthy too when
   * the group fails open; none: [].
   */
  routable(groupArn: string): RoutableTarget[] {
    const healthy = [...this.inState(groupArn, ['healthy']), ...this.lingering(this.record(groupArn))];
    const all = this.inState(groupArn, ['healthy', 'unhealthy']);
    return failsOpen(this.record(groupArn), healthy.length, this.checkable(groupArn).length) ? all : healthy;
  }

  /** When the last of these targets has finished draining from this group; now, when none is. */
  drainedAt(groupArn: string, ids: readonly string[]): number {
    const entries = this.entries(this.record(groupArn)).filter((entry) => ids.includes(entry.target.Id));
    return Math.max(this.clock.now(), ...entries.map((entry) => entry.drainingUntil ?? 0));
  }

  groupArns(): string[] {
    return [...this.groups.keys()];
  }

  // ------------------------------------------------------------ the API

  describeTargetGroups(input: DescribeTargetGroupsInput): DescribeTargetGroupsOutput {
    const page = pageOf(this.select(input), input.Marker, input.PageSize ?? 400, 'ValidationError');
    const TargetGroups = page.items.map((record) => ({
      ...record.group,
      LoadBalancerArns: this.balancers.balancersOf(record.arn).map((balancer) => balancer.LoadBalancerArn ?? ''),
    }));
    return { TargetGroups, NextMarker: page.next };
  }

  describeTargetGroupAttributes(input: DescribeTargetGroupAttributesInput): DescribeTargetGroupAttributesOutput {
    return { Attributes: pairs(this.record(input.TargetGroupArn ?? '').attributes) };
  }

  describeTags(input: DescribeTagsInput): DescribeTagsOutput {
    return this.tags.describe(input);
  }

  /**
   * DescribeTargetHealth has no pagination. A target that is asked for and not registered is
   * `unused`, Target.NotRegistered.
   */
  describeTargetHealth(input: DescribeTargetHealthInput): DescribeTargetHealthOutput {
    const record = this.record(input.TargetGroupArn ?? '');
    const anomalies = (input.Include ?? []).some((what) => what === 'AnomalyDetection' || what === 'All');
    const described = input.Targets
      ? input.Targets.map((target) => this.asked(record, target))
      : [...this.entries(record).map((entry) => this.health.describe(record, entry)), ...this.health.departed(record)];
    return { TargetHealthDescriptions: anomalies ? described.map((one) => this.health.withAnomaly(record, one)) : described };
  }

  registerTargets(input: RegisterTargetsInput): RegisterTargetsOutput {
    const record = this.record(input.TargetGroupArn ?? '');
    const entries = (input.Targets ?? []).map((target) => this.registration(record, target));
    for (const entry of entries) {
      const key = keyOf(entry.target.Id, entry.target.Port);
      const current = this.current(record, key);
      if (!current || current.drainingUntil !== undefined) record.registrations.set(key, entry);
    }
    return {};
  }

  /**
   * Succeeds for targets that are not registered, too: success proves nothing. A port override has
   * to be repeated.
   */
  deregisterTargets(input: DeregisterTargetsInput): DeregisterTargetsOutput {
    const record = this.record(input.TargetGroupArn ?? '');
    for (const target of input.Targets ?? []) {
      const entry = this.find(record, target);
      if (entry && entry.drainingUntil === undefined) entry.drainingUntil = this.clock.now() + deregistrationDelayMs(record);
    }
    return {};
  }

  /**
   * Refused while a listener or a rule forwards to it (DeleteTargetGroup, API reference:
   * ResourceInUse).
   */
  deleteTargetGroup(groupArn: string): void {
    this.record(groupArn);
    if (this.balancers.balancersOf(groupArn).length > 0)
      throw new AwsError('ResourceInUse', `Target group '${groupArn}' is currently in use by a listener or a rule`);
    this.groups.delete(groupArn);
    this.tags.delete(groupArn);
  }

  // ------------------------------------------------------------ inside

  private record(groupArn: string): GroupRecord {
    const record = this.groups.get(groupArn);
    if (!record) throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
    return record;
  }

  private select(input: DescribeTargetGroupsInput): GroupRecord[] {
    if (input.TargetGroupArns) return input.TargetGroupArns.map((groupArn) => this.record(groupArn));
    const all = [...this.groups.values()];
    if (input.LoadBalancerArn !== undefined) {
      const balancer = this.balancers.balancer(input.LoadBalancerArn);
      return all.filter((record) => this.balancers.balancersOf(record.arn).includes(balancer));
    }
    if (!input.Names) return all;
    return input.Names.map((name) => this.record(all.find((record) => record.group.TargetGroupName === name)?.arn ?? ''));
  }

  /** The registration of a key, unless its deregistration delay has passed: then it is gone. */
  private current(record: GroupRecord, key: string): Registration | undefined {
    const entry = record.registrations.get(key);
    if (entry?.drainingUntil === undefined || entry.drainingUntil > this.clock.now()) return entry;
    record.registrations.delete(key);
    record.departed.set(key, { target: entry.target, until: entry.drainingUntil + this.habits.listsDrainedMs });
    return undefined;
  }

  private entries(record: GroupRecord): Registration[] {
    return [...record.registrations.keys()].flatMap((key) => this.current(record, key) ?? []);
  }

  private find(record: GroupRecord, target: TargetDescription): Registration | undefined {
    const entry = this.current(record, keyOf(target.Id ?? '', target.Port ?? record.group.Port ?? 0));
    const zoneDiffers = target.AvailabilityZone !== undefined && target.AvailabilityZone !== entry?.target.AvailabilityZone;
    return zoneDiffers ? undefined : entry;
  }

  /** A Lambda function has no port; the lab keeps it under port 0. */
  private registration(record: GroupRecord, target: TargetDescription): Registration {
    const { Id = '', Port = record.group.Port ?? 0 } = target;
    if (record.group.TargetType === 'lambda') return newRegistration({ Id, Port: 0 }, 'all');
    if (record.group.TargetType === 'alb') return newRegistration({ Id, Port }, 'all');
    if (record.group.TargetType === 'ip') return this.addressRegistration(record, target, Id, Port);
    const instance = this.instances.running(Id);
    if (!instance) throw new AwsError('InvalidTarget', `The following targets are not valid: '${Id}'`);
    if (target.AvailabilityZone !== undefined) {
      throw new AwsError('ValidationError', 'An Availability Zone may not be specified for targets of type instance');
    }
    return newRegistration({ Id, Port }, instance.zone);
  }

  /**
   * An address cannot be registered again before its deregistration delay has passed. That it is
   * this error code is from memory.
   */
  private addressRegistration(record: GroupRecord, target: TargetDescription, Id: string, Port: number): Registration {
    if (this.current(record, keyOf(Id, Port))?.drainingUntil !== undefined) {
      throw new AwsError('InvalidTarget', `The following targets are still deregistering: '${Id}'`);
    }
    const AvailabilityZone = target.AvailabilityZone ?? this.instances.atAddress(Id)?.zone;
    const shown = AvailabilityZone === undefined || this.habits.hidesAddressZones === true ? {} : { AvailabilityZone };
    return newRegistration({ Id, Port, ...shown }, AvailabilityZone);
  }

  private asked(record: GroupRecord, target: TargetDescription): TargetHealthDescription {
    const entry = this.find(record, target);
    if (entry) return this.health.describe(record, entry);
    if (record.group.TargetType === 'instance' && !this.instances.find(target.Id ?? '')) {
      throw new AwsError('InvalidTarget', `The following targets are not valid: '${target.Id}'`);
    }
    return { Target: { Port: record.group.Port, ...target }, TargetHealth: targetHealth('unused', 'Target.NotRegistered') };
  }

  /** Targets that a Network Load Balancer goes on connecting to for a while. */
  private lingering(record: GroupRecord): RoutableTarget[] {
    if (record.group.Protocol?.startsWith('HTTP') !== false) return [];
    const since = (drainingUntil = -Infinity): number => this.clock.now() - (drainingUntil - deregistrationDelayMs(record));
    return this.addressed(
      record,
      this.entries(record).filter(({ drainingUntil }) => since(drainingUntil) < NETWORK_REMOVAL_MS),
    );
  }

  private inState(groupArn: string, states: readonly string[]): RoutableTarget[] {
    const record = this.record(groupArn);
    return this.addressed(
      record,
      this.entries(record).filter((entry) => states.includes(this.health.of(record, entry).State ?? '')),
    );
  }

  private addressed(record: GroupRecord, wanted: readonly Registration[]): RoutableTarget[] {
    return wanted.map(({ target, zone }) => {
      const address = record.group.TargetType === 'ip' ? target.Id : (this.instances.find(target.Id)?.address ?? target.Id);
      return { id: target.Id, port: target.Port, address, zone };
    });
  }
}
