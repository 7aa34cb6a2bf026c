/** What takes a target out and brings it back. */
import type { Ejection, Owner } from '../../core/model';

/** What has to be known of a removal to make it and to undo it. */
export type Removal = Pick<Ejection, 'owner' | 'target' | 'targetRef' | 'autoScalingGroup'>;

/**
 * The scheduled restore: a one-time EventBridge Scheduler entry that undoes the removal without any
 * of our code.
 */
export interface ScheduledRestores {
  /** Creates the entry, or moves the one that is there. */
  create(name: string, at: number, groupArn: string, removal: Removal): Promise<void>;
  move(name: string, at: number, groupArn: string, removal: Removal): Promise<void>;
  exists(name: string): Promise<boolean>;
  cancel(name: string): Promise<void>;
}

/**
 * How one kind of owner takes a target out and brings it back. Success proves nothing: target
 * health is read afterwards.
 */
export interface Registration {
  /** One removal, without retries. */
  remove(groupArn: string, removal: Removal): Promise<void>;
  /**
   * One call at most; none while the owner is at it already. @throws TargetVanished when there is
   * nothing to bring back any more, TargetNotRunning when it can be brought back once its instance
   * runs, AddressNotFree while ELB does not take its address, and ReturnRefused when only a person
   * can make it possible.
   */
  restore(groupArn: string, removal: Removal): Promise<void>;
}

/** One registration an owner; a removal is undone by the one that made it. */
export type Registrations = Readonly<Record<Owner, Registration>>;
