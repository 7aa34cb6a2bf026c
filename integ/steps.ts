/**
 * What the integration test does to the account and sees of it: commands on hosts, target health,
 * deployments.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeTargetHealthCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { SendCommandCommand, waitUntilCommandExecuted, type SSMClient } from '@aws-sdk/client-ssm';

const ROOT = path.join(__dirname, '..');
const CDK = path.join(ROOT, 'node_modules', '.bin', 'cdk');
const LOOK_MS = 5_000;

/**
 * Runs the CDK CLI and waits for it. @throws with what it wrote, or when its time is over; what
 * CloudFormation does goes on.
 */
export async function cdk({ timeoutMs }: { readonly timeoutMs: number }, ...argv: readonly string[]): Promise<void> {
  await promisify(execFile)(CDK, [...argv], { cwd: ROOT, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 });
}

/**
 * Runs a script as root on one host, by Systems Manager. @throws when it does not end well within
 * two minutes.
 */
export async function onHost(client: SSMClient, instanceId: string, script: readonly string[]): Promise<void> {
  const { Command } = await client.send(
    new SendCommandCommand({ InstanceIds: [instanceId], DocumentName: 'AWS-RunShellScript', Parameters: { commands: [...script] } }),
  );
  await waitUntilCommandExecuted({ client, maxWaitTime: 120 }, { CommandId: Command?.CommandId, InstanceId: instanceId });
}

/** The state of each target that the load balancer still has, by instance id. */
export async function targetStates(client: ElasticLoadBalancingV2Client, targetGroupArn: string): Promise<Map<string, string>> {
  const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }));
  return new Map(TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth?.State ?? 'unknown']));
}

/**
 * Looks every few seconds until `look` says so. @throws after `minutes`, with what was seen last.
 */
export async function until(
  what: string,
  minutes: number,
  look: () => Promise<{ readonly done: boolean; readonly seen: string }>,
): Promise<void> {
  console.log(`waiting for ${what}, at most ${minutes} minutes`);
  const end = Date.now() + minutes * 60_000;
  for (;;) {
    const { done, seen } = await look();
    if (done) return console.log(`  ${what}: ${seen}`);
    if (Date.now() > end) throw new Error(`${what}: not within ${minutes} minutes; seen last: ${seen}`);
    await sleep(LOOK_MS);
  }
}
