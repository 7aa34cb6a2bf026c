/** Every event that is on record is emitted, at least once, and says what its schema promises. */
import type { PutEventsRequest, PutEventsResponse } from '@aws-sdk/client-eventbridge';
import type { Case } from '../../core/model';
import { CASE_STATE_CHANGE } from '../../core/model/case-event';
import type { Checker } from './roles';

export class EventLog {
  private readonly stored = new Set<string>();
  private readonly taken = new Set<string>();

  constructor(private readonly checker: Checker) {}

  record({ outbox }: Case): void {
    for (const { event } of outbox) if (event !== undefined) this.stored.add(event.id);
  }

  /** What EventBridge answered for each entry decides whether it took it. */
  put(input: unknown, answer: unknown): void {
    const { Entries: entries = [] } = input as PutEventsRequest;
    const { Entries: results = [] } = answer as PutEventsResponse;
    for (const [index, { Detail = '' }] of entries.entries()) {
      const parsed = CASE_STATE_CHANGE.safeParse(JSON.parse(Detail));
      this.checker.must(parsed.success, 'alert-told', `an event breaks its schema: ${parsed.error?.message ?? ''}`);
      if (parsed.success && results[index]?.EventId !== undefined) this.taken.add(parsed.data.id);
    }
  }

  settled(): void {
    for (const id of this.stored) this.checker.must(this.taken.has(id), 'alert-told', `event ${id} was stored and never emitted`);
  }
}
