/**
 * Every target group with a tag, those of later among them: a team's, and the rest with fewer
 * claims. An entry with an ARN would go before both.
 *
 *     npx --no-install cdk deploy --app "node --require tsx/cjs examples/many-groups-by-tag.ts"
 */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
// In an app of your own: from 'sickbay'.
import { Sickbay, type SickbayProps } from '../lib';

export class ManyGroupsByTag extends Stack {
  constructor(scope: Construct, id: string, { handlersDir, ...props }: StackProps & Pick<SickbayProps, 'handlersDir'> = {}) {
    super(scope, id, { env: { account: '123456789012', region: 'us-east-1' }, ...props });
    new Sickbay(this, 'Sickbay', {
      ...(handlersDir === undefined ? {} : { handlersDir }),
      config: {
        stack: 'Platform',
        targetGroups: [
          { tag: { key: 'team', value: 'checkout' }, probe: { path: '/api/cart' }, owner: 'asg', minHealthy: 3 },
          // Without a probe path the health check's is measured, and nothing is ever removed.
          { tag: { key: 'sickbay', value: 'watch' } },
        ],
        network: {
          subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
          securityGroupIds: ['sg-0123456789abcdef0'],
        },
        // Above 500 groups they take turns (docs/scale.md).
        intervalS: 60,
      },
    });
  }
}

if (require.main === module) new ManyGroupsByTag(new App(), 'Platform');
