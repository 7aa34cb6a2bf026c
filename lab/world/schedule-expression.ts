import { AwsError } from './aws-error';

export type Timing = { readonly kind: 'at'; readonly at: number } | { readonly kind: 'rate'; readonly everyMs: number };

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `at(yyyy-mm-ddThh:mm:ss)`, in UTC, and `rate(value unit)`.
 * @throws AwsError ValidationException for anything else; cron expressions and other time zones are
 * not modelled.
 */
export function parseExpression(expression: string, timeZone = 'UTC'): Timing {
  if (timeZone !== 'UTC') throw new AwsError('ValidationException', `ScheduleExpressionTimezone: got ${timeZone}, the lab knows UTC`);
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  const time = at === undefined ? NaN : Date.parse(`${at}Z`);
  if (!Number.isNaN(time)) return { kind: 'at', at: time };
  const rate = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression);
  const unitMs = UNIT_MS[rate?.[2] ?? ''];
  if (unitMs !== undefined) return { kind: 'rate', everyMs: Number(rate?.[1]) * unitMs };
  throw new AwsError('ValidationException', `Invalid Schedule Expression ${expression}.`);
}
