/**
 * What Sickbay watches. Edit this file, then `npx --no-install cdk deploy`. Every id here is a
 * made-up one: put yours. Mode `observe` measures, diagnoses and alerts, and is not even permitted
 * to remove a target.
 */
import type { ConfigInput } from './core/config';

export const config: ConfigInput = {
  // Names the stack, and is the value of the tag sickbay:enforce by which a group lets this
  // Sickbay, and no other, remove its targets.
  stack: 'Sickbay',
  mode: 'observe',
  targetGroups: [
    {
      arn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef',
      probe: {
        // A page that does what users wait for. The health check's own path is the one that stays
        // fast while users wait.
        path: '/api/cart',
        // host: 'checkout.example.com',
      },
      inspection: {
        // Where the application exposes metrics, and the ports of its databases: read on the host
        // itself.
        metricsPort: 3000,
        metricsPath: '/metrics',
        databasePorts: [5432],
      },
      // Who registers these targets: 'static' (by hand, CloudFormation, Terraform) or 'asg'. Left
      // out: never acted upon.
      owner: 'static',
    },
  ],
  // Where the prober runs: subnets that reach the targets, and a security group that the targets'
  // own one admits.
  network: {
    subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    securityGroupIds: ['sg-0123456789abcdef0'],
    // The security group of the targets: the stack makes the rule there. Without it the stack
    // prints the command. admittedBy: [{ securityGroupId: 'sg-0123456789abcdef1', port: 8080 }],
  },
  // Hosts are inspected only where the instance carries this tag. This is the default.
  inspectionTag: { key: 'sickbay:inspect', value: 'true' },
  // alarmNames: ['checkout-latency'],
  // alertEmails: ['oncall@example.com'],
};
