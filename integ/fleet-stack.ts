import { CfnOutput, Duration, Fn, Stack, Tags, type StackProps } from 'aws-cdk-lib';
import {
  Instance,
  InstanceClass,
  InstanceSize,
  InstanceType,
  MachineImage,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  UserData,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer, ApplicationProtocol, ApplicationTargetGroup, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { InstanceTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import { ENFORCE_TAG_KEY } from '../core/model';
import { schema } from '../lab/fleet/database';
import { SICKBAY_STACK, type OUTPUTS } from './outputs';
import { behaveAsUsers, serveDatabase, serveShop } from './shop';

const PORT = 8080;
const APPS = ['app-1', 'app-2', 'app-3', 'app-4'] as const;
const SICK = 'app-3';

export interface FleetStackProps extends StackProps {
  /** Directory that holds the bundled shop. */
  readonly shopDir: string;
}

/**
 * The story's fleet on EC2: four hosts of one shop behind a load balancer whose health check is
 * static, their database, and users.
 */
export class FleetStack extends Stack {
  private readonly vpc: IVpc;
  private readonly role: Role;
  private readonly shop: Asset;

  constructor(scope: Construct, id: string, props: FleetStackProps) {
    super(scope, id, props);
    // Public subnets: no NAT to pay for. The security groups let in what the story needs and
    // nothing else.
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'public', subnetType: SubnetType.PUBLIC, cidrMask: 24 }],
    }) as IVpc;
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    });
    this.shop = new Asset(this, 'Shop', { path: props.shopDir });
    this.shop.grantRead(this.role);
    const groups = this.securityGroups();
    const balancer = new ApplicationLoadBalancer(this, 'Balancer', {
      vpc: this.vpc,
      internetFacing: true,
      securityGroup: groups.balancer,
    });
    const database = this.instance('db-1', groups.database, [
      ...serveDatabase(schema(APPS), this.vpc.vpcCidrBlock),
      ...behaveAsUsers(balancer.loadBalancerDnsName),
    ]);
    const apps = APPS.map((name) => this.app(name, groups.app, database.instancePrivateIp));
    const targetGroup = this.targetGroup(apps);
    balancer.addListener('Http', { port: 80, protocol: ApplicationProtocol.HTTP, open: true, defaultTargetGroups: [targetGroup] });
    this.outputs({
      TargetGroupArn: targetGroup.targetGroupArn,
      LoadBalancer: balancer.loadBalancerFullName,
      VpcId: this.vpc.vpcId,
      SubnetIds: Fn.join(
        ',',
        this.vpc.publicSubnets.map(({ subnetId }) => subnetId),
      ),
      ProberSecurityGroupId: groups.prober.securityGroupId,
      InstanceIds: Fn.join(
        ',',
        apps.map(({ instanceId }) => instanceId),
      ),
      SickInstanceId: apps[APPS.indexOf(SICK)]?.instanceId ?? '',
    });
  }

  private securityGroups(): Readonly<Record<'balancer' | 'app' | 'database' | 'prober', SecurityGroup>> {
    const group = (id: string, what: string) => new SecurityGroup(this, id, { vpc: this.vpc, description: what });
    const balancer = group('BalancerGroup', 'The load balancer');
    const app = group('AppGroup', 'The shop');
    const database = group('DatabaseGroup', 'The database');
    const prober = group('ProberGroup', 'The prober of Sickbay');
    balancer.addIngressRule(Peer.anyIpv4(), Port.tcp(80), 'clients, among them the sweeper');
    app.addIngressRule(balancer, Port.tcp(PORT), 'the load balancer');
    app.addIngressRule(prober, Port.tcp(PORT), 'the prober');
    database.addIngressRule(app, Port.tcp(5432), 'the shop');
    return { balancer, app, database, prober };
  }

  private app(name: string, securityGroup: SecurityGroup, databaseAddress: string): Instance {
    const userData = UserData.forLinux();
    const archive = userData.addS3DownloadCommand({ bucket: this.shop.bucket, bucketKey: this.shop.s3ObjectKey });
    userData.addCommands(...serveShop(name, databaseAddress, archive));
    const instance = this.instance(name, securityGroup, [], userData);
    Tags.of(instance).add('sickbay:inspect', 'true');
    return instance;
  }

  private instance(name: string, securityGroup: SecurityGroup, commands: readonly string[], userData = UserData.forLinux()): Instance {
    userData.addCommands(...commands);
    return new Instance(this, name, {
      vpc: this.vpc,
      vpcSubnets: { subnetType: SubnetType.PUBLIC },
      instanceType: InstanceType.of(InstanceClass.T3, InstanceSize.SMALL),
      machineImage: MachineImage.latestAmazonLinux2023(),
      role: this.role,
      securityGroup,
      userData,
      requireImdsv2: true,
    });
  }

  private targetGroup(apps: readonly Instance[]): ApplicationTargetGroup {
    const group = new ApplicationTargetGroup(this, 'Checkout', {
      vpc: this.vpc,
      port: PORT,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.INSTANCE,
      targets: apps.map((instance) => new InstanceTarget(instance, PORT)),
      healthCheck: { path: '/health', interval: Duration.seconds(30) },
      deregistrationDelay: Duration.seconds(30),
    });
    Tags.of(group).add(ENFORCE_TAG_KEY, SICKBAY_STACK);
    return group;
  }

  private outputs(values: Readonly<Record<(typeof OUTPUTS)[number], string>>): void {
    for (const [name, value] of Object.entries(values)) this.output(name, value);
  }

  private output(name: string, value: string): CfnOutput {
    return new CfnOutput(this, name, { value });
  }
}
