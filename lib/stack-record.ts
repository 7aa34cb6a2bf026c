import { Stack } from 'aws-cdk-lib';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { stackRecordName, type StackRecord as Names } from '../lambda/stack-record';

export interface StackRecordProps {
  readonly names: Names;
}

/**
 * What the command line finds this Sickbay by: `--stack NAME`. A parameter and not the outputs of
 * the CloudFormation stack, because the construct may stand in anybody's stack. CloudFormation
 * refuses to make one whose name is taken (aws/aws-cdk#31058): then two Sickbays of this account
 * and Region have one name, and would obey one tag.
 */
export class StackRecord extends Construct {
  readonly parameterName: string;

  constructor(scope: Construct, id: string, { names }: StackRecordProps) {
    super(scope, id);
    const parameter = new StringParameter(this, 'Parameter', {
      parameterName: stackRecordName(names.stack),
      // Well under the 4 KB of a standard parameter, whatever the names are.
      tier: ParameterTier.STANDARD,
      description: 'Sickbay: the names of its parts, for its command line',
      // The names are tokens until the stack is deployed.
      stringValue: Stack.of(this).toJsonString(names),
    });
    this.parameterName = parameter.parameterName;
  }
}
