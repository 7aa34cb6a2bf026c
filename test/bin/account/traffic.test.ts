import type { AccountSecurityGroup, TrafficRule } from '../../../bin/account/ec2';
import { contains, letsIn, letsOut, type Peer } from '../../../bin/account/traffic';

const PEER: Peer = { securityGroupIds: ['sg-1'], cidrs: ['10.0.0.0/24', '10.0.1.0/24'] };

const rule = (more: Partial<TrafficRule>): TrafficRule => ({
  protocol: 'tcp',
  fromPort: 8080,
  toPort: 8090,
  cidrs: [],
  securityGroupIds: ['sg-1'],
  prefixListIds: [],
  ...more,
});

const group = (...rules: TrafficRule[]): AccountSecurityGroup => ({
  id: 'sg-2',
  name: 'two',
  vpcId: 'vpc-1',
  ingress: rules,
  egress: rules,
});

describe('a connection is let in', () => {
  it.each<[string, Partial<TrafficRule>, number, 'yes' | 'no' | 'unknown']>([
    ['by a rule for its group, on the first port', {}, 8080, 'yes'],
    ['on the last port', {}, 8090, 'yes'],
    ['not below the ports', {}, 8079, 'no'],
    ['not above them', {}, 8091, 'no'],
    ['not over UDP', { protocol: 'udp' }, 8080, 'no'],
    ['over every protocol, whatever the ports say', { protocol: '-1', fromPort: undefined, toPort: undefined }, 22, 'yes'],
    ['over TCP by its number', { protocol: '6' }, 8080, 'yes'],
    ['not by a rule for another group', { securityGroupIds: ['sg-3'] }, 8080, 'no'],
    ['from a block that holds every subnet', { securityGroupIds: [], cidrs: ['10.0.0.0/16'] }, 8080, 'yes'],
    ['not from a block that holds one of two subnets', { securityGroupIds: [], cidrs: ['10.0.0.0/24'] }, 8080, 'no'],
    ['from two blocks that hold one each', { securityGroupIds: [], cidrs: ['10.0.0.0/24', '10.0.1.0/24'] }, 8080, 'yes'],
    ['perhaps by a prefix list, which is not read', { securityGroupIds: [], prefixListIds: ['pl-1'] }, 8080, 'unknown'],
  ])('%s', (_, more, port, expected) => {
    expect(letsIn([group(rule(more))], port, PEER)).toBe(expected);
    expect(letsOut([group(rule(more))], port, PEER)).toBe(expected);
  });

  it('by no group at all, or from an address that is not known, it is not', () => {
    expect(letsIn([], 8080, PEER)).toBe('no');
    const open = group(rule({ securityGroupIds: [], cidrs: ['0.0.0.0/0'] }));
    expect(letsIn([open], 8080, { securityGroupIds: ['sg-9'], cidrs: [] })).toBe('no');
  });

  it('by any one of several groups', () => {
    expect(letsIn([group(), group(rule({}))], 8080, PEER)).toBe('yes');
  });
});

test.each([
  ['0.0.0.0/0', '255.255.255.255', true],
  ['10.0.0.0/8', '10.255.255.255/32', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.0/24', '10.0.0.0/16', false],
  ['192.168.128.0/17', '192.168.200.7', true],
  ['::/0', '10.0.0.1', false],
  ['10.0.0.0/8', '::1', false],
])('whether %s holds %s: %s', (outer, inner, expected) => {
  expect(contains(outer, inner)).toBe(expected);
});
