import { Stack } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';
import { ConfigError, type Config } from '../core/config';
import { checkedConfig, type Checked } from './deploy-time';
import { namesInPlaceOfConstructs, type SickbayConfig } from './given-config';

/**
 * What has a name of its own in an account and Region, as the value of the tag `sickbay:enforce`.
 */
export interface Named extends IConstruct {
  readonly config: Config;
}

/**
 * The configuration with every default filled in. Where it names no stack, it is the name of the
 * CloudFormation stack that `scope` stands in.
 * @throws ConfigError with one line a mistake when the configuration is not valid.
 */
export function parseNamed(scope: IConstruct, input: SickbayConfig, proberSecurityGroup: (vpc: IVpc) => string): Checked {
  const { stack = Stack.of(scope).stackName } = input;
  return checkedConfig(namesInPlaceOfConstructs({ ...input, stack }, proberSecurityGroup));
}

/**
 * Two of one name would both obey one tag and remove from one group.
 * @throws ConfigError when `others` in the same account and Region has the name, as far as the app
 * knows.
 */
export function requireOwnName(self: Named, others: readonly Named[]): void {
  const place = (of: Named): string => `${Stack.of(of).region}:${Stack.of(of).account}`;
  const same = others.find((other) => other !== self && other.config.stack === self.config.stack && place(other) === place(self));
  if (same === undefined) return;
  const allowed = `a name that ${same.node.path} does not have: the tag of a target group names one of them`;
  throw new ConfigError([{ path: 'stack', got: JSON.stringify(self.config.stack), allowed }]);
}
