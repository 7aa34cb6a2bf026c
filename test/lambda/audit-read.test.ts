import { audit } from '../../core/audit/audit';
import type { AuditedGroup } from '../../core/audit/model';
import { parseConfig, type Config, type ConfigInput } from '../../core/config';
import { targetKey, type HostCapture, type LbTarget, type ListedGroup, type Target, type TargetRef } from '../../core/model';
import { readGroups } from '../../lambda/audit/read';
import { GROUP, groupOf, listedGroupOf } from '../builders/groups';
import { NOW } from '../builders/now';

const WEB = { kind: 'instance', instanceId: 'i-0aaaaaaaaaaaaaaa1', interfaceId: 'eni-1', isPrimary: true } as const;
const OTHER = { ...WEB, instanceId: 'i-0aaaaaaaaaaaaaaa2', interfaceId: 'eni-2' } as const;
const POD: TargetRef = { kind: 'pod', nodeId: 'i-0aaaaaaaaaaaaaaa9' };
const TASK: TargetRef = { kind: 'ecs-task', taskArn: 'arn:task', cluster: 'c', launchType: 'EC2', instanceId: 'i-0aaaaaaaaaaaaaaa9' };
const NOBODY: TargetRef = { kind: 'unknown', why: 'EC2 could not be asked who has its address: UnauthorizedOperation' };

const targetOf = (index: number): Target => ({ id: `10.0.0.${index + 1}`, port: 8080 });

function configured(entry: Partial<ConfigInput['targetGroups'][number]> = {}): Config {
  const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
  return parseConfig({ targetGroups: [{ arn: GROUP, ...entry }], network, durations: { leaseCapS: 900 } });
}

/** One group of addresses behind which these stand. */
async function read(refs: readonly TargetRef[], group: Partial<ListedGroup> = {}, config = configured()) {
  const inspected: string[][] = [];
  const health = refs.map((_, index): LbTarget => ({ target: targetOf(index), state: 'healthy' }));
  const listed = listedGroupOf({ arn: GROUP, name: 'checkout', protocol: 'HTTP', targetType: 'ip', ...group });
  const ports: Parameters<typeof readGroups>[0] = {
    loadBalancing: { describe: async () => [groupOf({ ...listed })], health: async () => health },
    targetRefs: { of: async (_, asked) => new Map(asked.map((target, index) => [targetKey(target), refs[index] ?? NOBODY])) },
    inspect: async (ids) => {
      inspected.push([...ids]);
      return ids.map((host): HostCapture => ({ host, notInspectable: 'its SSM agent is offline', capturedAt: NOW }));
    },
  };
  const [found] = await readGroups(ports, config, [listed]);
  if (found === undefined) throw new Error('nothing read');
  return { found, inspected };
}

const unseenOf = ({ hosts }: AuditedGroup) => ('value' in hosts ? hosts.value.unseen.map(({ host, why }) => `${host}: ${why}`) : hosts);

describe('the hosts of a group of addresses', () => {
  it('are the instances that have the addresses, each once', async () => {
    const { found, inspected } = await read([WEB, OTHER, WEB]);
    expect(inspected).toEqual([['i-0aaaaaaaaaaaaaaa1', 'i-0aaaaaaaaaaaaaaa2']]);
    expect(unseenOf(found)).toEqual(['i-0aaaaaaaaaaaaaaa1: its SSM agent is offline', 'i-0aaaaaaaaaaaaaaa2: its SSM agent is offline']);
  });

  it('are told where others have the address, and their hosts are left alone', async () => {
    const { found, inspected } = await read([WEB, POD, TASK, NOBODY]);
    expect(inspected).toEqual([['i-0aaaaaaaaaaaaaaa1']]);
    expect(unseenOf(found)).toEqual([
      'i-0aaaaaaaaaaaaaaa1: its SSM agent is offline',
      '10.0.0.2:8080: its address is that of a pod: hosts are inspected, and not pods',
      '10.0.0.3:8080: its address is that of an ECS task: hosts are inspected, and not tasks',
      '10.0.0.4:8080: EC2 could not be asked who has its address: UnauthorizedOperation',
    ]);
    expect(audit([found], NOW).findings.filter(({ check }) => check === 'not-inspectable')).toHaveLength(4);
  });

  it.each<[string, TargetRef[], Partial<ListedGroup>, string]>([
    ['pods', [POD, POD, POD], {}, '10.0.0.1:8080 and 2 more: its address is that of a pod: hosts are inspected, and not pods'],
    ['one that EC2 does not tell', [NOBODY], {}, '10.0.0.1:8080: EC2 could not be asked who has its address: UnauthorizedOperation'],
    ['nobody healthy', [], {}, 'no target is healthy: there is no host to inspect'],
    ['a Lambda function', [WEB], { targetType: 'lambda' }, 'its targets are of type lambda, which has no host to inspect'],
  ])('are not inspected where there are none, which is said once: %s', async (_, refs, group, unread) => {
    const { found, inspected } = await read(refs, group);
    expect(inspected).toEqual([]);
    expect(found.hosts).toEqual({ unread });
  });
});

describe('the longest lease', () => {
  it.each<[string, ListedGroup['targetType'], Partial<ConfigInput['targetGroups'][number]>, number | undefined]>([
    ['of addresses that may be removed', 'ip', { owner: 'static' }, 900],
    ['of instances, which need not wait', 'instance', { owner: 'static' }, undefined],
    ['of tasks, which are replaced', 'ip', { owner: 'ecs', ecs: { cluster: 'shop', service: 'cart' } }, undefined],
    ['where nobody says who registers them', 'ip', {}, undefined],
  ])('%s', async (_, targetType, entry, leaseCapS) => {
    const { found } = await read([WEB], { targetType }, configured(entry));
    expect(found.leaseCapS).toBe(leaseCapS);
  });
});
