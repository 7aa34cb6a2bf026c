/**
 * A new VPC with a fleet behind a load balancer, and Sickbay beside it in one stack: nothing is
 * known before it is deployed.
 *
 *     npx --no-install cdk deploy --app "node --require tsx/cjs examples/new-vpc.ts"
 */
import { App, Stack, Tags, type StackProps } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import {
  AmazonLinuxCpuType,
  InstanceClass,
  InstanceSize,
  InstanceType,
  LaunchTemplate,
  MachineImage,
  SecurityGroup,
  UserData,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
// In an app of your own: from 'sickbay'.
import { Sickbay, type SickbayProps } from '../lib';

const PORT = 8080;

export class NewVpc extends Stack {
  constructor(scope: Construct, id: string, { handlersDir, ...props }: StackProps & Pick<SickbayProps, 'handlersDir'> = {}) {
    super(scope, id, props);
    // The cast is for this repository's exactOptionalPropertyTypes alone.
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1 }) as IVpc;
    const shop = new SecurityGroup(this, 'ShopSecurityGroup', { vpc });
    const userData = UserData.forLinux();
    userData.addCommands('systemctl start shop'); // your application
    const launchTemplate = new LaunchTemplate(this, 'Template', {
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.SMALL),
      machineImage: MachineImage.latestAmazonLinux2023({ cpuType: AmazonLinuxCpuType.ARM_64 }),
      securityGroup: shop,
      userData,
      // Systems Manager inspects the hosts.
      role: new Role(this, 'Role', {
        assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
        managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
      }),
    });
    const fleet = new AutoScalingGroup(this, 'Fleet', { vpc, launchTemplate, minCapacity: 4, maxCapacity: 6 });
    Tags.of(fleet).add('sickbay:inspect', 'true');
    const loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', { vpc, internetFacing: true });
    const targetGroup = loadBalancer.addListener('Http', { port: 80 }).addTargets('Shop', {
      port: PORT,
      protocol: ApplicationProtocol.HTTP,
      targets: [fleet],
      healthCheck: { path: '/health' },
    });

    new Sickbay(this, 'Sickbay', {
      ...(handlersDir === undefined ? {} : { handlersDir }),
      config: {
        stack: 'Shop',
        targetGroups: [
          {
            targetGroup,
            probe: { path: '/api/cart' }, // what users wait for
            inspection: { metricsPort: PORT },
            owner: 'asg',
          },
        ],
        network: { vpc, admittedBy: [{ securityGroup: shop, port: PORT }] },
        latencyAlarms: [{ loadBalancer, thresholdMs: 1500 }],
      },
    });
    // `observe` is the default. When it has shown what it would do: mode: 'enforce' above, and
    //
    //     Tags.of(targetGroup).add('sickbay:enforce', 'Shop');
    //     Tags.of(fleet).add('sickbay:enforce', 'Shop');
  }
}

if (require.main === module) new NewVpc(new App(), 'Shop');
