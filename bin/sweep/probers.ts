/** Where a sweep measures from. */
import { SSMClient } from '@aws-sdk/client-ssm';
import { clock } from '../../lambda/aws/clock';
import * as clients from '../../lambda/aws/clients';
import { functionProber } from '../../lambda/aws/functions';
import { inspectWith, type Order } from '../../lambda/aws/run-command';
import { describeInstances } from '../../lambda/aws/managed-instances';
import { probeRound } from '../../lambda/probe/round';
import type { Prober } from '../../lambda/ports';
import { CommandError, EXIT } from '../exit';
import { curlReport, curlScript } from './curl-script';

/** This machine, with the code of the deployed prober. */
export const fromHere: Prober = { probe: (plan) => probeRound(plan) };

/** The deployed prober, inside the VPC. */
export function byFunction(name: string): Prober {
  return functionProber(clients.functions(), name);
}

/** Delivery to an agent that polls. */
const DELIVERY_MS = 30_000;

/**
 * A managed instance, by curl over Run Command.
 * @throws CommandError where Systems Manager cannot reach it
 */
export async function byHost(id: string): Promise<Prober> {
  const client = new SSMClient({});
  const instance = (await describeInstances(client, [id])).get(id);
  if (instance?.online !== true)
    throw new CommandError(
      `--via: ${id} ${instance === undefined ? 'is not known to Systems Manager' : 'has an SSM agent that is offline'}; name an instance that "aws ssm describe-instance-information" lists as Online`,
      EXIT.lacking,
    );
  return {
    probe: async (plan) => {
      const { script, limitS } = curlScript(plan);
      const order: Order = {
        document: 'AWS-RunShellScript',
        version: '$DEFAULT',
        parameters: { commands: [script], executionTimeout: [String(limitS)] },
      };
      const startedAt = clock.now();
      const inspector = { client, clock, log: () => undefined };
      const [capture] = await inspectWith(inspector, order, [id], limitS * 1000 + DELIVERY_MS);
      if (capture === undefined || !('stdout' in capture)) throw new Error(capture?.notInspectable ?? 'no answer');
      return curlReport(plan, capture.stdout, startedAt, clock.now());
    },
  };
}
