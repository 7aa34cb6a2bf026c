/** What has to hold in every run. */

export interface Violation {
  readonly invariant: Invariant;
  readonly step: number;
  readonly summary: string;
}

/** What has to hold. Each is explained in docs/safety.md. */
export const INVARIANTS = [
  'mode',
  'kill-switch',
  'owner',
  'fresh-look',
  'asg-minimum',
  'asg-desired',
  'zone-balance',
  'restore-open',
  'intent-first',
  'restore-first',
  'restore-kept',
  'one-responder',
  'floor',
  'capacity',
  'budget',
  'breaker',
  'held',
  'unreadable',
  'request-kept',
  'evidence',
  'shared-cause',
  'contested',
  'uninvited',
  'frozen',
  'network',
  'back-in-time',
  'renewal-needs-evidence',
  'alert-told',
  'repeat-changes-nothing',
  'drain-first',
  'other-holder',
  'replacement-verified',
  'service-minimum',
  'task-protected',
  'settles',
] as const;
export type Invariant = (typeof INVARIANTS)[number];
