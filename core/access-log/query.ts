/**
 * The one query of CloudWatch Logs Insights that counts and times the real requests to every target
 * whose removal is due, and the reading of its answer.
 *
 * An Application Load Balancer delivers its access logs to a log group as JSON or as plain text
 * (log type ALB_ACCESS_LOGS; PutDeliverySource, CloudWatch Logs API reference). All fields of a
 * record are mandatory; the names are those of the delivery: `target_port` holds what the guide
 * calls `target:port`, and `elb`, `time`, `target_processing_time`, `elb_status_code`,
 * `target_group_arn` and `user_agent` are as the guide has them (the AWS CDK's service
 * specification 0.1.216, `vendedLogs` of AWS::ElasticLoadBalancingV2::LoadBalancer; "Access logs
 * for your Application Load Balancer", ELB user guide). That Insights finds those fields needs
 * JSON ("Supported logs and discovered fields", CloudWatch Logs user guide).
 *
 * Not verified: whether numbers are JSON numbers or strings, and whether @timestamp is the time of
 * the answer or of the delivery. The query does arithmetic on the first, which Insights does on
 * either (I), and rests on `time` for the second.
 */
import { MINUTE_MS, VIEW_MINUTES } from '../balancer-view';
import type { LoggedMinute, RequestCount } from '../model';

/** Of whom the query asks: one target, and the targets that it is compared with. */
export interface Subject {
  readonly groupArn: string;
  /** `address:port` of the target. */
  readonly endpoint: string;
  /** The same of the peers: those that serve and are under no suspicion. */
  readonly peers: readonly string[];
  readonly fromMs: number;
}

/** What StartQuery takes, but for the log groups. */
export interface Query {
  readonly queryString: string;
  readonly startTimeS: number;
  readonly endTimeS: number;
  /** In the order of `slow0`, `slow1`, …, ms. */
  readonly limitsMs: readonly number[];
}

/** One row of an answer, by field. */
export type Row = Readonly<Record<string, string>>;

/** How our own client and prober name themselves (lambda/probe/request.ts). */
export const OWN_AGENT = 'Sickbay-Prober/';

/** StartQuery, `limit`: at most 10,000 rows (API reference). More may have been left out. */
export const ROWS_MAX = 10_000;

/** A query string has at most 10,000 characters (API reference, QueryString). */
const QUERY_MAX = 10_000;

/** Each has a limit of its own, and a sum in the query. */
export const SUBJECTS_MAX = 8;

const GROUP_ARN = /^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]{1,32}:\d{12}:targetgroup\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{16}$/;

/**
 * Two minutes more than are looked at: an answer is logged under the time at which it was given,
 * and
 * @timestamp may be another.
 */
const WINDOW_MS = (VIEW_MINUTES + 2) * MINUTE_MS;

/**
 * The query for at most `SUBJECTS_MAX` targets; undefined when nobody is asked about.
 * @throws when a group's ARN has another form: nothing that was not checked stands in a query.
 */
export function queryFor(subjects: readonly Subject[], now: number): Query | undefined {
  const asked = subjects.slice(0, SUBJECTS_MAX);
  if (asked.length === 0) return undefined;
  const arns = [...new Set(asked.map(({ groupArn }) => checkedArn(groupArn)))];
  const limitsMs = [...new Set(asked.map(({ fromMs }) => limitOf(fromMs)))];
  const queryString = [
    `filter target_group_arn in [${arns.map((arn) => `"${arn}"`).join(', ')}] and target_port != "-"`,
    'fields substr(time, 0, 16) as minute, target_processing_time as took',
    // 1 of a request of users, 0 of our own client's. A target that gave no answer shows -1 and,
    // but where the client went first, a status of 500 to 599.
    `fields 1 - strcontains(user_agent, "${OWN_AGENT}") as theirs, least(floor(elb_status_code / 500), 1) as failing`,
    'fields theirs * failing as fail, theirs * (1 - failing) * greatest(0 - took, 0) as gone',
    ...limitsMs.map(
      (limit, index) =>
        `fields theirs * greatest(failing, least(floor(greatest(took, 0) / ${(limit / 1000).toFixed(3)}), 1)) as late${index}`,
    ),
    `stats count(*) as logged, sum(theirs) as requests, sum(fail) as failed, sum(gone) as aborted, ${limitsMs
      .map((_, index) => `sum(late${index}) as slow${index}`)
      .join(', ')} by target_group_arn, target_port, minute`,
  ].join('\n| ');
  if (queryString.length > QUERY_MAX) throw new Error(`a query of ${queryString.length} characters, at most ${QUERY_MAX}`);
  return { queryString, startTimeS: Math.floor((now - WINDOW_MS) / 1000), endTimeS: Math.ceil(now / 1000), limitsMs };
}

function checkedArn(arn: string): string {
  if (!GROUP_ARN.test(arn)) throw new Error(`no ARN of a target group: ${JSON.stringify(arn.slice(0, 200))}`);
  return arn;
}

/** In whole ms, as the query has it; never 0, by which nothing can be divided. */
export function limitOf(fromMs: number): number {
  return Math.max(1, Math.round(fromMs));
}

/**
 * What the rows say of one target, oldest minute first. Rows of other groups and of targets that
 * are neither it nor its peers count only as logged, or not at all.
 * @throws when a row has not the form that was asked for: half an answer would speak for one side.
 */
export function minutesOf(rows: readonly Row[], { limitsMs }: Pick<Query, 'limitsMs'>, subject: Subject): LoggedMinute[] {
  const slow = `slow${limitsMs.indexOf(limitOf(subject.fromMs))}`;
  const peers = new Set(subject.peers);
  const minutes = new Map<number, LoggedMinute>();
  for (const row of rows.filter((one) => one['target_group_arn'] === subject.groupArn)) {
    const startsAt = minuteOf(row['minute']);
    const before = minutes.get(startsAt) ?? { startsAt, own: NONE, peers: NONE, logged: 0 };
    const counted = countOf(row, slow);
    const endpoint = row['target_port'] ?? '';
    minutes.set(startsAt, {
      startsAt,
      own: endpoint === subject.endpoint ? plus(before.own, counted) : before.own,
      peers: peers.has(endpoint) ? plus(before.peers, counted) : before.peers,
      logged: before.logged + numberOf(row, 'logged'),
    });
  }
  return [...minutes.values()].sort((a, b) => a.startsAt - b.startsAt).slice(-VIEW_MINUTES - 1);
}

const NONE: RequestCount = { requests: 0, slow: 0, failed: 0, aborted: 0 };

export function plus(a: RequestCount, b: RequestCount): RequestCount {
  return {
    requests: a.requests + b.requests,
    slow: a.slow + b.slow,
    failed: a.failed + b.failed,
    aborted: a.aborted + b.aborted,
  };
}

function countOf(row: Row, slow: string): RequestCount {
  return {
    requests: numberOf(row, 'requests'),
    slow: numberOf(row, slow),
    failed: numberOf(row, 'failed'),
    aborted: numberOf(row, 'aborted'),
  };
}

/** "2026-11-27T20:53", of a time in UTC (ISO 8601). */
function minuteOf(text = ''): number {
  const [, ...parts] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = parts.map(Number);
  if (parts.length === 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59)
    throw new Error(`no minute: ${JSON.stringify(text.slice(0, 40))}`);
  return ((daysOf(year, month, day) * 24 + hour) * 60 + minute) * MINUTE_MS;
}

/**
 * From 1 January 1970 on, by the Gregorian calendar: years begin in March, so that the leap day is
 * a year's last.
 */
function daysOf(year: number, month: number, day: number): number {
  const since = month > 2 ? year : year - 1;
  const leapDays = Math.floor(since / 4) - Math.floor(since / 100) + Math.floor(since / 400);
  return since * 365 + leapDays + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1 - EPOCH_DAYS;
}

/** From 1 March of the year 0 to 1 January 1970. */
const EPOCH_DAYS = 719_468;

function numberOf(row: Row, field: string): number {
  const value = Number(row[field] ?? Number.NaN);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${field}: no count: ${JSON.stringify(row[field]?.slice(0, 40))}`);
  return value;
}
