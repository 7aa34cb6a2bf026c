/** Who is told: topics and the event bus. */
import type { CaseStateChange, OutboxEntry } from '../../core/model';

export type Severity = OutboxEntry['severity'];

/**
 * How many endpoints hear a topic. SNS counts one as pending until it has confirmed its
 * subscription.
 */
export interface Audience {
  readonly confirmed: number;
  readonly pending: number;
}

/** The two topics: each entry goes to the one of its severity. */
export interface Topic {
  publish(entry: OutboxEntry, context: { readonly caseId: string; readonly groupArn?: string }): Promise<void>;
  audience(severity: Severity): Promise<Audience>;
}

/** EventBridge. */
export interface CaseEvents {
  /** @throws when EventBridge did not take the event: its answer may say so without failing. */
  emit(event: CaseStateChange): Promise<void>;
}
