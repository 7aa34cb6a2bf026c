/**
 * The integration test in a real account cannot run here: that it synthesises, and that its two
 * stacks fit together, can be held.
 */
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseConfig } from '../../core/config';
import { fleet } from '../../integ/app';
import { FLEET_STACK, OUTPUTS, fleetOutputs } from '../../integ/outputs';
import { BEGIN_INCIDENT, END_INCIDENT } from '../../integ/shop';
import { sickbayConfig } from '../../integ/sickbay-config';
import { directory, removeDirectories, synthesise } from './synthesised';

// It bundles the shop; this is only to end one that hangs.
jest.setTimeout(60_000);

/** As `cdk deploy --outputs-file` would write them. */
const DEPLOYED = {
  [FLEET_STACK]: {
    TargetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/Sickba-Check-ABC/0123456789abcdef',
    LoadBalancer: 'app/Sickba-LoadB-DEF/0123456789abcdef',
    VpcId: 'vpc-0123456789abcdef0',
    SubnetIds: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
    ProberSecurityGroupId: 'sg-0123456789abcdef0',
    InstanceIds: 'i-1,i-2,i-3,i-4',
    SickInstanceId: 'i-3',
  },
};

describe('the integration test', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const template = Template.fromStack(fleet(new App({ outdir: directory() })));
  afterAll(removeDirectories);

  test('deploys four hosts of the shop, their database, and gives away every output that it needs', () => {
    template.resourceCountIs('AWS::EC2::Instance', 5);
    const [group] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    expect(group?.['Properties'].Targets).toHaveLength(4);
    expect(group?.['Properties']).toMatchObject({ HealthCheckPath: '/health', TargetType: 'instance' });
    expect(group?.['Properties'].Tags).toContainEqual({ Key: 'sickbay:enforce', Value: 'SickbayInteg' });
    expect(Object.keys(template.toJSON().Outputs)).toEqual(expect.arrayContaining([...OUTPUTS]));
  });

  test('the targets admit the prober', () => {
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties);
    expect(rules.filter(({ Description }) => Description === 'the prober')).toEqual([
      expect.objectContaining({ FromPort: 8080, ToPort: 8080 }),
    ]);
  });

  test('its outputs make a configuration of which the stack synthesises', () => {
    const config = sickbayConfig(fleetOutputs(DEPLOYED));
    expect(parseConfig(config)).toMatchObject({ mode: 'enforce', durations: { graceS: 300, leaseS: 900 } });
    expect(synthesise(config).assembly.rules.map(({ name }) => name)).toEqual([
      expect.stringMatching(/ReporterOnCase/),
      expect.stringMatching(/TriggersOnAlarm/),
    ]);
  });

  test('an output that is missing is named', () => {
    const { VpcId: _none, ...rest } = DEPLOYED[FLEET_STACK];
    expect(() => fleetOutputs({ [FLEET_STACK]: rest })).toThrow('missing VpcId');
  });

  test('the incident is ended by taking away what began it', () => {
    const [file] = /\/etc\/cron\.d\/\S+/.exec(BEGIN_INCIDENT.join('\n')) ?? [];
    expect(END_INCIDENT).toContain(`rm -f ${file}`);
  });
});
