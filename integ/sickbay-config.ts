import type { ConfigInput } from '../core/config';
import { SICKBAY_STACK, type FleetOutputs } from './outputs';

/**
 * An operator's configuration for the fleet, with every default: what is tested is what is
 * deployed.
 */
export function sickbayConfig(fleet: FleetOutputs): ConfigInput {
  return {
    stack: SICKBAY_STACK,
    mode: 'enforce',
    targetGroups: [
      {
        arn: fleet.TargetGroupArn,
        probe: { path: '/api/cart' },
        inspection: { metricsPort: 8080, databasePorts: [5432] },
        owner: 'static',
      },
    ],
    network: {
      subnetIds: fleet.SubnetIds.split(','),
      securityGroupIds: [fleet.ProberSecurityGroupId],
    },
    latencyAlarms: [{ loadBalancer: fleet.LoadBalancer, thresholdMs: 1500 }],
  };
}
