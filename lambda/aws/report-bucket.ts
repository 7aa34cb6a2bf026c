/**
 * The bucket of the reports: one call, PutObject (S3 API reference), signed here. No client of S3
 * is a dependency otherwise.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ReportBucket } from '../report/write-report';

const TIMEOUT_MS = 10_000;

/** The part of any SDK client that says how its calls are signed. */
export type Signing = Pick<DynamoDBClient['config'], 'credentials' | 'sha256' | 'region'>;

export interface BucketPlace {
  readonly bucket: string;
  /** Its regional domain name. */
  readonly host: string;
}

/** What S3 answered instead. */
export class NotStored extends Error {
  override readonly name = 'NotStored';
}

/**
 * @param endpoint where S3 is, when it is not at the bucket's own name: the settings that every SDK
 * reads (SDKs and tools reference guide, "Service-specific endpoints"). The bucket is then in the
 * path.
 */
export function reportBucket(
  signing: Signing,
  { bucket, host }: BucketPlace,
  endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'],
): ReportBucket {
  return {
    put: async (key, page) => {
      const url = endpoint === undefined ? new URL(`https://${host}/${key}`) : new URL(`${endpoint.replace(/\/+$/, '')}/${bucket}/${key}`);
      const signer = new SignatureV4({
        service: 's3',
        region: await signing.region(),
        credentials: signing.credentials,
        sha256: signing.sha256,
        // S3 signs the path as it is sent (API reference, "Signature Calculations for the
        // Authorization Header"); each other service has it encoded once more.
        uriEscapePath: false,
      });
      const { headers } = await signer.sign({
        method: 'PUT',
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port === '' ? {} : { port: Number(url.port) }),
        path: url.pathname,
        headers: {
          host: url.host,
          'content-type': 'text/html; charset=utf-8',
          // A browser that opens it keeps nothing of it.
          'cache-control': 'no-store',
        },
        body: page,
      });
      const answer = await fetch(url, { method: 'PUT', headers, body: page, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const text = await answer.text();
      if (!answer.ok) throw new NotStored(`PutObject ${key}: ${refusalIn(answer.status, text)}`);
    },
  };
}

/** The code and message of an error's XML, or the status alone. */
function refusalIn(status: number, text: string): string {
  const [, code = ''] = /<Code>([^<]+)<\/Code>/.exec(text) ?? [];
  const [, message = ''] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  return [`status ${status}`, code, message].filter((part) => part !== '').join(' ');
}
