/** The scenes: which fault, what happens, and what must come of it. To add one: a fault in lab/fleet/faults/ and a line here. */
import type { Cause } from '../../core/model';
import type { FaultName } from '../fleet/faults';
import { backWithoutUs, nobodyOut, outAndBack, type Script } from './play';

export interface Scene {
  readonly title: string;
  readonly fault: FaultName;
  readonly script: Script;
  readonly cause: Cause;
  /** What the scene must end with. */
  readonly ends: 'restored' | 'untouched' | 'way-back';
  /** The scene's fault has somebody who did it, and the finding must name them. */
  readonly culprit?: true;
}

export const SCENES: Readonly<Record<string, Scene>> = {
  'pool-starvation': {
    title: "the story: a forgotten report starves one host's pool",
    fault: 'pool-starvation',
    script: outAndBack,
    cause: 'pool-starvation',
    ends: 'restored',
    culprit: true,
  },
  'all-slow': {
    title: 'the database is slow for everybody',
    fault: 'all-slow',
    script: nobodyOut,
    cause: 'shared-dependency',
    ends: 'untouched',
  },
  'responder-killed': {
    title: 'the responder dies right after its deregistration call and never runs again',
    fault: 'pool-starvation',
    script: backWithoutUs,
    cause: 'pool-starvation',
    ends: 'way-back',
  },
};

export const DEFAULT_SCENE = 'pool-starvation';
