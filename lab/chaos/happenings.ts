/** What a chaos run plays: a setting, and what happens there when, minute by minute. */
import type { Setting } from './plan';
import type { Stage } from './roles';

export interface Happening {
  /** Minutes from the start. */
  readonly atMinute: number;
  readonly summary: string;
  readonly happen: (stage: Stage) => void;
}

export interface Plan extends Setting {
  readonly happenings: readonly Happening[];
}
