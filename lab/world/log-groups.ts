/**
 * CloudWatch Logs, as far as queries of Logs Insights go. What services deliver comes when it
 * comes: a query sees what was ingested by the time that it was started.
 */
import type {
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  GetQueryResultsRequest,
  GetQueryResultsResponse,
  StartQueryRequest,
  StartQueryResponse,
  StopQueryRequest,
  StopQueryResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { arn, type Account, type Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import { compile, type Counted, type LogRecord, type ResultRow } from './insights';

interface LogEvent extends Counted {
  /** What @timestamp is. */
  readonly at: number;
  readonly ingestedAt: number;
}

interface Query {
  readonly logGroupNames: readonly string[];
  readonly startedAt: number;
  readonly rows: ResultRow[];
  readonly records: number;
  readonly bytes: number;
  stopped?: true;
}

/** Between being scheduled and running, and until it has ended. */
const SCHEDULED_MS = 300;

/** "You can have up to 30 concurrent queries" (StartQuery, API reference). */
const AT_ONCE = 30;

const ROWS_MAX = 10_000;

/** So many are kept of a group: a lab may run for days. */
const EVENTS_MAX = 50_000;

/** Of one record of an access log, about. */
const RECORD_BYTES = 900;

export class LogGroups {
  private readonly groups = new Map<string, LogEvent[]>();
  private readonly queries = new Map<string, Query>();
  /** How long each query runs. */
  tookMs = 900;

  constructor(
    private readonly account: Account,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  add(name: string): void {
    if (!this.groups.has(name)) this.groups.set(name, []);
  }

  /** A service delivers: `copies` of one record, ingested then. */
  deliver(name: string, record: LogRecord, { at, ingestedAt, copies = 1 }: { at: number; ingestedAt: number; copies?: number }): void {
    const events = this.groups.get(name);
    if (copies > 0) events?.push({ record, at, ingestedAt, copies });
    if (events !== undefined && events.length > EVENTS_MAX) events.splice(0, EVENTS_MAX / 5);
  }

  describeLogGroups({ logGroupNamePrefix = '' }: DescribeLogGroupsRequest): DescribeLogGroupsResponse {
    const names = [...this.groups.keys()].filter((name) => name.startsWith(logGroupNamePrefix)).sort();
    return {
      logGroups: names.map((logGroupName) => ({
        logGroupName,
        arn: `${arn(this.account, 'logs', `log-group:${logGroupName}`)}:*`,
        logGroupClass: 'STANDARD',
      })),
    };
  }

  startQuery(input: StartQueryRequest): StartQueryResponse {
    const { logGroupNames = [], queryString = '', startTime = 0, endTime = 0, limit = ROWS_MAX } = input;
    if (logGroupNames.length === 0)
      throw new AwsError('InvalidParameterException', 'exactly one of the parameters for log groups is needed');
    if (endTime < startTime) throw new AwsError('InvalidParameterException', 'End time should not be less than start time');
    if (limit > ROWS_MAX) throw new AwsError('InvalidParameterException', `limit: got ${limit}, allowed up to ${ROWS_MAX}`);
    const missing = logGroupNames.find((name) => !this.groups.has(name));
    if (missing !== undefined)
      throw new AwsError('ResourceNotFoundException', `Log group '${missing}' does not exist for account ID '${this.account.accountId}'`);
    if ([...this.queries.values()].filter((query) => this.statusOf(query) === 'Running').length >= AT_ONCE)
      throw new AwsError('LimitExceededException', 'Account maximum query concurrency limit of [30] reached.');
    const run = compile(queryString);
    const now = this.clock.now();
    const seen = logGroupNames
      .flatMap((name) => this.groups.get(name) ?? [])
      .filter(({ at, ingestedAt }) => ingestedAt <= now && at >= startTime * 1000 && at <= endTime * 1000 + 999);
    const records = seen.reduce((sum, { copies }) => sum + copies, 0);
    const queryId = this.ids.uuid();
    this.queries.set(queryId, { logGroupNames, startedAt: now, rows: run(seen).slice(0, limit), records, bytes: records * RECORD_BYTES });
    return { queryId };
  }

  getQueryResults({ queryId = '' }: GetQueryResultsRequest): GetQueryResultsResponse {
    const query = this.named(queryId);
    const status = this.statusOf(query);
    const share = status === 'Complete' ? 1 : Math.min(1, this.ranMs(query) / Math.max(1, this.tookMs));
    const part = Math.floor(query.rows.length * share);
    return {
      queryLanguage: 'CWLI',
      results: query.rows.slice(0, part),
      statistics: { recordsMatched: query.records * share, recordsScanned: query.records * share, bytesScanned: query.bytes * share },
      status,
    };
  }

  /** Of a query: IAM judges who may read its results by them. */
  groupsOf(queryId: string): readonly string[] {
    return this.queries.get(queryId)?.logGroupNames ?? [];
  }

  stopQuery({ queryId = '' }: StopQueryRequest): StopQueryResponse {
    const query = this.named(queryId);
    const status = this.statusOf(query);
    if (status !== 'Running' && status !== 'Scheduled')
      throw new AwsError('InvalidParameterException', `Query (${queryId}) is not running: its status is ${status}`);
    query.stopped = true;
    return { success: true };
  }

  private named(queryId: string): Query {
    const query = this.queries.get(queryId);
    if (query === undefined) throw new AwsError('ResourceNotFoundException', `Query with ID '${queryId}' does not exist`);
    return query;
  }

  private ranMs({ startedAt }: Query): number {
    return Math.max(0, this.clock.now() - startedAt - SCHEDULED_MS);
  }

  private statusOf(query: Query): 'Scheduled' | 'Running' | 'Complete' | 'Cancelled' {
    if (query.stopped === true) return 'Cancelled';
    if (this.clock.now() - query.startedAt < Math.min(SCHEDULED_MS, this.tookMs)) return 'Scheduled';
    return this.ranMs(query) < this.tookMs ? 'Running' : 'Complete';
  }
}
