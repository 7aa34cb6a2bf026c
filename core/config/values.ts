/** Values of the configuration, each with what is allowed there in words. */
import * as z from 'zod/mini';

/** A strict object whose messages name the keys it allows. */
export function strict<Shape extends z.core.$ZodShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? `one of the keys ${keys}` : `an object with the keys ${keys}`),
  });
}

export function integer(min: number, max: number, unit = '') {
  const allowed = `an integer from ${min} to ${max}${unit}`;
  return z.number({ error: allowed }).check(z.int({ error: allowed }), z.gte(min, { error: allowed }), z.lte(max, { error: allowed }));
}

export function decimal(min: number, max: number) {
  const allowed = `a number from ${min} to ${max}`;
  return z.number({ error: allowed }).check(z.gte(min, { error: allowed }), z.lte(max, { error: allowed }));
}

export function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).check(z.regex(pattern, { error: allowed }));
}

export function choice<const Values extends readonly [string, ...string[]]>(...values: Values) {
  const allowed = values.map((value) => JSON.stringify(value)).join(', ');
  return z.enum(values, { error: values.length === 1 ? allowed : `one of ${allowed}` });
}

export function list<Item extends z.core.$ZodType>(item: Item, min: number, max: number, what: string) {
  const allowed = `a list of ${min} to ${max} ${what}`;
  return z.array(item, { error: allowed }).check(z.minLength(min, { error: allowed }), z.maxLength(max, { error: allowed }));
}

/** A list in which nothing stands twice. */
export function distinct<Item extends z.core.$ZodType<string>>(item: Item, min: number, max: number, what: string) {
  return list(item, min, max, what).check(
    z.refine((values) => new Set(values).size === values.length, { error: `a list of ${min} to ${max} ${what}, each once` }),
  );
}

/** Roles may have a path; no wildcard, which IAM would not take for a principal. */
export const PRINCIPAL_ARN = text(
  /^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)\/[A-Za-z0-9+=,.@_/-]{1,512}$/,
  'the ARN of an IAM role or user, such as "arn:aws:iam::123456789012:role/oncall"',
);

export const PORT = integer(1, 65535);

export const PATH = text(/^\/[\x21-\x7e]{0,1023}$/, 'a path that starts with "/", without spaces, at most 1024 characters');

export const tag = strict({
  key: text(/^.{1,128}$/, 'a tag key of 1 to 128 characters'),
  value: text(/^.{0,256}$/, 'a tag value of at most 256 characters'),
});
