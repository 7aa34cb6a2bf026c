import { allowed } from './iam';
import { NAMED_AT_MOST } from '../../lib/target-arns';
import { CONFIG, GROUP_ARN, OTHER_GROUP_ARN, removeDirectories, roleNamed, roleOf, synthesise } from './synthesised';

const ENFORCED = { 'aws:ResourceTag/sickbay:enforce': 'Sickbay' };
const ASG_ARN = 'arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:2d2b0c0e-1111-4222-8333-444455556666:autoScalingGroupName/web';
const INSTANCE_ARN = 'arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0';

/** Every action by which anything outside Sickbay's own records changes. */
const REMOVALS: [action: string, resource: string][] = [
  ['elasticloadbalancing:DeregisterTargets', GROUP_ARN],
  ['autoscaling:EnterStandby', ASG_ARN],
];
const RESTORES: [action: string, resource: string][] = [
  ['elasticloadbalancing:RegisterTargets', GROUP_ARN],
  ['autoscaling:ExitStandby', ASG_ARN],
];

describe('permissions', () => {
  const { assembly } = synthesise();
  const observing = synthesise({ ...CONFIG, mode: 'observe' }).assembly;
  const byTag = synthesise({ ...CONFIG, targetGroups: [{ tag: { key: 'team', value: 'shop' } }] }).assembly;
  afterAll(removeDirectories);
  const prober = roleNamed(assembly, 'Prober');
  const sweeper = roleNamed(assembly, 'Sweeper');
  const responder = roleNamed(assembly, 'Responder');
  const wayBack = roleNamed(assembly, 'WayBack');
  const functionArn = (name: string) => assembly.functions.find(({ logicalId }) => logicalId.includes(name))?.arn ?? '';
  const tableArn = (name: string) => assembly.tables.find(({ logicalId }) => logicalId.includes(name))?.arn ?? '';
  const scheduleIn = (group: string | undefined) => `arn:aws:scheduler:us-east-1:123456789012:schedule/${group}/way-back`;

  test('no role carries a policy that is not in the template', () => {
    expect(assembly.roles.flatMap(({ managedPolicyArns }) => managedPolicyArns)).toEqual([]);
    expect(assembly.roles).toHaveLength(13);
  });

  describe('a second prober', () => {
    const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
    const several = synthesise({ ...CONFIG, network: { ...CONFIG.network, subnetIds } }).assembly;
    const [first, second] = several.functions.filter(({ logicalId }) => logicalId.includes('Prober'));
    const roleOf = (name: string) => several.roles.find(({ logicalId }) => logicalId.includes(name));

    test('has a role of its own, whose code can use nothing of it', async () => {
      const network = ['ec2:CreateNetworkInterface', 'arn:aws:ec2:us-east-1:123456789012:network-interface/*'] as const;
      const own = roleOf('SecondProber');
      if (own === undefined) throw new Error('no role');
      expect(await allowed(own, ...network)).toBe(true);
      expect(await allowed(own, ...network, { 'lambda:SourceFunctionArn': second?.arn ?? '' })).toBe(false);
      expect(await allowed(own, 'lambda:InvokeFunction', first?.arn ?? '')).toBe(false);
    });

    test('is called by the sweeper alone', async () => {
      const [sweeps, responds] = [roleOf('Sweeper'), roleOf('Responder')];
      if (sweeps === undefined || responds === undefined) throw new Error('no role');
      expect(await allowed(sweeps, 'lambda:InvokeFunction', second?.arn ?? '')).toBe(true);
      expect(await allowed(responds, 'lambda:InvokeFunction', second?.arn ?? '')).toBe(false);
    });
  });

  describe('prober', () => {
    const network = ['ec2:CreateNetworkInterface', 'arn:aws:ec2:us-east-1:123456789012:network-interface/*'] as const;

    test('Lambda may make its network interface, its own code may not', async () => {
      expect(await allowed(prober, ...network)).toBe(true);
      expect(await allowed(prober, ...network, { 'lambda:SourceFunctionArn': functionArn('Prober') })).toBe(false);
    });

    test.each([...REMOVALS, ...RESTORES])('may not %s', async (action, resource) => {
      expect(await allowed(prober, action, resource, ENFORCED)).toBe(false);
    });

    test('may neither read the records nor call another function', async () => {
      expect(await allowed(prober, 'dynamodb:Query', tableArn('Rounds'))).toBe(false);
      expect(await allowed(prober, 'lambda:InvokeFunction', functionArn('Responder'))).toBe(false);
    });
  });

  describe('delete guard', () => {
    const guard = roleNamed(assembly, 'DeleteGuard');

    test.each([...REMOVALS, ...RESTORES])('may not %s', async (action, resource) => {
      expect(await allowed(guard, action, resource, ENFORCED)).toBe(false);
    });

    test('reads cases and target health, and writes nothing', async () => {
      expect(await allowed(guard, 'dynamodb:Query', tableArn('Cases'))).toBe(true);
      expect(await allowed(guard, 'elasticloadbalancing:DescribeTargetHealth', '*')).toBe(true);
      expect(await allowed(guard, 'dynamodb:PutItem', tableArn('Cases'))).toBe(false);
      expect(await allowed(guard, 'dynamodb:Query', tableArn('Rounds'))).toBe(false);
    });
  });

  test('who has an address is asked by the four functions that need it alone, in a VPC of one’s own too', async () => {
    const functionNetwork = { subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'], securityGroupIds: ['sg-0aaaaaaaaaaaaaaa1'] };
    const inVpc = synthesise(CONFIG, undefined, { protection: { functionNetwork } }).assembly;
    for (const { roles, functions } of [assembly, inVpc]) {
      const mayAsk = await Promise.all(
        functions.map(async ({ roleArn, arn, logicalId }) => {
          const own = roles.find((one) => one.arn === roleArn);
          if (own === undefined) throw new Error(`${logicalId} has no role`);
          const context = { 'lambda:SourceFunctionArn': arn };
          return (await allowed(own, 'ec2:DescribeNetworkInterfaces', '*', context)) ? logicalId : [];
        }),
      );
      const who = mayAsk.flat().map((id) => /Sweeper|Responder|Restorer|Reviewer/.exec(id)?.[0] ?? id);
      expect(who.sort()).toEqual(['Responder', 'Restorer', 'Reviewer', 'Sweeper']);
    }
  });

  describe('restorer', () => {
    const restorer = roleNamed(assembly, 'Restorer');

    test('registers in the configured groups, in every mode, and nothing else', async () => {
      for (const { roles } of [assembly, observing]) {
        const own = roles.find(({ logicalId }) => logicalId.includes('Restorer'));
        if (own === undefined) throw new Error('no role');
        expect(await allowed(own, 'elasticloadbalancing:RegisterTargets', GROUP_ARN)).toBe(true);
        expect(await allowed(own, 'elasticloadbalancing:RegisterTargets', OTHER_GROUP_ARN)).toBe(false);
      }
      for (const [action, resource] of [...REMOVALS, ['autoscaling:ExitStandby', ASG_ARN] as const])
        expect(await allowed(restorer, action, resource, ENFORCED)).toBe(false);
    });

    test('reads no record, and is called by the schedules alone', async () => {
      expect(await allowed(restorer, 'dynamodb:Query', tableArn('Cases'))).toBe(false);
      const arn = functionArn('Restorer');
      expect(await allowed(wayBack, 'lambda:InvokeFunction', arn)).toBe(true);
      const others = assembly.roles.filter(({ logicalId }) => !logicalId.includes('WayBack'));
      for (const other of others) expect(await allowed(other, 'lambda:InvokeFunction', arn)).toBe(false);
    });
  });

  describe('sweeper', () => {
    test.each([...REMOVALS, ...RESTORES, ['ssm:SendCommand', INSTANCE_ARN]])('may not %s', async (action, resource) => {
      expect(await allowed(sweeper, action, resource, { ...ENFORCED, 'ssm:resourceTag/sickbay:inspect': 'true' })).toBe(false);
    });

    test('writes Rounds and only reads Cases', async () => {
      expect(await allowed(sweeper, 'dynamodb:PutItem', tableArn('Rounds'))).toBe(true);
      expect(await allowed(sweeper, 'dynamodb:Query', tableArn('Cases'))).toBe(true);
      expect(await allowed(sweeper, 'dynamodb:PutItem', tableArn('Cases'))).toBe(false);
      expect(await allowed(sweeper, 'dynamodb:DeleteItem', tableArn('Rounds'))).toBe(false);
    });

    test('calls the prober and the responder', async () => {
      expect(await allowed(sweeper, 'lambda:InvokeFunction', functionArn('Prober'))).toBe(true);
      expect(await allowed(sweeper, 'lambda:InvokeFunction', functionArn('Responder'))).toBe(true);
    });

    test('asks the responder for nothing: the alias for operators is denied to every role of the stack', async () => {
      for (const one of assembly.roles)
        expect(await allowed(one, 'lambda:InvokeFunction', `${functionArn('Responder')}:operator`)).toBe(false);
    });
  });

  describe('reporter', () => {
    const reporter = roleNamed(assembly, 'Reporter');
    const bucket = assembly.buckets[0]?.arn ?? '';
    const own = { 's3:ResourceAccount': '123456789012' };

    test.each([...REMOVALS, ...RESTORES])('may not %s', async (action, resource) => {
      expect(await allowed(reporter, action, resource, ENFORCED)).toBe(false);
    });

    test('writes reports into the bucket of this account, and neither reads nor deletes one', async () => {
      expect(await allowed(reporter, 's3:PutObject', `${bucket}/cases/a.html`, own)).toBe(true);
      expect(await allowed(reporter, 's3:PutObject', `${bucket}/cases/a.html`, { 's3:ResourceAccount': '999999999999' })).toBe(false);
      expect(await allowed(reporter, 's3:PutObject', `${bucket}/other.html`, own)).toBe(false);
      for (const action of ['s3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl'])
        expect(await allowed(reporter, action, `${bucket}/cases/a.html`, own)).toBe(false);
      for (const action of ['s3:PutBucketPolicy', 's3:ListBucket', 's3:DeleteBucket'])
        expect(await allowed(reporter, action, bucket, own)).toBe(false);
    });

    test('reads the records and writes none', async () => {
      for (const table of ['Rounds', 'Cases']) {
        expect(await allowed(reporter, 'dynamodb:Query', tableArn(table))).toBe(true);
        expect(await allowed(reporter, 'dynamodb:PutItem', tableArn(table))).toBe(false);
      }
    });

    test('no other role may touch the bucket', async () => {
      for (const one of assembly.roles.filter(({ logicalId }) => !logicalId.includes('Reporter')))
        expect(await allowed(one, 's3:PutObject', `${bucket}/cases/a.html`, own)).toBe(false);
    });
  });

  describe('reviewer', () => {
    const reviewer = roleNamed(assembly, 'Reviewer');
    const env = assembly.functions.find(({ logicalId }) => logicalId.includes('Responder'))?.env ?? {};
    const [notify = '', page = ''] = [env['SICKBAY_NOTIFY_TOPIC_ARN'], env['SICKBAY_PAGE_TOPIC_ARN']];

    test.each([...REMOVALS, ...RESTORES])('may not %s', async (action, resource) => {
      expect(await allowed(reviewer, action, resource, ENFORCED)).toBe(false);
    });

    test('inspects where the tag allows it, tells the notify topic alone, and writes no record but its own', async () => {
      expect(await allowed(reviewer, 'ssm:SendCommand', INSTANCE_ARN, { 'ssm:resourceTag/sickbay:inspect': 'true' })).toBe(true);
      expect(await allowed(reviewer, 'ssm:SendCommand', INSTANCE_ARN)).toBe(false);
      expect(await allowed(reviewer, 'sns:Publish', notify)).toBe(true);
      expect(await allowed(reviewer, 'sns:Publish', page)).toBe(false);
      expect(await allowed(reviewer, 'dynamodb:GetItem', tableArn('Rounds'))).toBe(true);
      for (const table of ['Rounds', 'Cases']) expect(await allowed(reviewer, 'dynamodb:PutItem', tableArn(table))).toBe(false);
      expect(await allowed(reviewer, 'dynamodb:PutItem', tableArn('Reviews'))).toBe(true);
      expect(await allowed(reviewer, 'lambda:InvokeFunction', functionArn('Responder'))).toBe(false);
    });

    test('is not there where the configuration turns it off', () => {
      const without = synthesise({ ...CONFIG, audit: { everyDays: 0 } }).assembly;
      for (const list of [without.roles, without.functions, without.tables])
        expect(list.filter(({ logicalId }) => logicalId.includes('Review'))).toEqual([]);
    });
  });

  describe('responder', () => {
    test.each(REMOVALS)('may %s only where the tag says enforce', async (action, resource) => {
      expect(await allowed(responder, action, resource, ENFORCED)).toBe(true);
      expect(await allowed(responder, action, resource)).toBe(false);
    });

    test.each(REMOVALS)('may not %s where the tag names another stack, or none as it did once', async (action, resource) => {
      for (const value of ['Another', 'true', 'sickbay', 'no'])
        expect(await allowed(responder, action, resource, { 'aws:ResourceTag/sickbay:enforce': value })).toBe(false);
    });

    test.each(REMOVALS)('of another stack may not %s where the tag names this one', async (action, resource) => {
      const another = roleNamed(synthesise({ ...CONFIG, stack: 'Another' }).assembly, 'Responder');
      expect(await allowed(another, action, resource, ENFORCED)).toBe(false);
      expect(await allowed(another, action, resource, { 'aws:ResourceTag/sickbay:enforce': 'Another' })).toBe(true);
    });

    test.each(REMOVALS)('may not %s at all while the configuration says observe', async (action, resource) => {
      expect(await allowed(roleNamed(observing, 'Responder'), action, resource, ENFORCED)).toBe(false);
    });

    test.each(RESTORES)('may %s without the tag: to take it away must not strand a target that is out', async (action, resource) => {
      expect(await allowed(responder, action, resource)).toBe(true);
    });

    test.each(RESTORES)(
      'in observe mode may %s only where the tag names it: of a stack that never enforced, nowhere',
      async (action, resource) => {
        const observer = roleNamed(observing, 'Responder');
        for (const context of [{}, { 'aws:ResourceTag/sickbay:enforce': 'Another' }, { 'aws:ResourceTag/sickbay:enforce': 'true' }])
          expect(await allowed(observer, action, resource, context)).toBe(false);
        expect(await allowed(observer, action, resource, ENFORCED)).toBe(true);
      },
    );

    test('in observe mode writes no scheduled restore, through which Scheduler would register what it likes; it may take one away', async () => {
      const observer = roleNamed(observing, 'Responder');
      const passed = { 'iam:PassedToService': 'scheduler.amazonaws.com' };
      const schedule = scheduleIn(observing.scheduleGroups[0]?.name);
      for (const action of ['CreateSchedule', 'UpdateSchedule'])
        expect(await allowed(observer, `scheduler:${action}`, schedule)).toBe(false);
      expect(await allowed(observer, 'iam:PassRole', roleNamed(observing, 'WayBack').arn, passed)).toBe(false);
      for (const action of ['GetSchedule', 'DeleteSchedule']) expect(await allowed(observer, `scheduler:${action}`, schedule)).toBe(true);
    });

    test.each([
      'autoscaling:DescribeAutoScalingInstances',
      'autoscaling:DescribeAutoScalingGroups',
      'autoscaling:DescribeInstanceRefreshes',
      'autoscaling:DescribeLifecycleHooks',
      'elasticloadbalancing:DescribeTargetHealth',
      'elasticloadbalancing:DescribeTargetGroupAttributes',
      'elasticloadbalancing:DescribeTags',
    ])('may %s, which Standby rests on, of groups that are not configured too', async (action) => {
      expect(await allowed(responder, action, '*')).toBe(true);
    });

    test('reads the load balancer’s metrics, and nobody else does or writes any', async () => {
      expect(await allowed(responder, 'cloudwatch:GetMetricData', '*')).toBe(true);
      expect(await allowed(sweeper, 'cloudwatch:GetMetricData', '*')).toBe(false);
      expect(await allowed(responder, 'cloudwatch:PutMetricData', '*')).toBe(false);
    });

    test('queries the configured access logs, and none where none are configured', async () => {
      const logArn = (name: string) => `arn:aws:logs:us-east-1:123456789012:log-group:${name}`;
      const logging = roleNamed(synthesise({ ...CONFIG, accessLogs: { logGroups: ['/aws/alb/shop'] } }).assembly, 'Responder');
      for (const action of ['logs:StartQuery', 'logs:GetQueryResults']) {
        expect(await allowed(logging, action, logArn('/aws/alb/shop'))).toBe(true);
        expect(await allowed(logging, action, logArn('/aws/alb/shop-2'))).toBe(false);
        expect(await allowed(logging, action, logArn('/aws/lambda/payments'))).toBe(false);
        expect(await allowed(responder, action, logArn('/aws/alb/shop'))).toBe(false);
      }
      expect(await allowed(logging, 'logs:StopQuery', '*')).toBe(true);
      expect(await allowed(responder, 'logs:StopQuery', '*')).toBe(false);
      for (const action of ['FilterLogEvents', 'DeleteLogGroup'])
        expect(await allowed(logging, `logs:${action}`, logArn('/aws/alb/shop'))).toBe(false);
    });

    test('neither changes the size of an Auto Scaling group nor ends an instance in one', async () => {
      for (const action of ['UpdateAutoScalingGroup', 'SetDesiredCapacity', 'TerminateInstanceInAutoScalingGroup', 'DetachInstances'])
        expect(await allowed(responder, `autoscaling:${action}`, ASG_ARN, ENFORCED)).toBe(false);
    });

    test('removes from no target group that the configuration does not name', async () => {
      expect(await allowed(responder, 'elasticloadbalancing:DeregisterTargets', OTHER_GROUP_ARN, ENFORCED)).toBe(false);
    });

    test('registers in no group that is not configured, but for one whose tag names it: a group that was dropped while its target was out', async () => {
      for (const one of [responder, wayBack]) {
        expect(await allowed(one, 'elasticloadbalancing:RegisterTargets', OTHER_GROUP_ARN)).toBe(false);
        expect(
          await allowed(one, 'elasticloadbalancing:RegisterTargets', OTHER_GROUP_ARN, { 'aws:ResourceTag/sickbay:enforce': 'Another' }),
        ).toBe(false);
        expect(await allowed(one, 'elasticloadbalancing:RegisterTargets', OTHER_GROUP_ARN, ENFORCED)).toBe(true);
      }
    });

    test('removes from a group that a tag selects only where that tag and the other are there, and restores with either', async () => {
      const selected = { 'aws:ResourceTag/team': 'shop' };
      const may = (action: string, context: Readonly<Record<string, string>>) =>
        allowed(roleNamed(byTag, 'Responder'), `elasticloadbalancing:${action}Targets`, OTHER_GROUP_ARN, context);
      expect(await may('Deregister', { ...selected, ...ENFORCED })).toBe(true);
      for (const context of [{}, selected, ENFORCED]) expect(await may('Deregister', context)).toBe(false);
      for (const context of [selected, ENFORCED]) expect(await may('Register', context)).toBe(true);
      expect(await may('Register', {})).toBe(false);
    });

    test.each([NAMED_AT_MOST.arns, NAMED_AT_MOST.arns + 1])(
      'with %i target groups acts on each of them and on no other without the tag',
      async (count) => {
        const arns = Array.from({ length: count }, (_, index) => `${GROUP_ARN.slice(0, -4)}${String(index).padStart(4, '0')}`);
        const many = synthesise({ ...CONFIG, targetGroups: arns.map((arn) => ({ arn, owner: 'static' as const })) }).assembly;
        for (const arn of [arns[0] ?? '', arns.at(-1) ?? '']) {
          for (const name of ['Responder', 'WayBack'] as const)
            expect(await allowed(roleNamed(many, name), 'elasticloadbalancing:RegisterTargets', arn, ENFORCED)).toBe(true);
          expect(await allowed(roleNamed(many, 'Responder'), 'elasticloadbalancing:DeregisterTargets', arn, ENFORCED)).toBe(true);
          expect(await allowed(roleNamed(many, 'Responder'), 'elasticloadbalancing:DeregisterTargets', arn)).toBe(false);
        }
        expect(await allowed(roleNamed(many, 'Responder'), 'elasticloadbalancing:RegisterTargets', OTHER_GROUP_ARN)).toBe(false);
      },
    );

    test('may send its own document to tagged instances and no other document', async () => {
      const document = (name: string | undefined) => `arn:aws:ssm:us-east-1:123456789012:document/${name}`;
      expect(await allowed(responder, 'ssm:SendCommand', INSTANCE_ARN, { 'ssm:resourceTag/sickbay:inspect': 'true' })).toBe(true);
      expect(await allowed(responder, 'ssm:SendCommand', INSTANCE_ARN)).toBe(false);
      expect(await allowed(responder, 'ssm:SendCommand', document(assembly.documents[0]?.name))).toBe(true);
      expect(await allowed(responder, 'ssm:SendCommand', document('Somebody-Elses'))).toBe(false);
      expect(await allowed(responder, 'ssm:SendCommand', document('AWS-RunShellScript'))).toBe(false);
    });

    test('writes scheduled restores in its own schedule group only', async () => {
      const group = assembly.scheduleGroups[0]?.name;
      for (const action of ['CreateSchedule', 'UpdateSchedule', 'GetSchedule', 'DeleteSchedule']) {
        expect(await allowed(responder, `scheduler:${action}`, scheduleIn(group))).toBe(true);
        expect(await allowed(responder, `scheduler:${action}`, scheduleIn('default'))).toBe(false);
      }
    });

    test('hands the role of the scheduled restores to Scheduler and to nobody else', async () => {
      expect(await allowed(responder, 'iam:PassRole', wayBack.arn, { 'iam:PassedToService': 'scheduler.amazonaws.com' })).toBe(true);
      expect(await allowed(responder, 'iam:PassRole', wayBack.arn, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe(false);
      expect(await allowed(responder, 'iam:PassRole', sweeper.arn, { 'iam:PassedToService': 'scheduler.amazonaws.com' })).toBe(false);
    });

    test('writes Cases and only reads Rounds', async () => {
      expect(await allowed(responder, 'dynamodb:PutItem', tableArn('Cases'))).toBe(true);
      expect(await allowed(responder, 'dynamodb:Query', tableArn('Rounds'))).toBe(true);
      expect(await allowed(responder, 'dynamodb:PutItem', tableArn('Rounds'))).toBe(false);
    });

    test('reads the kill switch and cannot set it', async () => {
      const parameter = `arn:aws:ssm:us-east-1:123456789012:parameter${assembly.parameters[0]?.name}`;
      expect(await allowed(responder, 'ssm:GetParameter', parameter)).toBe(true);
      expect(await allowed(responder, 'ssm:PutParameter', parameter)).toBe(false);
    });
  });

  describe('scheduled restore', () => {
    test.each(RESTORES)('may %s without any tag, also after the stack went back to observe', async (action, resource) => {
      expect(await allowed(wayBack, action, resource)).toBe(true);
      expect(await allowed(roleNamed(observing, 'WayBack'), action, resource)).toBe(true);
    });

    test.each(REMOVALS)('may not %s', async (action, resource) => {
      expect(await allowed(wayBack, action, resource, ENFORCED)).toBe(false);
    });

    test('is taken on by Scheduler only, for schedules of its own group', () => {
      expect(wayBack.trust).toMatchObject({
        Statement: [
          {
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': assembly.scheduleGroups[0]?.arn } },
          },
        ],
      });
    });
  });

  test.each([
    ['Sweeper', 'Responder'],
    ['Responder', 'Sweeper'],
  ])('the schedule of the %s may call it and nothing else', async (own, other) => {
    const { roleArn } = assembly.schedules.find(({ targetArn }) => targetArn === functionArn(own)) ?? {};
    const scheduler = roleOf(assembly, roleArn);
    expect(await allowed(scheduler, 'lambda:InvokeFunction', functionArn(own))).toBe(true);
    expect(await allowed(scheduler, 'lambda:InvokeFunction', functionArn(other))).toBe(false);
  });
});
