/**
 * Asks IAM's rules, as @cloud-copilot/iam-simulate has them, about the roles of a synthesised
 * template.
 */
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from '../../lab/boot/assembly';
import type { RoleDescription } from '../../lab/boot/descriptions';

/**
 * Whether the role's own policies allow an action on a resource, in a context of condition keys.
 * @throws when the question makes no sense to IAM.
 */
export async function allowed(
  role: RoleDescription,
  action: string,
  resource: string,
  context: Readonly<Record<string, string | string[]>> = {},
): Promise<boolean> {
  const outcome = await runSimulation(
    {
      request: { principal: role.arn, action, resource: { resource, accountId: ACCOUNT }, contextVariables: context },
      identityPolicies: role.policies.map(({ name, document }) => ({ name, policy: document })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (outcome.resultType === 'error') throw new Error(JSON.stringify(outcome.errors));
  return outcome.overallResult === 'Allowed';
}
