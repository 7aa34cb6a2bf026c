/** What one run of the function that stops works with. */
import type { Config } from '../../core/config';
import type { Case, Stop } from '../../core/model';
import type { StopPorts } from './ports';

/** What a run starts from. */
export interface StopRecordsRead {
  readonly stops: readonly Stop[];
  readonly unreadable: readonly string[];
  readonly openCases: readonly Case[];
}

export interface Advancing {
  readonly ports: StopPorts;
  readonly config: Config;
  readonly read: StopRecordsRead;
  /** Is told of each record as it was stored. */
  readonly keep: (stop: Stop) => void;
}
