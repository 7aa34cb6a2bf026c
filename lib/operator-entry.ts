import { Duration } from 'aws-cdk-lib';
import { ArnPrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Config } from '../core/config';
import { OPERATOR_ALIAS } from '../lambda/contract';
import { partOfId } from './deploy-time';

/**
 * An alias of `$LATEST` (API reference, CreateAlias, FunctionVersion), so that it runs what the
 * function runs. A permission on an alias is one for its ARN alone, and one for the function's ARN
 * is none for the alias (developer guide, "Using Lambda aliases in event sources and permissions
 * policies").
 */
export function operatorEntry(
  scope: Construct,
  target: LambdaFunction,
  { description, operators, failures }: Pick<Config, 'operators'> & { readonly description: string; readonly failures?: Queue },
): Alias {
  const alias = new Alias(scope, 'Operators', {
    aliasName: OPERATOR_ALIAS,
    version: target.latestVersion,
    description,
    retryAttempts: 0,
    maxEventAge: Duration.seconds(60),
    ...(failures === undefined ? {} : { onFailure: new SqsDestination(failures) }),
  });
  for (const [index, arn] of operators.entries())
    alias.addPermission(`Operator-${partOfId(arn, index)}`, { principal: new ArnPrincipal(arn), action: 'lambda:InvokeFunction' });
  return alias;
}
