import type { IncomingHttpHeaders } from 'node:http';
import type { AwsError } from '../world/aws-error';
import type { ErrorShape, OperationShape, ServiceShapes } from './schemas';

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** One AWS protocol, seen from the server. */
export interface WireProtocol {
  /** The codes that this protocol's services answer to a key or an operation they do not know. */
  readonly codes: { readonly unknownKey: string; readonly unknownOperation: string };
  /** The operation the request names; undefined when it names none. */
  operationName(request: WireRequest): string | undefined;
  read(operation: OperationShape, request: WireRequest): Promise<unknown>;
  write(operation: OperationShape, output: object, requestId: string): WireResponse;
  error(error: AwsError, requestId: string): WireResponse;
}

export type ProtocolOf = (shapes: ServiceShapes) => WireProtocol;

/**
 * The service's model of an error code, found by its class name or its query code; one that is not
 * modelled is a client error.
 */
export function errorShapeOf(shapes: ServiceShapes, error: AwsError): ErrorShape {
  const modelled = shapes.errors.find((shape) => shape.name === error.code || shape.queryCode === error.code);
  const shape = modelled ?? { name: error.code, queryCode: error.code, status: 400, messageMember: 'message' };
  return error.httpStatus === undefined ? shape : { ...shape, status: error.httpStatus };
}
