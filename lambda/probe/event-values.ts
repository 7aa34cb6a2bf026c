/** Values in the events of the prober, each with what is allowed there in words. */
import { isIP } from 'node:net';
import * as z from 'zod/mini';

export function integer(min: number, max: number) {
  const error = `an integer from ${min} to ${max}`;
  return z.number({ error }).check(z.int({ error }), z.gte(min, { error }), z.lte(max, { error }));
}

export function text(test: (value: string) => boolean, error: string) {
  return z.string({ error }).check(z.refine(test, { error }));
}

export const PORT = integer(1, 65_535);
export const PROTOCOL = z.enum(['HTTP', 'HTTPS'], { error: '"HTTP" or "HTTPS"' });
/** Nothing in a request line or header may end the line. */
export const PATH = text((value) => /^\/[\x21-\x7e]*$/.test(value), 'a path that starts with "/", in ASCII without spaces');
export const HOST = text((value) => /^[A-Za-z0-9.:[\]-]{1,260}$/.test(value), 'a host name, with or without a port');
export const ADDRESS = text((value) => isIP(value) !== 0, 'an IP address: names are resolved before a round');

/** Each bad value and what is allowed there. */
export function mistakesIn(issues: readonly z.core.$ZodIssue[], event: unknown): string {
  return issues.map((issue) => mistake(issue, event)).join('; ');
}

function mistake(issue: z.core.$ZodIssue, event: unknown): string {
  const got = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], event);
  return `${issue.path.join('.')}: got ${shown(got)}; allowed: ${issue.message}`;
}

export function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}
