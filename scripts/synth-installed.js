/**
 * Synthesises Sickbay in an app that has the packed package installed, with the configuration of an
 * example:
 *
 *     node scripts/synth-installed.js APP_DIRECTORY
 *
 * test/lib/package.test.ts does the same without a registry.
 */
const { createRequire } = require('node:module');
const path = require('node:path');

const app = path.resolve(process.argv[2] ?? '.');
const inApp = createRequire(path.join(app, 'index.js'));
const { App } = inApp('aws-cdk-lib');
const { SickbayStack } = inApp('sickbay');

const config = {
  targetGroups: [
    {
      arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef',
      probe: { path: '/api/cart' },
      owner: 'static',
    },
  ],
  network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
};
const assembly = new App({ outdir: path.join(app, 'cdk.out') });
const { stackName } = new SickbayStack(assembly, 'Sickbay', { config });
assembly.synth();
console.log(`synthesised ${stackName} into ${path.join(app, 'cdk.out')}`);
