/** One target of a healthy group. */
export interface BenignTarget {
  readonly key: string;
  readonly zone: string;
  readonly type: string | undefined;
  readonly offset: number;
  /** How much the day's load slows it. */
  readonly load: number;
  /** Minute of the day, and slow-down in y, of its own cron job. */
  readonly cron: { readonly minute: number; readonly level: number } | undefined;
  effect: number;
  /** Round in which it was registered; below 0: long ago. */
  registered: number;
  /** Round in which its process last started. */
  started: number;
  warmUp: number;
  /** Leaves the group in this round. */
  leaves: number;
  /** What releases changed, in y. */
  release: number;
}
