import { AwsError } from './aws-error';

export interface Page<T> {
  readonly items: T[];
  /** The token of the next page, absent on the last one. */
  readonly next?: string;
}

/**
 * The page of `items` that `token` points to, at most `size` long. Tokens are opaque to callers.
 * @throws AwsError `invalidCode` for a token that this did not make.
 */
export function pageOf<T>(items: readonly T[], token: string | undefined, size: number, invalidCode: string): Page<T> {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || (token !== undefined && start === 0)) {
    throw new AwsError(invalidCode, `the token '${token}' is not valid`);
  }
  const end = start + size;
  const page = items.slice(start, end);
  return end < items.length ? { items: page, next: Buffer.from(String(end)).toString('base64url') } : { items: page };
}
