/**
 * Who runs a command, as AWS sees them: what stands on record must not be whatever somebody typed.
 */
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { signedQuery } from './account/signed-query';

const PARAMETERS = [
  ['Action', 'GetCallerIdentity'],
  ['Version', '2011-06-15'],
] as const;

/**
 * The ARN of the identity whose credentials the client uses (Security Token Service API reference,
 * GetCallerIdentity: needs no permission). client-sts is no dependency: this is the one call that
 * anybody makes of it.
 * @throws when STS cannot be asked, or answers something else.
 */
export async function callerArn(
  { config }: LambdaClient,
  endpoint = process.env['AWS_ENDPOINT_URL_STS'] ?? process.env['AWS_ENDPOINT_URL'],
): Promise<string> {
  const region = await config.region();
  const url = new URL(endpoint ?? `https://sts.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}`);
  const text = await signedQuery({ signing: config, service: 'sts', region, url, parameters: PARAMETERS });
  const [, arn] = /<Arn>([^<]+)<\/Arn>/.exec(text) ?? [];
  if (arn === undefined) throw new Error(`GetCallerIdentity: ${text.slice(0, 200)}`);
  return arn;
}

/**
 * What goes on record as who asked: the name that was given, and the identity that asked. Where it
 * cannot be told that is said, and the request goes out all the same: a target must come back on a
 * day on which STS is down too.
 */
export async function signed(by: string, identity: () => Promise<string>): Promise<string> {
  try {
    return `${by} (${await identity()})`;
  } catch (error) {
    return `${by} (identity not known: ${(error instanceof Error ? error.message : String(error)).slice(0, 100)})`;
  }
}
