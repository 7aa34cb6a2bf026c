/** The account as commands read it, against the lab over the wire. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { latencyAlarms, metricNameOf } from '../../../bin/account/cloudwatch';
import { accountNetwork } from '../../../bin/account/ec2';
import { iam, principalOf } from '../../../bin/account/iam';
import { accountLoadBalancing } from '../../../bin/account/load-balancing';
import { Reads, unreadLine } from '../../../bin/account/unread';
import { AwsError } from '../../../lab/world/aws-error';
import { LAB_VPC } from '../../../lab/world/network';
import { IDS, open, webGroup, type Opened } from '../../lab/wire-setup';

let opened: Opened;
const refused = new Set<string>();

beforeEach(async () => {
  refused.clear();
  opened = await open({
    intercept: {
      before: async ({ action }) =>
        refused.has(action) ? { error: new AwsError('UnauthorizedOperation', 'You are not authorized', 403) } : 'continue',
    },
  });
});

afterEach(() => opened.door.close());

const balancing = () => accountLoadBalancing(new ElasticLoadBalancingV2Client(opened.client));
const network = () => accountNetwork(new EC2Client(opened.client));

describe('load balancers and target groups', () => {
  it('are read to the last page', async () => {
    for (let index = 0; index < 405; index++) opened.world.elb.addTargetGroup({ name: `g${index}`, port: 80 });
    expect(await balancing().groups()).toHaveLength(405);
  });

  it('have their tags and VPC, and a group of functions has no VPC', async () => {
    const arn = webGroup(opened.world);
    opened.world.elb.addTargetGroup({ name: 'fn', port: 0, targetType: 'lambda' });
    const groups = await balancing().groups();
    expect(groups.find((group) => group.arn === arn)).toMatchObject({ vpcId: LAB_VPC, tags: { 'sickbay:enforce': 'Sickbay' } });
    expect(groups.find(({ name }) => name === 'fn')).not.toHaveProperty('vpcId');
  });

  it('a load balancer has its listeners with their rules, the default one last', async () => {
    const arn = webGroup(opened.world);
    const [balancer] = await balancing().balancers();
    const [listener] = await balancing().listeners(balancer?.arn ?? '');
    expect(balancer).toMatchObject({ type: 'application', scheme: 'internal', zones: ['us-east-1a', 'us-east-1b'], securityGroupIds: [] });
    expect(listener).toMatchObject({ port: 80, protocol: 'HTTP', rules: [{ forwards: [{ groupArn: arn, weight: 1 }] }] });
  });

  it('listeners of a load balancer that was deleted meanwhile are none', async () => {
    expect(await balancing().listeners('arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1')).toEqual([]);
  });
});

describe('the network', () => {
  it('subnets and security groups are read to the last page', async () => {
    const { network: made } = opened.world.ec2;
    for (let index = 10; index < 22; index++) {
      made.addSubnet({ SubnetId: `subnet-000000${index}` });
      made.addSecurityGroup({ GroupId: `sg-000000${index}` });
    }
    expect(await network().subnetsOf([LAB_VPC])).toHaveLength(12);
    expect(await network().securityGroupsOf([LAB_VPC])).toHaveLength(12);
    expect([...(await network().securityGroups(['sg-00000010', 'sg-99999999'])).keys()]).toEqual(['sg-00000010']);
  });

  it('an instance has its tags and the network it stands in; one that EC2 does not know is absent', async () => {
    opened.world.instances.add({
      id: IDS[0],
      address: '10.0.0.1',
      zone: 'us-east-1a',
      subnetId: 'subnet-00000001',
      securityGroupIds: ['sg-00000001'],
      tags: { Name: 'app-1' },
    });
    const found = await network().instances([IDS[0], IDS[1]]);
    expect([...found.values()]).toEqual([
      {
        id: IDS[0],
        state: 'running',
        type: 'm7g.large',
        zone: 'us-east-1a',
        address: '10.0.0.1',
        vpcId: LAB_VPC,
        subnetId: 'subnet-00000001',
        securityGroupIds: ['sg-00000001'],
        tags: { Name: 'app-1' },
      },
    ]);
  });

  it('what stands behind an IP address is told by its interface', async () => {
    const description = 'arn:aws:ecs:us-east-1:123456789012:attachment/1';
    const { network: made } = opened.world.ec2;
    for (const last of [4, 5]) made.addInterface({ PrivateIpAddress: `10.0.0.${last}`, Description: description });
    expect((await network().interfaces(['10.0.0.4'], LAB_VPC)).get('10.0.0.4')).toMatchObject({ description, securityGroupIds: [] });
  });
});

describe('alarms', () => {
  it('are those on the response time of a load balancer, by a metric or an expression', async () => {
    const metric = { Namespace: 'AWS/ApplicationELB', MetricName: 'TargetResponseTime' };
    const Dimensions = [{ Name: 'LoadBalancer', Value: 'app/web-lb/1' }];
    opened.world.alarms.addAlarm({ AlarmName: 'p99', ...metric, Dimensions, ExtendedStatistic: 'p99', Threshold: 1.5 });
    const Metrics = [{ Id: 'm', MetricStat: { Metric: { ...metric, Dimensions }, Period: 60, Stat: 'p95' } }];
    opened.world.alarms.addAlarm({ AlarmName: 'expression', Metrics });
    opened.world.alarms.addAlarm({ AlarmName: 'cpu', Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' });
    expect(await latencyAlarms(new CloudWatchClient(opened.client))).toEqual([
      { name: 'p99', loadBalancer: 'app/web-lb/1', statistic: 'p99', thresholdS: 1.5 },
      { name: 'expression', loadBalancer: 'app/web-lb/1', statistic: 'p95', thresholdS: undefined },
    ]);
  });

  it('name a load balancer by the end of its ARN', () => {
    expect(metricNameOf('arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/0123')).toBe('app/web/0123');
  });
});

describe('a simulation', () => {
  const simulator = () => iam(new LambdaClient(opened.client).config, 'us-east-1', opened.client.endpoint);
  const SESSION = 'arn:aws:sts::123456789012:assumed-role/responder/lab';

  it('is about the role of a session, with its path, and is read to the last page', async () => {
    const role = opened.world.iam.addRole('responder', '/teams/');
    opened.world.iam.deny('responder', 'ec2:DescribeSubnets');
    expect(await principalOf(SESSION, simulator())).toBe(role);
    const actions = ['ec2:DescribeSubnets', ...Array.from({ length: 30 }, (_, index) => `ec2:Describe${index}`)];
    const found = await simulator().simulate(role, actions);
    expect(found.map(({ action }) => action)).toEqual(actions);
    expect(found.filter(({ decision }) => decision !== 'allowed')).toEqual([
      { action: 'ec2:DescribeSubnets', resource: '*', decision: 'implicitDeny' },
    ]);
  });

  it('takes a role without a path for the session where it may not be looked up, and none for the root user', async () => {
    expect(await principalOf(SESSION, simulator())).toBe('arn:aws:iam::123456789012:role/responder');
    expect(await principalOf('arn:aws:iam::123456789012:root', simulator())).toBeUndefined();
    expect(await principalOf('arn:aws:iam::123456789012:user/ann', simulator())).toBe('arn:aws:iam::123456789012:user/ann');
  });

  it('of a role that does not exist is an error with the code of IAM', async () => {
    await expect(simulator().simulate('arn:aws:iam::123456789012:role/nobody', ['ec2:DescribeSubnets'])).rejects.toMatchObject({
      name: 'NoSuchEntity',
    });
  });
});

describe('what may not be read', () => {
  it('is told in one line with the action and what is lost, once', async () => {
    refused.add('ec2:DescribeSubnets');
    const reads = new Reads();
    const reading = { action: 'ec2:DescribeSubnets', lost: 'the subnets are not proposed' };
    for (const _ of [1, 2]) expect(await reads.tolerant(reading, [], () => network().subnetsOf([LAB_VPC]))).toEqual([]);
    expect(reads.unread.map(unreadLine)).toEqual(['not permitted: ec2:DescribeSubnets; lost: the subnets are not proposed']);
  });

  it('is not what any other error is', async () => {
    await expect(new Reads().tolerant({ action: 'a', lost: 'b' }, [], () => Promise.reject(new Error('socket hang up')))).rejects.toThrow(
      'socket hang up',
    );
  });
});
