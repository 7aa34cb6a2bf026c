/**
 * Sickbay for a load balancer that exists, by its ARNs and ids. Put yours in place of the made-up
 * ones; `Vpc.fromLookup` and `ApplicationLoadBalancer.fromLookup` do as well.
 *
 *     npx --no-install cdk deploy --app "node --require tsx/cjs examples/existing-load-balancer.ts"
 */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
// In an app of your own: from 'sickbay'.
import { Sickbay, type SickbayProps } from '../lib';

const HERE = { account: '123456789012', region: 'us-east-1' };

export class ExistingLoadBalancer extends Stack {
  constructor(scope: Construct, id: string, { handlersDir, ...props }: StackProps & Pick<SickbayProps, 'handlersDir'> = {}) {
    super(scope, id, { env: HERE, ...props });
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['us-east-1a', 'us-east-1b'],
      privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    });
    const targetGroup = ApplicationTargetGroup.fromTargetGroupAttributes(this, 'Checkout', {
      targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef',
    });

    new Sickbay(this, 'Sickbay', {
      ...(handlersDir === undefined ? {} : { handlersDir }),
      config: {
        stack: 'Checkout',
        targetGroups: [{ targetGroup, probe: { path: '/api/cart' }, owner: 'static' }],
        network: {
          vpc,
          // Without it one is made. The targets' own must admit it: the stack prints the command.
          securityGroups: [SecurityGroup.fromSecurityGroupId(this, 'Prober', 'sg-0123456789abcdef0')],
        },
        // A round starts as soon as it goes off.
        alarms: [Alarm.fromAlarmName(this, 'Latency', 'checkout-latency')],
      },
      // Where your people are woken already. Its policy must let CloudWatch's alarms publish.
      pageTopic: Topic.fromTopicArn(this, 'OnCall', 'arn:aws:sns:us-east-1:123456789012:oncall'),
    });
  }
}

if (require.main === module) new ExistingLoadBalancer(new App(), 'Checkout');
