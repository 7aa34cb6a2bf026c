import { principalOf, type Evaluation } from '../../account/iam';
import { isDenied } from '../../account/unread';
import { listed } from '../../init/proposal';
import { fail, ok, orOk, warn, type Check, type Result } from '../check';
import type { Context } from '../context';

/** What these commands read. */
const READS = [
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeListeners',
  'elasticloadbalancing:DescribeRules',
  'elasticloadbalancing:DescribeTags',
  'elasticloadbalancing:DescribeTargetGroupAttributes',
  'elasticloadbalancing:DescribeTargetGroups',
  'elasticloadbalancing:DescribeTargetHealth',
  'autoscaling:DescribeAutoScalingGroups',
  'autoscaling:DescribeAutoScalingInstances',
  'cloudwatch:DescribeAlarms',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'lambda:GetAccountSettings',
  'lambda:GetFunction',
  'lambda:GetFunctionConfiguration',
  'ssm:DescribeInstanceInformation',
];

/** And where a service of ECS is declared. */
const SERVICE_READS = [
  'ecs:DescribeServices',
  'ecs:ListTasks',
  'ecs:DescribeTasks',
  'ecs:GetTaskProtection',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeTaskDefinition',
];

/**
 * The roles that `cdk deploy` takes on (CDK developer guide, "Bootstrapping", default synthesizer).
 */
const DEPLOYS_BY = ['deploy-role', 'file-publishing-role', 'lookup-role'];
const QUALIFIER = 'hnb659fds';

/** What a denied simulation is worth, in every line that tells of one. */
const MEANING =
  'a simulation sees policies of your identity and its boundary, not those of the resource or of your session: what it denies may be allowed by those, and what it allows may be denied';

/** By simulation: nothing is called. */
export const permissions: Check = {
  name: 'permissions',
  run: async (context) => {
    try {
      return await simulated(context);
    } catch (error) {
      if (!isDenied(error)) throw error;
      return [warn('not permitted: iam:SimulatePrincipalPolicy; lost: what you may do is not known before it is tried')];
    }
  },
};

async function simulated({ account, identity, config }: Context): Promise<readonly Result[]> {
  const { arn, account: number, region } = await identity();
  const iam = await account.iam();
  const principal = await principalOf(arn, iam);
  if (principal === undefined) return [ok('the root user: no policy limits it')];
  const partition = arn.split(':')[1] ?? 'aws';
  const roles = DEPLOYS_BY.map((role) => `arn:${partition}:iam::${number}:role/cdk-${QUALIFIER}-${role}-${number}-${region}`);
  const actions = [...READS, ...(config.targetGroups.some(({ ecs }) => ecs !== undefined) ? SERVICE_READS : [])];
  const [reads, deploys] = await Promise.all([iam.simulate(principal, actions), iam.simulate(principal, ['sts:AssumeRole'], roles)]);
  return orOk(
    [...denials(reads, 'reading the account'), ...denials(deploys, "deploying (or administrators' own credentials)")],
    `a simulation of ${principal.split('/').pop()} allows to read the account and to take on the roles that deploy`,
  );
}

function denials(evaluations: readonly Evaluation[], what: string): Result[] {
  const of = (decision: Evaluation['decision']): string[] =>
    evaluations
      .filter((one) => one.decision === decision)
      .map(({ action, resource }) => (resource === '*' ? action : `${action} on ${resource}`));
  const [explicit, implicit] = [of('explicitDeny'), of('implicitDeny')];
  return [
    ...(explicit.length === 0 ? [] : [fail(`for ${what} a policy denies ${listed(explicit)}; ${MEANING}`)]),
    ...(implicit.length === 0 ? [] : [warn(`for ${what} no policy allows ${listed(implicit)}; ${MEANING}`)]),
  ];
}
