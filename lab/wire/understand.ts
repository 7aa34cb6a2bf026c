import { AwsError } from '../world/aws-error';
import type { World } from '../world/world';
import type { AwsCall } from './calls';
import { dynamoCall, dynamoError, passOn } from './dynamo';
import type { Understood } from './perform';
import type { WireProtocol, WireRequest, WireResponse } from './protocol';
import type { CredentialScope } from './request';
import { firstFault, type OperationShape } from './schemas';
import type { Operation, Service } from './service';

export interface Origin {
  readonly world: World;
  readonly role: string;
  readonly requestId: string;
}

/** The role of a key that nobody registered. */
export const NOBODY = 'unknown';

/**
 * A call that never gets as far as an operation: from nobody we know, or to something we do not
 * have. It is logged all the same.
 */
export function refusal<T>(origin: Origin, iamPrefix: string, operation: string, error: AwsError): Understood<T> {
  return { call: callOf(origin, iamPrefix, operation, false, []), effect: () => Promise.reject(error) };
}

export function unknownKey(protocol: WireProtocol, scope: CredentialScope | undefined): AwsError {
  const key = scope?.accessKeyId ?? 'none';
  return new AwsError(protocol.codes.unknownKey, `the access key ID in the request is not known: ${key}`, 403);
}

export function notImplemented(code: string, service: string, operation: string): AwsError {
  return new AwsError(code, `${service}:${operation} is not implemented by the lab`, 400);
}

/**
 * Understands a request to one of the world's services; its result is the response in the service's
 * protocol.
 */
export async function understandRequest(origin: Origin, service: Service, request: WireRequest): Promise<Understood<WireResponse>> {
  const { protocol, iamPrefix } = service;
  const name = protocol.operationName(request) ?? '';
  const asked = find(service, name);
  if (!asked) return refusal(origin, iamPrefix, name, notImplemented(protocol.codes.unknownOperation, iamPrefix, name));
  try {
    const { call, effect } = understood(origin, service, asked, await protocol.read(asked.shape, request));
    return { call, effect: async () => protocol.write(asked.shape, await effect(), origin.requestId) };
  } catch (error) {
    return refusal(origin, iamPrefix, name, asRefusal(error));
  }
}

/**
 * Understands a call made without a socket. `action` is in camel case, as in a universal target.
 */
export function understandCall(origin: Origin, service: Service, action: string, input: unknown): Understood<object> {
  const name = action.charAt(0).toUpperCase() + action.slice(1);
  const asked = find(service, name);
  if (!asked)
    return refusal(origin, service.iamPrefix, name, notImplemented(service.protocol.codes.unknownOperation, service.iamPrefix, name));
  try {
    return understood(origin, service, asked, service.universalInput?.(input) ?? input);
  } catch (error) {
    return refusal(origin, service.iamPrefix, name, asRefusal(error));
  }
}

/** Understands a request to DynamoDB, which is passed on as it is. */
export function understandDynamo(origin: Origin, port: number, request: WireRequest): Understood<WireResponse> {
  const { name, resource, mutating } = dynamoCall(origin.world.account, request);
  return { call: callOf(origin, 'dynamodb', name, mutating, [resource]), effect: () => passOn(port, request), errorOf: dynamoError };
}

interface Asked {
  readonly name: string;
  readonly shape: OperationShape;
  readonly operation: Operation;
}

function find(service: Service, name: string): Asked | undefined {
  const shape = service.shapes.get(name);
  const operation = service.operations[name];
  return shape && operation ? { name, shape, operation } : undefined;
}

/**
 * What makes a call impossible to understand is the caller's fault, when it is an AwsError;
 * otherwise it is the lab's.
 */
function asRefusal(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}

/** @throws AwsError for input that the operation does not take, or that names nothing there is. */
function understood(origin: Origin, service: Service, { name, shape, operation }: Asked, input: unknown): Understood<object> {
  const fault = firstFault(shape.input(), input);
  if (fault !== undefined) throw new AwsError('ValidationException', `${service.iamPrefix}:${name}${fault}`);
  const given = input as never;
  const call = callOf(origin, service.iamPrefix, operation.action ?? name, operation.mutating, operation.resources(given));
  const passesRole = operation.passesRole?.(given);
  const subjects = operation.subjects?.(given);
  return {
    call: { ...call, ...(passesRole === undefined ? {} : { passesRole }), ...(subjects === undefined ? {} : { subjects }) },
    effect: async () => operation.run(given, { roleArn: origin.role, account: origin.world.account }),
  };
}

function callOf(origin: Origin, iamPrefix: string, action: string, mutating: boolean, resources: readonly string[]): AwsCall {
  const [resource = '*', ...moreResources] = resources;
  return {
    at: origin.world.clock.now(),
    requestId: origin.requestId,
    role: origin.role,
    service: iamPrefix,
    action: `${iamPrefix}:${action}`,
    resource,
    ...(moreResources.length === 0 ? {} : { moreResources }),
    mutating,
  };
}
