/**
 * The scheduled restore: a one-time EventBridge Scheduler entry with a universal target that
 * registers the target again by itself. It is created before the removal and needs none of our
 * code; of an address it goes through a function that looks who has it. One entry a target, so that
 * an old one can never bring back a target that went out again.
 */
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { isInstanceId, type Owner } from '../../core/model';
import type { AddressRestore } from '../act/restore-address';
import type { Removal, ScheduledRestores } from '../ports';
import { standbyInput } from './asg';
import { callingEntries, universalTarget, type EntryCall, type EntryRetries, type EntrySettings } from './schedule-entries';
import { elbTarget } from './static';

/** The call that undoes a removal, an owner. */
interface Call {
  /**
   * Of the universal target (these actions by analogy with published ones). Without it the input
   * goes to the function that restores addresses, which looks before it calls.
   */
  readonly sdkCall?: string;
  readonly input: unknown;
}

const CALLS: Readonly<Record<Owner, (groupArn: string, removal: Removal) => Call>> = {
  static: (groupArn, removal) =>
    isInstanceId(removal.target.id)
      ? {
          sdkCall: 'elasticloadbalancingv2:registerTargets',
          input: { TargetGroupArn: groupArn, Targets: [elbTarget(removal.target)] },
        }
      : { input: addressRestore(groupArn, removal) },
  asg: (_groupArn, removal) => ({ sdkCall: 'autoscaling:exitStandby', input: standbyInput(removal) }),
};

/** @throws without the holder of the address: then nothing is removed. */
function addressRestore(groupArn: string, { target, targetRef }: Removal): AddressRestore {
  if (targetRef === undefined) throw new Error(`who has the address ${target.id} is not on record: nothing could restore it safely`);
  return { groupArn, target, targetRef };
}

/** An ELB that throttles or fails for a while must not strand the target. */
const RETRIES: EntryRetries = { attempts: 60, forMs: 3_600_000 };

export interface ScheduledRestoreSettings extends EntrySettings {
  /** Of the function that restores addresses (lambda/restore.handler.ts). */
  readonly restoreFunctionArn: string;
}

export function scheduledRestores(client: SchedulerClient, settings: ScheduledRestoreSettings): ScheduledRestores {
  return callingEntries(client, settings, RETRIES, (groupArn: string, removal: Removal): EntryCall => {
    const { sdkCall, input } = CALLS[removal.owner](groupArn, removal);
    return { arn: sdkCall === undefined ? settings.restoreFunctionArn : universalTarget(sdkCall, groupArn, 'target group'), input };
  });
}
