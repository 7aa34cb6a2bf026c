/** What `sickbay init` proposes for a target group that a service of ECS registers in. */
import { runInNewContext } from 'node:vm';
import { parseConfig } from '../../../core/config';
import { openAccount } from '../../../bin/account/account';
import { Reads, unreadLine } from '../../../bin/account/unread';
import { candidatesOf, named, vpcOf } from '../../../bin/init/candidates';
import { configText } from '../../../bin/init/config-text';
import { nextSteps } from '../../../bin/init/next';
import { propose } from '../../../bin/init/propose';
import type { Proposal, Proposed } from '../../../bin/init/proposal';
import { surveyOf, type AccountSurvey } from '../../../bin/init/survey';
import type { Rig } from '../account-rig';
import { CLUSTER, addService, addTaskGroup, openServiceRig } from '../service-rig';

let rig: Rig;
let groupArn: string;
const before = { ...process.env };

beforeEach(async () => {
  rig = await openServiceRig();
  Object.assign(process.env, rig.env);
  rig.world.ecs.addCluster(CLUSTER);
  groupArn = addTaskGroup(rig);
});

afterEach(async () => {
  process.env = { ...before };
  await rig.close();
});

interface Found extends Proposal {
  readonly survey: AccountSurvey;
  readonly unread: readonly string[];
}

async function proposed(): Promise<Found> {
  const account = openAccount();
  const chosen = named(candidatesOf(await account.loadBalancing.groups(), await account.loadBalancing.balancers()), ['tasks']);
  const reads = new Reads();
  const survey = await surveyOf(account, reads, chosen, vpcOf(chosen));
  const proposal = propose(survey, { stack: 'Sickbay', groupOf: () => ({ path: '/cart' }) }, new Map());
  return { ...proposal, survey, unread: reads.unread.map(unreadLine) };
}

const about = ({ proposed: all }: Proposal, wanted: string): Proposed[] => all.filter(({ key }) => key === wanted);
const declared = ({ config }: Proposal) => ({ owner: config.targetGroups[0]?.owner, ecs: config.targetGroups[0]?.ecs });

it('is the service that registers in it, with what replacing a task means', async () => {
  addService(rig, groupArn);
  const found = await proposed();
  expect(declared(found)).toEqual({ owner: 'ecs', ecs: { cluster: CLUSTER, service: 'checkout' } });
  expect(about(found, 'owner')).toEqual([
    {
      key: 'owner',
      group: 'tasks',
      value: 'ecs',
      why: 'all of them are tasks of the service shop/checkout: a slow task is deregistered, drained and stopped, and its service starts another one, which cannot be undone',
    },
  ]);
  expect(about(found, 'ecs')).toMatchObject([
    { value: 'shop/checkout', why: 'nothing about the service is in the way of replacing a task' },
  ]);
});

it('stands in the file, which is a valid configuration, and the tags are told that a task is stopped by', async () => {
  addService(rig, groupArn);
  const found = await proposed();
  const facts = {
    typesFrom: 'sickbay',
    account: '123456789012',
    region: 'us-east-1',
    day: '2026-11-28',
    command: 'sickbay init',
    loadBalancers: [],
  };
  const file = configText(found, facts);
  expect(file).toContain("      owner: 'ecs',\n");
  const written: unknown = runInNewContext(`(${/= (\{[^]*\});/.exec(file)?.[1] ?? ''})`);
  expect(parseConfig(written).targetGroups[0]?.ecs).toEqual({ cluster: CLUSTER, service: 'checkout' });
  const steps = nextSteps(found.config, found.survey, {
    place: { region: 'us-east-1' },
    account: '123456789012',
    file: 'sickbay.config.ts',
    isHere: true,
    deploys: 'by-itself',
    fullFile: '/sickbay.config.ts',
    command: (words) => words,
  });
  expect(steps.at(-1)?.commands).toEqual([
    'aws ecs tag-resource --resource-arn arn:aws:ecs:us-east-1:123456789012:service/shop/checkout --tags key=sickbay:enforce,value=Sickbay --region us-east-1',
    'aws ecs update-service --cluster shop --service checkout --propagate-tags SERVICE --force-new-deployment --region us-east-1',
  ]);
});

it('says what of the service is in the way, which needs somebody', async () => {
  addService(rig, groupArn, { minimumHealthyPercent: 100, desiredCount: 2 });
  const found = await proposed();
  expect(declared(found).owner).toBe('ecs');
  const [ecs] = about(found, 'ecs');
  expect(ecs?.attention).toBe(true);
  expect(ecs?.why).toBe(
    'as the service is now no task is ever replaced: 2 running and 0 pending of 2; minimumHealthyPercent 100: 2 of 2 have to run',
  );
});

describe('no owner is proposed', () => {
  async function refused(): Promise<string> {
    const found = await proposed();
    expect(declared(found)).toEqual({ owner: undefined, ecs: undefined });
    return about(found, 'owner')[0]?.why ?? '';
  }

  it('where two services register in it', async () => {
    addService(rig, groupArn);
    addService(rig, groupArn, { name: 'canary', desiredCount: 1 });
    expect(await refused()).toContain('2 services of ECS register in it (shop/checkout and shop/canary), and one can be declared');
  });

  it('where a target is no task of it', async () => {
    addService(rig, groupArn);
    rig.world.elb.registerTargets({ TargetGroupArn: groupArn, Targets: [{ Id: '10.0.0.77' }] });
    expect(await refused()).toContain('1 of its 5 targets (10.0.0.77:8080) are none of its tasks');
  });

  it('where its tasks may not be read, and it is said what is lost', async () => {
    addService(rig, groupArn);
    rig.deny('ecs:ListTasks');
    expect(await refused()).toContain('the service shop/checkout of ECS registers in it, and its tasks could not be read');
    expect((await proposed()).unread).toEqual([expect.stringContaining("(owner: 'ecs')")]);
  });
});

it('is left to what else is known where services may not be listed, which is said', async () => {
  addService(rig, groupArn);
  rig.deny('ecs:ListClusters');
  const found = await proposed();
  expect(declared(found).owner).toBeUndefined();
  expect(about(found, 'owner')[0]?.why).toContain('its address is that of an ECS task');
  expect(found.unread).toEqual([
    'not permitted: ecs:ListClusters, ListServices and DescribeServices; lost: whether a service of ECS registers the targets',
  ]);
});
