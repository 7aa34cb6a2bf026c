/**
 * Who runs a command, as AWS sees them: what stands on record must not be whatever somebody typed.
 */
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { SignatureV4 } from '@smithy/signature-v4';

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
const TIMEOUT_MS = 10_000;

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
  const signer = new SignatureV4({ service: 'sts', region, credentials: config.credentials, sha256: config.sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: '/',
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: BODY,
  });
  const answer = await fetch(new URL('/', url), { method: 'POST', headers, body: BODY, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await answer.text();
  const [, arn] = /<Arn>([^<]+)<\/Arn>/.exec(text) ?? [];
  if (!answer.ok || arn === undefined) throw new Error(`GetCallerIdentity: ${answer.status} ${text.slice(0, 200)}`);
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
