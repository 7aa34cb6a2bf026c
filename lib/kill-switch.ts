import { CfnElement, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HandlerFunction } from './handler-function';
import type { Protection } from './protection';

export interface KillSwitchProps {
  readonly handlersDir: string;
  readonly protection: Protection;
  /** Names this Sickbay. */
  readonly stack: string;
}

/** A parameter that people turn. */
export interface Switch {
  /** Known only when the parameter is there: whoever uses it is deployed after it. */
  readonly parameterName: string;
  readonly parameterArn: string;
}

const TIMEOUT_S = 60;

/**
 * The parameter that stops every removal. No template holds its value: a function makes it where
 * there is none, and neither can nor does write to one that is there (lambda/keep-kill-switch.ts).
 * So what an operator set survives every deployment, and the stack's deletion too.
 */
export class KillSwitch extends Construct implements Switch {
  readonly parameterName: string;
  readonly parameterArn: string;
  /** A part of the parameter's name in releases in which CloudFormation named it. */
  readonly formerId: string;
  private readonly keeper: HandlerFunction;

  constructor(scope: Construct, id: string, props: KillSwitchProps) {
    super(scope, id);
    const name = `/sickbay/${props.stack}/kill-switch`;
    this.formerId = formerId(this);
    this.parameterArn = this.arnOf(name);
    this.keeper = new HandlerFunction(this, 'Handler', {
      description: 'Sickbay: makes the kill switch where there is none',
      handlersDir: props.handlersDir,
      protection: props.protection,
      handler: 'kill-switch',
      timeoutS: TIMEOUT_S,
      memorySize: 256,
    });
    for (const statement of this.permissions()) this.keeper.role.addToPolicy(statement);
    this.parameterName = this.kept('Resource', { ParameterName: name, Former: this.formerId }).ref;
  }

  /**
   * Another switch, `/sickbay/STACK/NAME`, that is made and kept as this one is. A renamed stack
   * brings the old one's value along.
   */
  another(id: string, stack: string, name: string): Switch {
    const parameterName = `/sickbay/${stack}/${name}`;
    const parameterArn = this.arnOf(parameterName);
    this.keeper.role.addToPolicy(new PolicyStatement({ actions: ['ssm:PutParameter'], resources: [parameterArn] }));
    this.keeper.role.addToPolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [this.arnOf(`/sickbay/*/${name}`)] }));
    return { parameterName: this.kept(id, { ParameterName: parameterName }).ref, parameterArn };
  }

  private kept(id: string, properties: Readonly<Record<string, string>>): CustomResource {
    const resource = new CustomResource(this, id, {
      serviceToken: this.keeper.function.functionArn,
      resourceType: 'Custom::SickbayKillSwitch',
      properties,
      // Without it CloudFormation waits an hour for a function that cannot answer.
      serviceTimeout: Duration.seconds(2 * TIMEOUT_S),
    });
    resource.node.addDependency(this.keeper);
    return resource;
  }

  /**
   * It may make a switch and read one. That it cannot turn one is IAM's word too: `ssm:Overwrite`
   * (Systems Manager user guide, "Preventing changes to existing parameters"). Every Sickbay's, for
   * a stack that is renamed brings the old name's value along.
   */
  private permissions(): PolicyStatement[] {
    const switches = this.arnOf('/sickbay/*/kill-switch');
    return [
      new PolicyStatement({ actions: ['ssm:PutParameter'], resources: [this.parameterArn] }),
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['ssm:PutParameter'],
        resources: ['*'],
        conditions: { StringEquals: { 'ssm:Overwrite': 'true' } },
      }),
      new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [switches, this.arnOf(`*${this.formerId}*`)] }),
      // This action is asked for all parameters, and gives no values.
      new PolicyStatement({ actions: ['ssm:DescribeParameters'], resources: ['*'] }),
    ];
  }

  /**
   * A name that begins with a slash stands in the ARN with just that one (Systems Manager user
   * guide, "Restricting access to parameters").
   */
  private arnOf(name: string): string {
    return Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') });
  }
}

/**
 * The logical id of the parameter in releases in which it was a resource of the template.
 * CloudFormation made the physical name of it, and deletes that parameter after the new one is
 * there: an `on` is brought along.
 */
function formerId(scope: Construct): string {
  return Stack.of(scope).getLogicalId(new Former(new Construct(scope, 'Parameter'), 'Resource'));
}

/** Has a logical id, and is nothing in the template. */
class Former extends CfnElement {
  override _toCloudFormation(): object {
    return {};
  }
}
