/**
 * One call of an AWS service of which no client is a dependency: Security Token Service and IAM,
 * each asked one or two things.
 */
import { SignatureV4 } from '@smithy/signature-v4';
import type { LambdaClient } from '@aws-sdk/client-lambda';

const TIMEOUT_MS = 10_000;

/** The part of any SDK client that says how its calls are signed. */
export type Signing = Pick<LambdaClient['config'], 'credentials' | 'sha256'>;

export interface QueryCall {
  readonly signing: Signing;
  /** As in the scope of a signature. */
  readonly service: string;
  readonly region: string;
  readonly url: URL;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** What the service answered instead. */
export class QueryRefused extends Error {
  override readonly name: string;
  /** By it bin/exit.ts knows an answer of AWS. */
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(action: string, status: number, text: string) {
    const [, code = `status ${status}`] = /<Code>([^<]+)<\/Code>/.exec(text) ?? [];
    const [, message = text.slice(0, 200)] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
    super(`${action}: ${status} ${message}`);
    this.name = code;
    this.$metadata = { httpStatusCode: status };
  }
}

/**
 * The XML that the service answers.
 * @throws QueryRefused, named by the service's own code; and what fetch throws.
 */
export async function signedQuery(call: QueryCall): Promise<string> {
  const { service, url, parameters } = call;
  const body = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  const headers = await signedHeaders(call, body);
  const answer = await fetch(new URL('/', url), { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const text = await answer.text();
  if (!answer.ok) throw new QueryRefused(new Map(parameters).get('Action') ?? service, answer.status, text);
  return text;
}

async function signedHeaders({ signing, service, region, url }: QueryCall, body: string): Promise<Record<string, string>> {
  const signer = new SignatureV4({ service, region, credentials: signing.credentials, sha256: signing.sha256 });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    path: '/',
    headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body,
  });
  return headers;
}
