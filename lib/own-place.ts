import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigError, placeOf, type Config } from '../core/config';

/**
 * A stack reads and moves targets of its own account and Region only.
 * @throws ConfigError when the stack's place is known at synth and a target group is somewhere else.
 */
export function requireOwnPlace(scope: Construct, config: Config): void {
  const { region, account } = Stack.of(scope);
  if (Token.isUnresolved(region) || Token.isUnresolved(account)) return;
  const own = `${region}:${account}`;
  const mistakes = config.targetGroups.flatMap(({ arn }, index) => {
    const place = placeOf(arn);
    return place === undefined || place === own
      ? []
      : [{ path: `targetGroups[${index}].arn`, got: `"${arn}"`, allowed: `a target group of ${own}, where the stack is` }];
  });
  if (mistakes.length > 0) throw new ConfigError(mistakes);
}
