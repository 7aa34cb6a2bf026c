/** Target groups: whole ones, of which a test names what it is about. */
import type { ListedGroup, TargetGroup } from '../../core/model';

export const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef';
/** Other groups of the same account: one on another port of the same instances, one beside it. */
export const INTERNAL = GROUP.replace('/checkout/', '/internal/');
export const SEARCH = GROUP.replace('/checkout/', '/search/');

/** An HTTP group of instances on port 80, with nothing set that need not be. */
export function groupOf(fields: Partial<TargetGroup> = {}): TargetGroup {
  return { ...listedGroupOf(fields), attributes: {}, loadBalancers: [], ...fields };
}

/** The same as it is listed, behind no load balancer. */
export function listedGroupOf(fields: Partial<ListedGroup> = {}): ListedGroup {
  return {
    arn: 'g',
    name: 'g',
    protocol: 'HTTP',
    port: 80,
    targetType: 'instance',
    healthCheck: { protocol: 'HTTP', port: 'traffic-port', path: '/health', timeoutS: 5, intervalS: 30 },
    tags: {},
    loadBalancerArns: [],
    ...fields,
  };
}
