import { JsonCodec2 } from '@smithy/core/protocols';
import type { AwsError } from '../world/aws-error';
import { errorShapeOf, type ProtocolOf } from './protocol';

/** 7: epoch seconds, the default timestamp format of JSON bodies (Smithy, awsJson protocols). */
const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: false });

/** The codes of both JSON protocols. */
export const JSON_CODES = { unknownKey: 'UnrecognizedClientException', unknownOperation: 'UnknownOperationException' };

/** awsJson 1.0 and 1.1: the operation in X-Amz-Target, JSON in and out. */
export function jsonProtocol(version: '1.0' | '1.1'): ProtocolOf {
  const headers = { 'content-type': `application/x-amz-json-${version}` };
  return (shapes) => ({
    codes: JSON_CODES,
    operationName: (request) => header(request.headers['x-amz-target'])?.split('.').pop(),
    read: async (operation, request) =>
      request.body.length === 0 ? {} : codec.createDeserializer().read(operation.input(), request.body.toString()),
    write: (operation, output) => {
      if (operation.output().isUnitSchema()) return { status: 200, headers, body: '{}' };
      const serializer = codec.createSerializer();
      serializer.write(operation.output(), output);
      return { status: 200, headers, body: serializer.flush() };
    },
    error: (error: AwsError) => {
      const shape = errorShapeOf(shapes, error);
      // Services that moved from the query protocol still name its code in a header (Smithy,
      // awsQueryCompatible trait).
      const queryError = { 'x-amzn-query-error': `${shape.queryCode};${shape.status >= 500 ? 'Receiver' : 'Sender'}` };
      const body = JSON.stringify({ __type: shape.name, [shape.messageMember]: error.message });
      return { status: shape.status, headers: { ...headers, ...queryError }, body };
    },
  });
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
