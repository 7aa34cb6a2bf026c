/** What a scene is summed up in. */
import type { Culprit } from '../../core/model';
import type { Expectation } from './expectation';

export interface Summary {
  readonly scene: string;
  readonly sick: { readonly id: string; readonly ip: string };
  readonly ejected: readonly string[];
  readonly restored: readonly string[];
  readonly mutated: readonly string[];
  readonly topFinding?: { readonly cause: string; readonly culprit?: Pick<Culprit, 'pid' | 'command' | 'user'> };
  readonly timings: {
    readonly onsetToConvictionS?: number;
    readonly convictionToEjectionS?: number;
    readonly causeGoneToRestoreS?: number;
    readonly totalS: number;
  };
  readonly client: { readonly slowFractionBefore?: number; readonly slowFractionAfter?: number };
  readonly memoryMb: number;
  /** Of the scenes with a stop: what happened how long after the onset. */
  readonly times?: readonly string[];
  readonly expectations: readonly Expectation[];
}

export type Facts = Omit<Summary, 'expectations'>;

export const REMOVALS = ['elasticloadbalancing:DeregisterTargets', 'autoscaling:EnterStandby'];
export const RESTORES = ['elasticloadbalancing:RegisterTargets', 'autoscaling:ExitStandby'];
