/** Target groups and rounds for tests: whole ones, of which a test names what it is about. */
import type { ListedGroup, Round, TargetGroup } from '../../core/model';

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

/** A scheduled round at time 0 in which nothing was measured and nothing found. */
export function roundOf(fields: Partial<Round> = {}): Round {
  const { groupArn = 'g' } = fields;
  return {
    v: 1,
    groupArn,
    startedAt: 0,
    endedAt: 0,
    trigger: 'schedule',
    group: groupOf({ arn: groupArn }),
    lbView: [],
    addresses: {},
    samples: {},
    fleet: 'none',
    says: '',
    verdicts: [],
    record: 'r',
    notes: [],
    ...fields,
  };
}
