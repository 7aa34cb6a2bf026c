/** Where an alert leads: the console of the partition, and nowhere else. */
import { linksOf, placeOf } from '../../../core/report/links';
import { TARGET } from '../../builders/targets';

const group = (partition: string, region: string) =>
  `arn:${partition}:elasticloadbalancing:${region}:123456789012:targetgroup/checkout/0123456789abcdef`;
const links = (groupArn: string, target = { ...TARGET, id: 'i-0123456789abcdef0' }) =>
  linksOf(
    { id: 'case-1', groupArn, target },
    { stack: 'Sickbay', runbookUrl: 'https://wiki.example.com/runbook.md', reportsBucket: 'b' },
    'Page',
  );

describe.each([
  ['aws', 'eu-central-1', 'https://eu-central-1.console.aws.amazon.com/'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
  ['aws-us-gov', 'us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
])('in the partition %s', (partition, region, origin) => {
  it('every page is of the console there', () => {
    const { runbook, ...pages } = links(group(partition, region));
    expect(runbook).toBe('https://wiki.example.com/runbook.md#page');
    expect(Object.keys(pages).sort()).toEqual(['dashboard', 'instance', 'report', 'session', 'targetGroup']);
    for (const page of Object.values(pages)) expect(page.startsWith(origin)).toBe(true);
  });

  it('the place is that of the target group', () => {
    expect(placeOf(group(partition, region))).toEqual({ partition, region, account: '123456789012' });
  });
});

it('of a partition whose console is not known there is the runbook alone', () => {
  expect(links(group('aws-iso', 'us-iso-east-1'))).toEqual({ runbook: 'https://wiki.example.com/runbook.md#page' });
});

it('behind an address nobody is linked as an instance', () => {
  const { instance, session } = links(group('aws', 'us-east-1'), { id: 'fd00::1', port: 8080 });
  expect([instance, session]).toEqual([undefined, undefined]);
});
