/** The check of `sickbay doctor` of declared services of ECS. */
import { openAccount } from '../../../bin/account/account';
import { CHECKS } from '../../../bin/doctor/checks';
import { contextOf } from '../../../bin/doctor/context';
import { examine } from '../../../bin/doctor/run';
import { parseConfig, type ConfigInput } from '../../../core/config';
import { AwsError } from '../../../lab/world/aws-error';
import type { Rig } from '../account-rig';
import { PROBER_GROUP, SUBNETS } from '../account-rig';
import { CLUSTER, addService, addTaskGroup, openServiceRig } from '../service-rig';

let rig: Rig;
let arn: string;
const before = { ...process.env };
const TAGS = { 'sickbay:enforce': 'Sickbay' };

beforeEach(async () => {
  rig = await openServiceRig();
  Object.assign(process.env, rig.env);
  rig.world.ecs.addCluster(CLUSTER);
  arn = addTaskGroup(rig);
});

afterEach(async () => {
  process.env = { ...before };
  await rig.close();
});

async function lines(mode: ConfigInput['mode'] = 'enforce', checked = 'services of ECS', cluster = CLUSTER): Promise<string[]> {
  return linesOf(mode, checked, [declared(arn, 'checkout', cluster)]);
}

function declared(groupArn: string, service: string, cluster = CLUSTER): ConfigInput['targetGroups'][number] {
  return { arn: groupArn, probe: { path: '/cart' }, owner: 'ecs', ecs: { cluster, service } };
}

async function linesOf(mode: ConfigInput['mode'], checked: string, targetGroups: ConfigInput['targetGroups']): Promise<string[]> {
  const account = openAccount();
  const config = parseConfig({
    mode,
    targetGroups,
    network: { subnetIds: [...SUBNETS], securityGroupIds: [PROBER_GROUP] },
  });
  const context = contextOf({
    config,
    configFrom: 'sickbay.config.ts',
    account,
    identity: await account.identity(),
    now: rig.clock.now(),
    deployed: async () => undefined,
  });
  const checks = CHECKS.filter(({ name }) => name === checked);
  expect(checks).toHaveLength(1);
  const { results } = await examine(context, checks, () => undefined);
  return results.map(({ level, text, command }) => `${level} ${text}${command === undefined ? '' : `\n${command}`}`);
}

const tasks = () => rig.world.ecs.liveTasks(CLUSTER, 'checkout');
const ready = { tags: TAGS };

it('a service at rest that can spare a task lacks nothing, and its owner is asked of ECS alone', async () => {
  addService(rig, arn, ready);
  expect(await lines()).toEqual(['ok tasks: shop/checkout: 4 tasks run, at rest, room for one less']);
  expect(await lines('enforce', 'owner')).toEqual(['ok tasks: ecs']);
});

it('one that is not there, or that registers elsewhere, is a mistake, told with those that may be declared', async () => {
  expect(await lines()).toEqual(['fail tasks: shop/checkout: ECS knows no such service; allowed: none, no service registers in it']);
  addService(rig, addTaskGroup(rig, 'others', 82), ready);
  addService(rig, arn, { ...ready, name: 'basket' });
  expect(await lines()).toContain('fail tasks: shop/checkout does not register in this target group; allowed: shop/basket');
  rig.deny('ecs:ListClusters');
  expect(await lines()).toContain('fail tasks: shop/checkout does not register in this target group');
});

it('one of a cluster that is not there is a mistake, and no error of AWS', async () => {
  addService(rig, arn, ready);
  expect(await lines('enforce', 'services of ECS', 'shopp')).toEqual([
    'fail tasks: shopp/checkout: ECS knows no such service; allowed: shop/checkout',
  ]);
});

it('what of the service is in the way is said in the words of the guardrails', async () => {
  addService(rig, arn, { ...ready, minimumHealthyPercent: 100, schedulingStrategy: 'DAEMON' });
  const why = 'warn tasks: shop/checkout: no task is replaced while that is so:';
  expect(await lines()).toEqual([`${why} scheduling strategy DAEMON`, `${why} minimumHealthyPercent 100: 4 of 4 have to run`]);
});

it('a target that is no task of it is never replaced', async () => {
  addService(rig, arn, ready);
  rig.world.elb.registerTargets({ TargetGroupArn: arn, Targets: [{ Id: '10.0.0.77' }] });
  expect(await lines()).toEqual(['warn tasks: shop/checkout: never replaced, for it is none of its tasks: 10.0.0.77:8080']);
});

it('protected tasks are counted, and a protection that cannot be read keeps all of them', async () => {
  addService(rig, arn, ready);
  rig.world.ecs.updateTaskProtection({ cluster: CLUSTER, tasks: [tasks()[0]?.arn ?? ''], protectionEnabled: true });
  expect(await lines()).toEqual(['warn tasks: shop/checkout: 1 task protected, not replaced until that ends']);
  rig.deny('ecs:GetTaskProtection');
  expect((await lines())[0]).toMatch(
    /^fail tasks: shop\/checkout: whether a task is protected is not known of 4 tasks \(.*AccessDenied.*\): never replaced$/,
  );
});

it('without the tag on the service and its tasks nothing is replaced, once it may be', async () => {
  addService(rig, arn);
  expect(await lines('observe')).toEqual(['ok tasks: shop/checkout: 4 tasks run, at rest, room for one less']);
  expect(await lines()).toEqual([
    'fail tasks: shop/checkout: the service and 4 tasks without the tag sickbay:enforce=Sickbay: nothing is replaced\n' +
      'aws ecs tag-resource --resource-arn arn:aws:ecs:us-east-1:123456789012:service/shop/checkout --tags key=sickbay:enforce,value=Sickbay --region us-east-1 --profile lab && ' +
      'aws ecs update-service --cluster shop --service checkout --propagate-tags SERVICE --force-new-deployment --region us-east-1 --profile lab',
  ]);
});

it('a service that may not be read is told with the permission', async () => {
  addService(rig, arn, ready);
  rig.deny('ecs:DescribeServices');
  expect(await lines()).toEqual([
    'warn tasks: shop/checkout: not permitted: ecs:DescribeServices; lost: whether a task of it could be replaced',
  ]);
});

it('one service that may not be read, or that AWS fails to tell of, costs no other one its result', async () => {
  const others = addTaskGroup(rig, 'others', 82);
  addService(rig, arn, ready);
  addService(rig, others, { ...ready, name: 'basket' });
  const both = () => linesOf('enforce', 'services of ECS', [declared(others, 'basket'), declared(arn, 'checkout')]);
  rig.deny('ecs:DescribeServices', 'service/shop/basket');
  expect(await both()).toEqual([
    'warn others: shop/basket: not permitted: ecs:DescribeServices; lost: whether a task of it could be replaced',
    'ok tasks: shop/checkout: 4 tasks run, at rest, room for one less',
  ]);
  rig.break('ecs:DescribeServices', new AwsError('ServerException', 'broken', 500), 'service/shop/checkout');
  expect(await both()).toEqual([
    'ok others: shop/basket: 4 tasks run, at rest, room for one less',
    expect.stringMatching(/^warn tasks: shop\/checkout: could not be checked: ServerException: broken/),
  ]);
});

it('what is read of a declared service is among the permissions', async () => {
  addService(rig, arn, ready);
  rig.world.iam.deny('responder', 'ecs:GetTaskProtection');
  expect((await lines('enforce', 'permissions'))[0]).toContain('no policy allows ecs:GetTaskProtection;');
});
