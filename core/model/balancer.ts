/**
 * Shared contracts: what CloudWatch says of a load balancer. Everything is exported by
 * core/model.ts, from which all others import.
 */

/**
 * One minute of a target group as the load balancer measured it. Minutes without any request are
 * not told, and are absent.
 */
export interface BalancerMinute {
  readonly startsAt: number;
  /** Requests that were sent to a target. */
  readonly requests: number;
  /** Answers of targets with a status of 500 to 599. */
  readonly serverErrors: number;
  /** Connections to targets that could not be made. */
  readonly connectionErrors: number;
  /** 99th percentile of the time from a request's departure to the head of its answer. */
  readonly p99Ms?: number;
}

/** The load balancer's own measurement of a target group, read beside the evidence. */
export interface BalancerView {
  readonly readAt: number;
  /**
   * Oldest first; the last one may still be going on. Empty: CloudWatch told nothing, which speaks
   * for nobody.
   */
  readonly minutes: readonly BalancerMinute[];
  /** Why it could not be read. */
  readonly unread?: string;
}
