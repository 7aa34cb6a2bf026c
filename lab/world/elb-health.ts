/** What DescribeTargetHealth says about a target of a group, and why. */
import type { TargetHealth, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from './clock';
import type { Balancers } from './elb-balancers';
import type { GroupRecord } from './elb-groups';
import { checkedHealth, targetHealth, type Registration } from './elb-registration';
import type { Instances } from './instances';

/**
 * What DescribeTargetHealth may do and does not promise: each is a variant that the code has to
 * live with.
 */
export interface ElbHabits {
  /**
   * For so long a drained target is listed as `unused`, `Target.NotRegistered`; 0: it disappears at
   * once. Not documented either way.
   */
  readonly listsDrainedMs: number;
  /**
   * Targets of type `instance` are listed with an Availability Zone, which RegisterTargets does not
   * take for them.
   */
  readonly showsInstanceZones: boolean;
  /** Addresses are listed without their zone. */
  readonly hidesAddressZones?: boolean;
}

export class HealthView {
  private readonly anomalies = new Map<string, { readonly result: 'anomalous' | 'normal'; readonly mitigationInEffect: boolean }>();
  private readonly shiftedZones = new Set<string>();

  constructor(
    private readonly clock: Clock,
    private readonly instances: Instances,
    private readonly balancers: Balancers,
    private readonly habits: ElbHabits,
  ) {}

  setAnomaly(groupArn: string, id: string, result: 'anomalous' | 'normal', mitigationInEffect: boolean): void {
    this.anomalies.set(`${groupArn} ${id}`, { result, mitigationInEffect });
  }

  setZonalShift(zone: string, on: boolean): void {
    if (on) this.shiftedZones.add(zone);
    else this.shiftedZones.delete(zone);
  }

  /**
   * By the data plane's order of reasons: on its way out, gone, not in use, not checked, and then
   * its checks.
   */
  of(record: GroupRecord, entry: Registration): TargetHealth {
    if (entry.drainingUntil !== undefined) return targetHealth('draining', 'Target.DeregistrationInProgress');
    if (record.group.TargetType === 'instance' && !this.instances.running(entry.target.Id)) {
      return targetHealth('unused', 'Target.InvalidState');
    }
    if (!this.inUse(record, entry)) return targetHealth('unused', 'Target.NotInUse');
    if (record.group.HealthCheckEnabled === false) return targetHealth('unavailable', 'Target.HealthCheckDisabled');
    return checkedHealth(entry);
  }

  /** A registered target, as DescribeTargetHealth lists it. */
  describe(record: GroupRecord, entry: Registration): TargetHealthDescription {
    const { HealthCheckPort } = record.group;
    const shifted = entry.zone !== undefined && this.shiftedZones.has(entry.zone);
    return {
      Target: record.group.TargetType === 'lambda' ? { Id: entry.target.Id } : { ...entry.target, ...this.shownZone(record, entry) },
      HealthCheckPort: HealthCheckPort === 'traffic-port' ? String(entry.target.Port) : HealthCheckPort,
      TargetHealth: this.of(record, entry),
      AdministrativeOverride: shifted
        ? { State: 'zonal_shift_active', Reason: 'AdministrativeOverride.ZonalShiftActive', Description: 'Zonal shift is active' }
        : { State: 'no_override', Reason: 'AdministrativeOverride.NoOverride', Description: 'No override is currently active on target' },
    };
  }

  /** Drained targets that are listed for a while yet. */
  departed(record: GroupRecord): TargetHealthDescription[] {
    const listed = [...record.departed].filter(([key, { until }]) => until > this.clock.now() && !record.registrations.has(key));
    return listed.map(([, { target }]) => ({ Target: { ...target }, TargetHealth: targetHealth('unused', 'Target.NotRegistered') }));
  }

  withAnomaly(record: GroupRecord, described: TargetHealthDescription): TargetHealthDescription {
    const known = this.anomalies.get(`${record.arn} ${described.Target?.Id}`);
    const MitigationInEffect = known?.mitigationInEffect ? 'yes' : 'no';
    return { ...described, AnomalyDetection: { Result: known?.result ?? 'normal', MitigationInEffect } };
  }

  private inUse(record: GroupRecord, entry: Registration): boolean {
    const zones = this.balancers.balancersOf(record.arn).flatMap((balancer) => balancer.AvailabilityZones ?? []);
    return zones.some((zone) => entry.zone === undefined || entry.zone === 'all' || zone.ZoneName === entry.zone);
  }

  private shownZone(record: GroupRecord, { zone }: Registration): { AvailabilityZone?: string } {
    const shown = this.habits.showsInstanceZones && record.group.TargetType === 'instance' && zone !== undefined;
    return shown ? { AvailabilityZone: zone } : {};
  }
}
