import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Config } from '../core/config';
import type { Alerts } from './alerts';
import type { HandedConfig } from './deploy-time';
import type { HashedDocument } from './hashed-document';
import type { KillSwitch } from './kill-switch';
import type { Protection } from './protection';
import type { Records } from './records';
import type { ScheduledRestores } from './scheduled-restores';
import type { ScheduledStops } from './scheduled-stops';

/** What the responder is built from, and its permissions with it. */
export interface ResponderProps {
  readonly config: Config;
  /** The same for the handler. */
  readonly handed: HandedConfig;
  readonly handlersDir: string;
  readonly records: Records;
  /** For agents that hand parameters over as environment, and for those that do not. */
  readonly documents: { readonly full: HashedDocument; readonly basic: HashedDocument };
  readonly alerts: Alerts;
  readonly scheduledRestores: ScheduledRestores;
  /** Where a group declares a service of ECS. */
  readonly scheduledStops?: ScheduledStops;
  /** Restores addresses at the end of their lease. */
  readonly restorer: IFunction;
  /** Reads metrics pages over the network, where a group declares one. */
  readonly pageReader?: IFunction;
  readonly killSwitch: KillSwitch;
  readonly protection: Protection;
  /** Where reports are written, by another function: alerts link to them. */
  readonly reportsBucket?: string;
  /** Names this Sickbay in its metrics. */
  readonly stack: string;
}
