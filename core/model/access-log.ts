/**
 * Shared contracts: what a load balancer's access log says of real requests. Everything is exported
 * by core/model.ts, from which all others import.
 */

/**
 * Real requests to one target or to several, in one minute. Our own client's are not among them.
 */
export interface RequestCount {
  readonly requests: number;
  /** Answered later than asked about, or failed. */
  readonly slow: number;
  /** Answered with 500 to 599, by the target or, where it gave no answer, by the load balancer. */
  readonly failed: number;
  /** The client went before the answer came: how long it would have taken is not known. */
  readonly aborted: number;
}

/** A minute in which answers were given, beside the target's peers. */
export interface LoggedMinute {
  readonly startsAt: number;
  readonly own: RequestCount;
  readonly peers: RequestCount;
  /** All that the log has of the group then, our own client's requests among them. */
  readonly logged: number;
}

/** What the access logs said of a target and its peers when its removal was due. */
export interface AccessLogView {
  readonly readAt: number;
  /** From so long on a request is slow. */
  readonly fromMs: number;
  /** `address:port`, by which the log names the target. */
  readonly endpoint: string;
  /** Oldest first; the last ones may not have been delivered in full. */
  readonly minutes: readonly LoggedMinute[];
  /** Of the query, which was for every target that was due. */
  readonly scannedBytes?: number;
  /** Why it could not be read. */
  readonly unread?: string;
}
