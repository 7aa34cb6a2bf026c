/** Where the prober runs, and who admits it. */
import * as z from 'zod/mini';
import { strict, text, list, distinct, PORT } from './values';

const SECURITY_GROUP = text(/^sg-[0-9a-f]{8,17}$/, 'a security group id, such as "sg-0123456789abcdef0"');

const admission = strict({
  securityGroupId: SECURITY_GROUP,
  /** On which the targets are probed. */
  port: PORT,
});

export const network = strict({
  subnetIds: distinct(text(/^subnet-[0-9a-f]{8,17}$/, 'a subnet id, such as "subnet-0123456789abcdef0"'), 1, 16, 'subnet ids'),
  securityGroupIds: distinct(SECURITY_GROUP, 1, 5, 'security group ids'),
  /**
   * Whether the prober may reach IPv6 addresses. Lambda demands that every subnet then has both
   * IPv4 and IPv6.
   */
  ipv6: z._default(z.boolean({ error: 'true or false' }), false),
  /** Security groups of the targets in which the stack makes the rule that admits the prober. */
  admittedBy: z._default(
    list(admission, 0, 50, 'security groups with a port').check(
      z.refine((rules) => new Set(rules.map(({ securityGroupId, port }) => `${securityGroupId} ${port}`)).size === rules.length, {
        error: 'each security group once with each port',
      }),
    ),
    [],
  ),
});
