import type { Stop } from '../../core/model';
import type { Ended } from './operator';

/** What a scene saw of a stop. Times are epoch milliseconds. */
export interface StopPlayed {
  readonly stops: readonly Stop[];
  /**
   * The crontab before anything was done to it, when the stop had been carried out, and at the end.
   */
  readonly crontab: { readonly before: string; readonly stopped?: string; readonly after: string };
  /** Whether the report ran right before somebody approved, and right after the host's work. */
  readonly ran: { readonly before: boolean; readonly after: boolean };
  /** Of the shop, which nobody may touch. */
  readonly shopPid: { readonly before: string; readonly after: string };
  /** What the command line answered, by what it was asked. */
  readonly answers: Readonly<Record<string, Ended>>;
  readonly marks: readonly Mark[];
}

/** A moment of the story, for the table of times. */
export interface Mark {
  readonly what: string;
  readonly at: number;
}
