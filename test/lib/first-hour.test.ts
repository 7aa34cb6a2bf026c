/** What `init` writes for an account of the lab is what the deployment takes. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { NAMED_GROUPS } from '../../bin/doctor/checks/quotas';
import { loadAssembly } from '../../lab/boot/assembly';
import { NAMED_AT_MOST } from '../../lib/target-arns';
import { openRig, type Rig } from '../bin/account-rig';
import { ROOT } from '../bin/command-process';
import { directory, handlersDir, removeDirectories } from './synthesised';

jest.setTimeout(180_000);

let rig: Rig;
beforeEach(async () => void (rig = await openRig()));
afterEach(() => rig.close());
afterAll(removeDirectories);

test('init writes TypeScript that loads, is valid and synthesises, in the account and Region that it read', async () => {
  const made = await rig.sickbay(['init', '--yes', '--path', '/cart', '--stack', 'Shop', '--out', 'shop.config.ts']);
  expect(made).toMatchObject({ status: 0 });
  const outdir = directory();
  const context = { handlers: handlersDir(), config: path.join(rig.directory, 'shop.config.ts') };
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_VALIDATION: 'false' };
  const synth = spawnSync(process.execPath, ['--require', 'tsx/cjs', 'bin/app.ts'], { cwd: ROOT, env, encoding: 'utf8' });
  expect({ status: synth.status, stderr: synth.stderr }).toMatchObject({ status: 0 });
  expect(loadAssembly(outdir)).toMatchObject({ stackName: 'Shop', account: '123456789012', region: 'us-east-1' });
});

test('doctor tells of too many groups for a policy where the construct stops naming them', () => {
  expect(NAMED_GROUPS).toBe(NAMED_AT_MOST.arns);
});
