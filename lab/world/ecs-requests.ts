/** How ECS reads the names in a request, and answers for what it does not find. */
import type { Failure } from '@aws-sdk/client-ecs';
import { AwsError } from './aws-error';

/** The last part of an ARN, or the short name that was given instead. */
export function idOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}

/**
 * What is there, and a failure for everything else: a description does not fail as a whole (API
 * failure reasons, developer guide).
 */
export function found<T>(
  ids: readonly string[],
  find: (id: string) => T | undefined,
  arnOf: (id: string) => string,
  reason = 'MISSING',
): { readonly hits: T[]; readonly failures: Failure[] } {
  const looked = ids.map((id) => ({ id, hit: find(id) }));
  return {
    hits: looked.flatMap(({ hit }) => hit ?? []),
    failures: looked.filter(({ hit }) => hit === undefined).map(({ id }) => ({ arn: arnOf(id), reason })),
  };
}

/** @throws AwsError InvalidParameterException */
export function atMost(what: string, given: readonly unknown[], most: number): void {
  if (given.length > most) throw new AwsError('InvalidParameterException', `${what}: got ${given.length}, at most ${most}`);
}
