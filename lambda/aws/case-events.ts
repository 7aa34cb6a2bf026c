/**
 * Events about cases, to the account's default event bus. The detail's `id` travels with it:
 * delivery is at least once.
 */
import { PutEventsCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE, EVENT_TYPE } from '../../core/model/case-event';
import { groupArnOf } from '../../core/report/links';
import type { CaseEvents } from '../ports';

/**
 * `PutEvents` answers with success although an entry failed: `FailedEntryCount` counts those, and
 * each result has either an `EventId` or an `ErrorCode` (EventBridge user guide, "Handling failures
 * with PutEvents"). An event without an id was not taken.
 */
export function caseEvents(client: EventBridgeClient): CaseEvents {
  return {
    emit: async (event) => {
      const arn = groupArnOf(event.targetGroup.arn);
      const { FailedEntryCount = 0, Entries: [result] = [] } = await client.send(
        new PutEventsCommand({
          Entries: [
            {
              Source: EVENT_SOURCE,
              DetailType: EVENT_TYPE,
              Time: new Date(event.time),
              Resources: arn === undefined ? [] : [arn],
              Detail: JSON.stringify(event),
            },
          ],
        }),
      );
      if (FailedEntryCount > 0 || result?.EventId === undefined)
        throw new Error(
          `EventBridge did not take the event ${event.id}: got ${result?.ErrorCode ?? 'no event id'} ${result?.ErrorMessage ?? ''}`.trim(),
        );
    },
  };
}
