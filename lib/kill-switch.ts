import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { KILL_SWITCH } from '../lambda/contract';

/**
 * The parameter that stops every removal. Only its initial value stands in the template: CloudFormation does not write it
 * again when an operator has changed it.
 */
export class KillSwitch extends Construct {
  readonly parameter: StringParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.parameter = new StringParameter(this, 'Parameter', {
      description: `Sickbay removes targets only while this is "${KILL_SWITCH.off}"; set it to "${KILL_SWITCH.on}" to stop removals. Restores go on.`,
      stringValue: KILL_SWITCH.off,
      allowedPattern: `^(${KILL_SWITCH.off}|${KILL_SWITCH.on})$`,
      tier: ParameterTier.STANDARD,
    });
  }
}
