import { Stack, Token, type Environment } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError, accountOf, type Config, type ConfigInput } from '../core/config';

/**
 * The account and Region of the configured target groups: there the stack belongs, whatever profile
 * it is deployed with. Undefined where tags alone select groups, or where an ARN is not one; the
 * check of the configuration says so.
 */
export function environmentOfGroups({ targetGroups }: Pick<ConfigInput, 'targetGroups'>): Required<Environment> | undefined {
  const arn = Array.isArray(targetGroups) ? targetGroups.find((group) => typeof group?.arn === 'string')?.arn : undefined;
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
    const [groupRegion, groupAccount] = accountOf(arn)?.split(':') ?? [];
    const elsewhere = (own: string | undefined, of: string | undefined) => own !== undefined && of !== undefined && own !== of;
    if (!elsewhere(ownRegion, groupRegion) && !elsewhere(ownAccount, groupAccount)) return [];
    const own = `${ownRegion ?? 'any Region'}:${ownAccount ?? 'any account'}`;
    return [{ path: `targetGroups[${index}].arn`, got: `"${arn}"`, allowed: `a target group of ${own}, where the stack is` }];
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}
