import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployedConfig } from '../../lambda/aws/environment';
import { CONFIG_FILE, ENV } from '../../lambda/contract';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
const OTHER = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/search/fedcba9876543210';
const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };

describe('a configuration with values that are known only when deployed', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'sickbay-config-'))));
  afterEach(() => {
    rmSync(directory, { recursive: true });
    delete process.env[ENV.deployTimeValues];
  });

  const read = (targetGroups: unknown, values?: unknown) => {
    writeFileSync(path.join(directory, CONFIG_FILE), JSON.stringify({ targetGroups, network }));
    if (values !== undefined) process.env[ENV.deployTimeValues] = typeof values === 'string' ? values : JSON.stringify(values);
    return deployedConfig(directory).targetGroups.map(({ arn }) => arn);
  };

  it('is read with each value in its place', () => {
    expect(read([{ arn: { deployTime: 1 } }, { arn: { deployTime: 0 } }], [ARN, OTHER])).toEqual([OTHER, ARN]);
  });

  it('without any is read as it is written', () => {
    expect(read([{ arn: ARN }])).toEqual([ARN]);
  });

  it.each<[string, unknown, RegExp]>([
    ['the list is missing', undefined, /value 0 of 0 known at deploy time is missing/],
    ['the list is shorter', [], /value 0 of 0/],
    ['a value is empty', [''], /value 0 of 1/],
    ['a value is no text', [7], /value 0 of 1/],
    ['the list is none', { 0: ARN }, /are no list/],
    ['the list is no JSON', '["arn', /JSON/],
    [
      'a value is no ARN of a target group',
      ['arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/x/1'],
      /^targetGroups\[0\]\.arn: got /,
    ],
  ])('the function does not start where %s', (_, values, message) => {
    expect(() => read([{ arn: { deployTime: 0 } }], values)).toThrow(message);
  });

  it('the function does not start where two values are one target group', () => {
    expect(() => read([{ arn: { deployTime: 0 } }, { arn: ARN }], [ARN])).toThrow('each target group or tag once');
  });

  it('the function does not start where a value is of another account or Region', () => {
    expect(() => read([{ arn: { deployTime: 0 } }, { arn: ARN }], [OTHER.replace('us-east-1', 'eu-west-1')])).toThrow(
      'one account and Region',
    );
  });

  it('a value stands in place of an ARN only, and of nothing that is written beside it', () => {
    expect(() => read([{ arn: { deployTime: 0, more: 1 } }], [ARN])).toThrow(/^targetGroups\[0\]\.arn: got \{"deployTime":0,"more":1\}/);
  });
});
