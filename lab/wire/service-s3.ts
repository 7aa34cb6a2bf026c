import { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../world/aws-error';
import type { PutObject } from '../world/s3';
import type { World } from '../world/world';
import type { WireProtocol, WireRequest } from './protocol';
import { escapeXml } from './protocol-query';
import type { OperationShape } from './schemas';
import type { Service } from './service';

/** No client of S3 is here to describe its shapes: what is read is what the world takes. */
const DOCUMENT = 15;
const shapeOf = (name: string): OperationShape => ({
  name,
  input: () => NormalizedSchema.of(DOCUMENT),
  output: () => NormalizedSchema.of(DOCUMENT),
  http: ['PUT', '/{Bucket}/{Key+}', 200],
});

/** `/bucket/key`: path-style requests (S3 user guide, "Path-style requests"). */
const OBJECT = /^\/([^/]+)\/(.+)$/;

/** Of restXml what one operation needs: the object in the body, errors as XML. */
const protocol: WireProtocol = {
  codes: { unknownKey: 'InvalidAccessKeyId', unknownOperation: 'NotImplemented' },
  operationName: ({ method, path }) => (method === 'PUT' && OBJECT.test(path) ? 'PutObject' : undefined),
  read: async (_, request): Promise<PutObject> => {
    const [, bucket = '', key = ''] = OBJECT.exec(request.path) ?? [];
    const [type, sha256] = [header(request, 'content-type'), header(request, 'x-amz-content-sha256')];
    return {
      Bucket: bucket,
      Key: decodeURIComponent(key),
      Body: request.body,
      ...(type === undefined ? {} : { ContentType: type }),
      ...(sha256 === undefined ? {} : { sha256 }),
    };
  },
  write: (_, output) => ({ status: 200, headers: { etag: String((output as { ETag?: string }).ETag) }, body: '' }),
  error: (error: AwsError, requestId) => ({
    status: error.httpStatus ?? 400,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message><RequestId>${requestId}</RequestId></Error>`,
  }),
};

function header({ headers }: WireRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function s3Service({ s3 }: World): Service {
  return {
    signingName: 's3',
    iamPrefix: 's3',
    sdkName: 's3',
    protocol,
    shapes: new Map([['PutObject', shapeOf('PutObject')]]),
    operations: {
      PutObject: {
        mutating: true,
        resources: ({ Bucket, Key }: PutObject) => [`arn:aws:s3:::${Bucket}/${Key}`],
        run: (input: PutObject) => s3.putObject(input),
      },
    },
  };
}
