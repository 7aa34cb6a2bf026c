import type { PutEventsRequest, PutEventsRequestEntry, PutEventsResponse, PutEventsResultEntry } from '@aws-sdk/client-eventbridge';
import type { Account, Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import type { AwsEvent } from './cloudwatch-alarms';

/** Entries of one call, and bytes of all of them (PutEvents, API reference; quotas). */
const ENTRIES = 10;
const BYTES = 262_144;

/**
 * The default event bus. As EventBridge does, it answers with success and counts the entries that
 * it did not take: a caller that only waits for an exception loses them.
 */
export class EventBus {
  readonly events: PutEventsRequestEntry[] = [];
  /** The next so many entries fail on EventBridge's side. */
  failing = 0;

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
    /** Takes each event as the bus hands it to rules. */
    private readonly onEvent: (event: AwsEvent) => void = () => undefined,
  ) {}

  putEvents({ Entries: entries = [] }: PutEventsRequest): PutEventsResponse {
    if (entries.length < 1 || entries.length > ENTRIES)
      throw new AwsError('ValidationException', `entries: got ${entries.length}, allowed: 1 to ${ENTRIES}`);
    const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(JSON.stringify(entry)), 0);
    if (bytes > BYTES) throw new AwsError('ValidationException', `Total size of the entries in the request is over the limit: ${bytes}`);
    const results = entries.map((entry) => this.put(entry));
    return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results };
  }

  private put(entry: PutEventsRequestEntry): PutEventsResultEntry {
    const fault = faultOf(entry) ?? (this.failing > 0 ? { ErrorCode: 'InternalFailure', ErrorMessage: 'Unexpected error' } : undefined);
    if (this.failing > 0) this.failing--;
    if (fault !== undefined) return fault;
    this.events.push(entry);
    const id = this.ids.uuid();
    this.onEvent(this.handedOver(entry, id));
    return { EventId: id };
  }

  /** (EventBridge events reference, "AWS event structure".) */
  private handedOver({ Source = '', DetailType = '', Detail = '{}', Time, Resources = [] }: PutEventsRequestEntry, id: string): AwsEvent {
    return {
      version: '0',
      id,
      'detail-type': DetailType,
      source: Source,
      account: this.account.accountId,
      time: new Date(Time ?? this.clock.now()).toISOString(),
      region: this.account.region,
      resources: [...Resources],
      detail: JSON.parse(Detail),
    };
  }
}

/** Codes of PutEventsResultEntry (API reference). */
function faultOf({ Source, DetailType, Detail }: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  if (!Source || !DetailType || !Detail)
    return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source, DetailType and Detail are required' };
  if (Source.startsWith('aws.')) return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  return isObject(Detail) ? undefined : { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
}

function isObject(detail: string): boolean {
  try {
    const value: unknown = JSON.parse(detail);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
