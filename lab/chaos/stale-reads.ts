/** What a read of the world answered a while ago: AWS promises no read that is fresh. */
import type { Clock } from '../world/clock';
import type { World } from '../world/world';
import { operate } from './aws';
import { membersOf } from './call-input';

/**
 * A stale read of target health is at most this old: just under what the code takes as the bound
 * (core/decide/settling.ts).
 */
const STALE_MS = 29_000;

/** One read of a run may be older than every bound: target health as it was up to this long ago. */
const ANCIENT_MS = 300_000;

type AutoScalingAnswers = ReturnType<World['autoScaling']['describeAutoScalingInstances']> &
  Partial<ReturnType<World['autoScaling']['describeAutoScalingGroups']>>;

export class StaleReads {
  /** What Auto Scaling answers, and what it answered before its last change, as JSON. */
  private autoScalingSeen: { readonly text: string; readonly before: string; readonly changedAt: number } | undefined;
  private readonly snapshots = new Map<string, { readonly at: number; readonly answer: unknown }[]>();

  constructor(
    private readonly world: World,
    private readonly clock: Clock,
  ) {}

  /** Remembers target health and Auto Scaling as they are now, for stale reads later. */
  look(): void {
    this.rememberAutoScaling();
    for (const arn of this.world.elb.groupArns()) {
      const taken = this.snapshots.get(arn) ?? [];
      const recent = taken.filter((_, index) => (taken[index + 1]?.at ?? Infinity) > this.clock.now() - ANCIENT_MS);
      const answer = operate(this.world, 'DescribeTargetHealth', { TargetGroupArn: arn, Include: ['AnomalyDetection'] });
      this.snapshots.set(arn, [...recent, { at: this.clock.now(), answer }]);
    }
  }

  /** Target health as it was half a minute ago, or before that by far. */
  health(arn: string, fault: 'stale' | 'ancient'): unknown {
    const ageMs = fault === 'stale' ? STALE_MS : ANCIENT_MS;
    const old = (this.snapshots.get(arn) ?? []).findLast((snapshot) => snapshot.at <= this.clock.now() - ageMs);
    return (old ?? this.snapshots.get(arn)?.[0])?.answer;
  }

  private rememberAutoScaling(): void {
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
  autoScaling(operation: string, input: unknown): AutoScalingAnswers | undefined {
    const { before: text, changedAt = -Infinity } = this.autoScalingSeen ?? {};
    if (text === undefined || this.clock.now() - changedAt > STALE_MS) return undefined;
    const before = JSON.parse(text) as AutoScalingAnswers;
    const { InstanceIds = [], AutoScalingGroupNames = [] } = membersOf(input);
    return operation === 'DescribeAutoScalingInstances'
      ? { AutoScalingInstances: (before.AutoScalingInstances ?? []).filter((one) => InstanceIds.includes(one.InstanceId ?? '')) }
      : {
          AutoScalingGroups: (before.AutoScalingGroups ?? []).filter((one) =>
            AutoScalingGroupNames.includes(one.AutoScalingGroupName ?? ''),
          ),
        };
  }
}
