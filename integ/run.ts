/**
 * The integration test in a real account: deploys the story's fleet and Sickbay beside it, begins
 * the incident by Systems Manager, and asserts that the sick target alone is taken out and comes
 * back when the cause is gone. Costs about two dollars and 45 to 75 minutes, and up to 75 more at
 * the end, when both stacks are deleted whatever happened: Lambda lets go of the prober's network
 * interfaces late.
 *
 *     npm run integ                  needs credentials, a Region and a bootstrapped account (npx --no-install cdk bootstrap)
 *     npm run integ -- --keep        leaves both stacks, to look at
 *
 * Exit: 0 every assertion holds, 1 one does not or something failed, 2 usage.
 */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SSMClient } from '@aws-sdk/client-ssm';
import { fleetOutputs, type FleetOutputs } from './outputs';
import { BEGIN_INCIDENT, END_INCIDENT } from './shop';
import { sickbayConfig } from './sickbay-config';
import { cdk, onHost, targetStates, until } from './steps';
import { tearDown } from './teardown';

const FLEET_APP = ['--app', 'node --require tsx/cjs integ/app.ts', '--output', 'cdk.out.integ'];
const DEPLOY = { timeoutMs: 30 * 60_000 };
const QUIET = ['--require-approval', 'never', '--ci'];

/** The judge wants rounds of the fleet's own past before it convicts. */
const BASELINE_MINUTES = 10;

async function deployFleet(directory: string): Promise<FleetOutputs> {
  const file = path.join(directory, 'outputs.json');
  await cdk(DEPLOY, 'deploy', ...FLEET_APP, ...QUIET, '--outputs-file', file);
  return fleetOutputs(JSON.parse(readFileSync(file, 'utf8')));
}

const configIn = (directory: string): string => path.join(directory, 'config.json');

function sickbayApp(directory: string): string[] {
  return ['--context', `config=${configIn(directory)}`, '--output', 'cdk.out.integ-sickbay'];
}

async function deploySickbay(directory: string, fleet: FleetOutputs): Promise<void> {
  writeFileSync(configIn(directory), JSON.stringify(sickbayConfig(fleet), null, 2));
  await cdk(DEPLOY, 'deploy', ...sickbayApp(directory), ...QUIET);
}

/** Everybody but the sick one, at every look: what happens to them at any time fails the test. */
function othersStay(states: ReadonlyMap<string, string>, fleet: FleetOutputs): void {
  const others = fleet.InstanceIds.split(',').filter((id) => id !== fleet.SickInstanceId);
  const gone = others.filter((id) => states.get(id) !== 'healthy');
  if (gone.length > 0) throw new Error(`other targets were touched: ${gone.map((id) => `${id} is ${states.get(id) ?? 'out'}`).join(', ')}`);
}

async function incident(fleet: FleetOutputs): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client();
  const ssm = new SSMClient();
  const look = () => targetStates(elb, fleet.TargetGroupArn);
  await until('four healthy targets', 15, async () => {
    const states = [...(await look()).values()];
    return { done: states.length === 4 && states.every((state) => state === 'healthy'), seen: states.join(', ') };
  });
  const baselineEnds = Date.now() + BASELINE_MINUTES * 60_000;
  await until('rounds of a healthy fleet', BASELINE_MINUTES + 1, async () => {
    othersStay(await look(), fleet);
    return { done: Date.now() >= baselineEnds, seen: 'nobody was touched' };
  });
  await onHost(ssm, fleet.SickInstanceId, BEGIN_INCIDENT);
  await until('the sick target to be taken out', 15, async () => {
    const states = await look();
    othersStay(states, fleet);
    const state = states.get(fleet.SickInstanceId) ?? 'out';
    return { done: state === 'draining' || state === 'out', seen: state };
  });
  await onHost(ssm, fleet.SickInstanceId, END_INCIDENT);
  await until('the target to be restored', 20, async () => {
    const states = await look();
    othersStay(states, fleet);
    const state = states.get(fleet.SickInstanceId) ?? 'out';
    return { done: state === 'healthy', seen: state };
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
  const directory = mkdtempSync(path.join(tmpdir(), 'sickbay-integ-'));
  try {
    const fleet = await deployFleet(directory);
    await deploySickbay(directory, fleet);
    await incident(fleet);
    console.log('ok  the sick target alone was ejected, and restored');
  } catch (error) {
    // A deletion that fails as well must not hide it.
    console.error(error);
    throw error;
  } finally {
    if (!values.keep) await destroy(directory);
  }
}

async function destroy(directory: string): Promise<void> {
  const within = (minutes: number) => ({ timeoutMs: minutes * 60_000 });
  await tearDown({
    // Without its configuration it was never deployed.
    destroySickbay: async (minutes) =>
      existsSync(configIn(directory)) ? cdk(within(minutes), 'destroy', ...sickbayApp(directory), '--force') : undefined,
    destroyFleet: (minutes) => cdk(within(minutes), 'destroy', ...FLEET_APP, '--force'),
    now: () => Date.now() / 60_000,
    sleep: (minutes) => sleep(minutes * 60_000),
  });
}

if (require.main === module) {
  main().catch((error: unknown) => {
    const isUsage = error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
    console.error(isUsage ? `integ: ${error.message.split('. ')[0]}; allowed: --keep` : error);
    process.exitCode = isUsage ? 2 : 1;
  });
}
