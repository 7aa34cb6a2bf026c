import type { ListedGroup } from '../../core/model';
import { isBehind, type AlarmDetail } from '../../lambda/discover/alarm';
import { listedGroupOf } from '../builders/groups';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const BALANCER = 'app/checkout/0123456789abcdef';
const GROUP = 'targetgroup/cart/0123456789abcdef';

function group(name: string, balancers: readonly string[]): ListedGroup {
  const loadBalancerArns = balancers.map((balancer) => `${ARN}:loadbalancer/${balancer}`);
  return listedGroupOf({ arn: `${ARN}:targetgroup/${name}/0123456789abcdef`, loadBalancerArns });
}

const cart = group('cart', [BALANCER]);
const search = group('search', [BALANCER]);
const mail = group('mail', ['app/mail/0123456789abcdef']);

function about(...dimensions: Readonly<Record<string, string>>[]): string[] {
  return named({ configuration: { metrics: dimensions.map((entry) => ({ metricStat: { metric: { dimensions: entry } } })) } });
}

function named(detail: AlarmDetail): string[] {
  return [cart, search, mail].filter(isBehind({ detail })).map(({ arn }) => arn.split('/')[1] ?? '');
}

test('an alarm on a load balancer is about the groups behind it', () => {
  expect(about({ LoadBalancer: BALANCER })).toEqual(['cart', 'search']);
});

test('an alarm on one group of a load balancer is about that group alone', () => {
  expect(about({ LoadBalancer: BALANCER, TargetGroup: GROUP })).toEqual(['cart']);
});

test('an alarm on several metrics is about whatever one of them names', () => {
  expect(about({ TargetGroup: GROUP }, { LoadBalancer: 'app/mail/0123456789abcdef' }, {})).toEqual(['cart', 'mail']);
});

test('an alarm on a load balancer that no group stands behind is about nobody', () => {
  expect(about({ LoadBalancer: 'app/other/0123456789abcdef' })).toEqual([]);
  expect(about({ LoadBalancer: 'checkout/0123456789abcdef' })).toEqual([]);
});

test('an alarm that names no load balancer is about every group', () => {
  expect(about({ QueueName: 'orders' })).toEqual(['cart', 'search', 'mail']);
  expect(named({ configuration: { alarmRule: 'ALARM(a)' } })).toHaveLength(3);
  expect(named({})).toHaveLength(3);
});
