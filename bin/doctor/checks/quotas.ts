import type { AccountSecurityGroup } from '../../account/ec2';
import { counted } from '../../init/proposal';
import { fail, orOk, warn, type Check, type Result } from '../check';
import type { Context } from '../context';

/**
 * More target groups than this do not stand in a policy by name (lib/target-arns.ts,
 * `NAMED_AT_MOST`).
 */
export const NAMED_GROUPS = 50;

/** Inbound rules of a security group, by default (Amazon VPC user guide, quotas). */
const RULES = 60;

/**
 * Sickbay's functions that run at once: the sweep, two probers and the responder. A new account
 * may have 10 in all (Lambda developer guide, quotas).
 */
const RUN_AT_ONCE = 4;
const COMFORTABLE = 10;

export const quotas: Check = {
  name: 'quotas',
  run: async (context) => {
    const concurrency = await context.account.unreservedConcurrency();
    const found = [...policySize(context), ...(await rules(context)), ...concurrent(concurrency)];
    return orOk(
      found,
      `${counted(context.config.targetGroups.length, 'group')} in the policies by name, room in the security groups, ${concurrency} concurrent executions`,
    );
  },
};

function policySize({ config }: Context): Result[] {
  const count = config.targetGroups.filter(({ arn }) => arn !== undefined).length;
  if (count <= NAMED_GROUPS) return [];
  return [
    warn(
      `${count} target groups: more than ${NAMED_GROUPS} do not fit in IAM policies by name, so permissions rest on the tag sickbay:enforce alone`,
    ),
  ];
}

/** Each source of a permission is a rule (Amazon VPC user guide, "Security group rules"). */
function inboundRules({ ingress }: AccountSecurityGroup): number {
  return ingress.reduce((sum, rule) => sum + rule.cidrs.length + rule.securityGroupIds.length + rule.prefixListIds.length, 0);
}

async function rules(context: Context): Promise<Result[]> {
  const groups = await context.securityGroups();
  const deployed = (await context.deployed()) !== undefined;
  const { admittedBy, securityGroupIds } = context.config.network;
  const ids = [...new Set(admittedBy.map(({ securityGroupId }) => securityGroupId))];
  return ids.flatMap((id) => {
    const group = groups.get(id);
    if (group === undefined) return [fail(`there is no security group ${id} (network.admittedBy)`)];
    const there = inboundRules(group);
    const more = deployed ? 0 : admittedBy.filter(({ securityGroupId }) => securityGroupId === id).length * securityGroupIds.length;
    return there + more > RULES
      ? [warn(`${id} has ${there} inbound rules and would get ${more} more: the quota is ${RULES} unless it was raised`)]
      : [];
  });
}

function concurrent(count: number): Result[] {
  if (count >= COMFORTABLE) return [];
  const text = `${count} concurrent executions are left for functions without a reservation; Sickbay runs ${RUN_AT_ONCE} at once`;
  const command = 'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000';
  return [count < RUN_AT_ONCE ? fail(text, command) : warn(text, command)];
}
