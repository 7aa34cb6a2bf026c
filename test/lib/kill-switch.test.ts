/**
 * What an operator put into the kill switch, over deployments: the real keeper with the real
 * adapter, on the lab's Parameter Store behind HTTP.
 */
import { SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnResource } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parameterSwitches } from '../../lambda/aws/parameter-switches';
import { killSwitch } from '../../lambda/aws/kill-switch';
import { keepKillSwitch } from '../../lambda/keep-kill-switch';
import { SickbayStack } from '../../lib/sickbay-stack';
import { open, type Opened } from '../lab/wire-setup';
import { allowed } from './iam';
import { CONFIG, directory, handlersDir, removeDirectories, resourcesOf, synthesise } from './synthesised';
import { deploy, type Account } from './upgrade';

const NAME = '/sickbay/Sickbay/kill-switch';

/**
 * A template, after every resource of the kill switch got `more` properties, as another release or
 * somebody's tags would give it.
 */
function version(more: Readonly<Record<string, unknown>> = {}, config = CONFIG): Template {
  process.env['CDK_VALIDATION'] = 'false';
  const stack = new SickbayStack(new App({ outdir: directory() }), 'Sickbay', { config, handlersDir: handlersDir() });
  const parts = stack.node.findChild('Sickbay').node.findChild('KillSwitch').node.findAll();
  for (const part of parts.filter((one) => one instanceof CfnResource))
    for (const [key, value] of Object.entries(more)) part.addPropertyOverride(key, value);
  return Template.fromStack(stack);
}

/**
 * The template as it was when the switch was a resource of it, and CloudFormation named the
 * parameter.
 */
function formerVersion(): Template {
  const [switched] = Object.values(resourcesOf(version())).filter(({ Type }) => Type === 'Custom::SickbayKillSwitch');
  const id = String(switched?.Properties?.['Former']);
  return Template.fromJSON({ Resources: { [id]: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'off' } } } });
}

describe('the kill switch', () => {
  let opened: Opened;
  let client: SSMClient;
  let account: Account;
  beforeEach(async () => {
    opened = await open();
    client = new SSMClient(opened.client);
    const ports = { switches: parameterSwitches(client), log: () => undefined };
    account = { parameters: opened.world.parameters, keep: (request) => keepKillSwitch(ports, request) };
  });
  afterEach(async () => {
    client.destroy();
    await opened.door.close();
  });
  afterAll(removeDirectories);
  const summary = (name = NAME) => killSwitch(client, name).read();
  const turn = (Value: string, Name = NAME) => account.parameters.putParameter({ Name, Value, Overwrite: true });

  test('begins as off', async () => {
    await deploy(account, version());
    expect(await summary()).toEqual({ state: 'off' });
  });

  test('stays as an operator set it when anything else about its resource changes', async () => {
    const first = await deploy(account, version());
    turn('on');
    const second = await deploy(
      account,
      version({ Description: 'of another release', Tags: [{ Key: 'cost-centre', Value: '42' }] }),
      first,
    );
    expect(second.resources).not.toEqual(first.resources);
    expect(await summary()).toEqual({ state: 'on' });
  });

  test('CloudFormation would reset a parameter of the template: what the test above plays, it plays as it is', async () => {
    const first = await deploy(account, formerVersion());
    const [name = ''] = first.names.values();
    turn('on', name);
    const Resources = resourcesOf(formerVersion());
    for (const { Properties } of Object.values(Resources)) Object.assign(Properties ?? {}, { Description: 'of another release' });
    await deploy(account, Template.fromJSON({ Resources }), first);
    expect(await summary(name)).toEqual({ state: 'off' });
  });

  test.each(['on', 'nonsense'])('an upgrade from a release that had it in the template brings "%s" along as on', async (value) => {
    const former = await deploy(account, formerVersion());
    const [name = ''] = former.names.values();
    turn(value, name);
    await deploy(account, version(), former);
    expect(await summary()).toEqual({ state: 'on' });
    expect(await summary(name)).toEqual({ state: 'on', why: 'unreadable: ParameterNotFound' });
  });

  test('an upgrade from such a release brings off along as off', async () => {
    await deploy(account, version(), await deploy(account, formerVersion()));
    expect(await summary()).toEqual({ state: 'off' });
  });

  test('a stack that is renamed takes the value along', async () => {
    const first = await deploy(account, version());
    turn('on');
    const { stack } = { stack: 'Renamed' };
    await deploy(account, version({}, { ...CONFIG, stack }), first);
    expect(await summary('/sickbay/Renamed/kill-switch')).toEqual({ state: 'on' });
  });

  test('a parameter that somebody deleted counts as on, and no deployment makes it again', async () => {
    const first = await deploy(account, version());
    account.parameters.remove(NAME);
    await deploy(account, version({ Description: 'of another release' }), first);
    expect(await summary()).toEqual({ state: 'on', why: 'unreadable: ParameterNotFound' });
  });

  test('a stack that is made again obeys the switch that is there', async () => {
    const first = await deploy(account, version());
    turn('on');
    expect([...first.names.values()].filter((name) => name.includes('kill-switch'))).toEqual([NAME]);
    const deletion = { RequestType: 'Delete' as const, ResponseURL: '', StackId: 's', RequestId: 'r', LogicalResourceId: 'l' };
    expect(await account.keep({ ...deletion, PhysicalResourceId: NAME })).toMatchObject({ Status: 'SUCCESS' });
    await deploy(account, version());
    expect(await summary()).toEqual({ state: 'on' });
  });

  test('a deployment fails where a former switch cannot be read: nothing is taken to be off', async () => {
    const broken = {
      create: () => Promise.reject(new Error('not asked for')),
      read: async () => undefined,
      named: () => Promise.reject(new Error('denied')),
    };
    const keep: Account['keep'] = (request) => keepKillSwitch({ switches: broken, log: () => undefined }, request);
    await expect(deploy({ ...account, keep }, version())).rejects.toThrow(`the kill switch ${NAME} could not be set up (Error: denied)`);
  });

  describe('its keeper', () => {
    const { assembly } = synthesise();
    const keeper = assembly.roles.find(({ logicalId }) => logicalId.includes('KillSwitch'));
    const own = `arn:aws:ssm:us-east-1:123456789012:parameter${NAME}`;
    const may = (action: string, resource: string, overwrite = 'false') => {
      if (keeper === undefined) throw new Error('the keeper has no role');
      return allowed(keeper, action, resource, { 'ssm:Overwrite': overwrite });
    };

    test('may make this stack’s switch, and can write to none that is there', async () => {
      expect(await may('ssm:PutParameter', own)).toBe(true);
      expect(await may('ssm:PutParameter', own, 'true')).toBe(false);
      expect(await may('ssm:PutParameter', own.replace('/Sickbay/', '/Another/'))).toBe(false);
      expect(await may('ssm:DeleteParameter', own)).toBe(false);
    });

    test('reads switches, and no other parameter', async () => {
      const former = `arn:aws:ssm:us-east-1:123456789012:parameter/CFN-${formerId()}-AbCdEf123456`;
      for (const name of [own, own.replace('/Sickbay/', '/Another/'), former]) expect(await may('ssm:GetParameter', name)).toBe(true);
      expect(await may('ssm:GetParameter', 'arn:aws:ssm:us-east-1:123456789012:parameter/database/password')).toBe(false);
    });

    test('knows the parameter of the former releases by its logical id', () => {
      expect(formerId()).toBe('SickbayKillSwitchParameterB35273AB');
    });

    function formerId(): string {
      return Object.keys(formerVersion().findResources('AWS::SSM::Parameter'))[0] ?? '';
    }
  });
});
