/** A stack in China or GovCloud names nothing of the partition `aws`. */
import type { ConfigInput } from '../../core/config';
import { CONFIG, STOPPING, removeDirectories, synthesise } from './synthesised';

// A synthesis takes a few seconds; this is only to end one that hangs.
jest.setTimeout(120_000);
afterAll(removeDirectories);

/** Everything that may be switched on. */
const EVERYTHING: ConfigInput = {
  ...STOPPING,
  targetGroups: [
    ...STOPPING.targetGroups,
    ...CONFIG.targetGroups.map((group) => ({
      ...group,
      arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/tasks/00000000000000aa',
      owner: 'ecs' as const,
      ecs: { cluster: 'shop', service: 'checkout' },
    })),
    ...CONFIG.targetGroups.map((group) => ({
      ...group,
      arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/scaled/00000000000000bb',
      owner: 'asg' as const,
    })),
  ],
  operators: ['arn:aws:iam::123456789012:role/operators'],
};

/** Every place of a value that names the partition `aws`, in an ARN or by its console. */
function placesIn(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value === 'string') return /arn:aws:|console\.aws\.amazon/.test(value) ? [`${path.join('.')}: ${value.slice(0, 200)}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => placesIn(part, [...path, key]));
}

test.each([
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('of %s', (partition, region) => {
  const there = JSON.stringify(EVERYTHING).replaceAll('arn:aws:', `arn:${partition}:`).replaceAll('us-east-1', region);
  const { template } = synthesise(JSON.parse(there) as ConfigInput);
  expect(placesIn(template.toJSON())).toEqual([]);
});
