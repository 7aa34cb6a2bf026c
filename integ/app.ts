/** CDK entry of the fleet: the story on EC2. Deployed by integ/run.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App } from 'aws-cdk-lib';
import { FleetStack } from './fleet-stack';
import { FLEET_STACK } from './outputs';
import { bundleShop } from './shop';

/** The fleet's stack, with the shop bundled into a directory of its own. */
export function fleet(app: App): FleetStack {
  const shopDir = mkdtempSync(path.join(tmpdir(), 'sickbay-integ-'));
  try {
    bundleShop(shopDir);
    return new FleetStack(app, FLEET_STACK, { shopDir, description: 'Integration test of Sickbay: four hosts, a database and users' });
  } finally {
    rmSync(shopDir, { recursive: true }); // the stack has staged its copy
  }
}

if (require.main === module) fleet(new App());
