import { Fn, Stack, Token, type Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError, accountOf, type Config } from '../core/config';

/**
 * The account and Region of the configured target groups: there the stack belongs, whatever profile
 * it is deployed with. Undefined where tags alone select groups, or where no ARN is known at synth.
 */
export function environmentOfGroups({ targetGroups }: Pick<Config, 'targetGroups'>): Required<Environment> | undefined {
  const arn = targetGroups.find((group) => group.arn !== undefined && !Token.isUnresolved(group.arn))?.arn;
  const [region, account] = accountOf(arn)?.split(':') ?? [];
  return region === undefined || account === undefined || region === '' || account === '' ? undefined : { account, region };
}

/**
 * A stack reads and moves targets of its own account and Region only. What is not known at synth
 * the delete guard compares in the deployment (lambda/delete-guard.ts).
 * @throws ConfigError when the stack's Region or account is known and a target group is somewhere
 * else.
 */
export function requireOwnEnvironment(scope: Construct, config: Config): void {
  const { region, account } = Stack.of(scope);
  const [ownRegion, ownAccount] = [region, account].map((value) => (Token.isUnresolved(value) ? undefined : value));
  const mistakes = config.targetGroups.flatMap(({ arn }, index) => {
    const [groupRegion, groupAccount] = Token.isUnresolved(arn) ? [] : (accountOf(arn)?.split(':') ?? []);
    const elsewhere = (own: string | undefined, of: string | undefined) => own !== undefined && of !== undefined && own !== of;
    if (!elsewhere(ownRegion, groupRegion) && !elsewhere(ownAccount, groupAccount)) return [];
    const own = `${ownRegion ?? 'any Region'}:${ownAccount ?? 'any account'}`;
    return [{ path: `targetGroups[${index}].arn`, got: `"${arn}"`, allowed: `a target group of ${own}, where the stack is` }];
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}

/**
 * Region and account of the target groups, as `region:account`, for the delete guard to compare
 * with its own; of ARNs that are known only when deployed it is part of the first. Undefined where
 * tags alone select groups.
 */
export function placeOfGroups({ targetGroups }: Pick<Config, 'targetGroups'>): string | undefined {
  const arns = targetGroups.flatMap(({ arn }) => arn ?? []);
  const known = arns.find((arn) => !Token.isUnresolved(arn));
  if (known !== undefined || arns[0] === undefined) return accountOf(known);
  const parts = Fn.split(':', arns[0]);
  return Fn.join(':', [Fn.select(3, parts), Fn.select(4, parts)]);
}
