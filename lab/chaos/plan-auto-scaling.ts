/** The Auto Scaling group of a run's plan. */
import type { Sizes } from '../world/autoscaling-groups';
import type { World } from '../world/world';
import { AUTO_SCALING_GROUP, attachedGroups, groupArn, type Setting } from './plan';

/** What it needs of the run. */
interface Surroundings {
  readonly plan: Setting;
  readonly world: World;
  hasGroup(arn: string): boolean;
  look(): void;
}

export class PlanAutoScaling {
  constructor(private readonly stage: Surroundings) {}

  /** The target groups that the plan's Auto Scaling group is attached to. */
  attachedArns(): string[] {
    return attachedGroups(this.stage.plan)
      .map((group) => groupArn(group.name))
      .filter((arn) => this.stage.hasGroup(arn));
  }

  /**
   * Changes the sizes of the plan's Auto Scaling group, as an operator or a scaling policy does.
   */
  resize(sizes: Partial<Sizes>): void {
    this.stage.world.autoScaling.resize(AUTO_SCALING_GROUP, sizes);
    this.stage.look();
  }

  /** The sizes of the plan's Auto Scaling group as they are. */
  sizes(): Sizes {
    const { AutoScalingGroups } = this.stage.world.autoScaling.describeAutoScalingGroups({ AutoScalingGroupNames: [AUTO_SCALING_GROUP] });
    const { MinSize = 0, MaxSize = 0, DesiredCapacity = 0 } = AutoScalingGroups?.[0] ?? {};
    return { minSize: MinSize, maxSize: MaxSize, desiredCapacity: DesiredCapacity };
  }

  /**
   * An instance's lifecycle state in the plan's Auto Scaling group; undefined when it is in none.
   */
  lifecycle(id: string): string | undefined {
    return this.stage.plan.autoScaling === undefined ? undefined : this.stage.world.autoScaling.members(AUTO_SCALING_GROUP).get(id);
  }
}
