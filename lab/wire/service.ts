import type { Account } from '../world/account';
import type { ProtocolOf, WireProtocol } from './protocol';
import { shapesOf, type OperationShape } from './schemas';

/** What an operation does, and how IAM sees it. */
export interface Operation {
  readonly mutating: boolean;
  /** The IAM action, where it is not the operation's name. */
  readonly action?: string;
  /** ARNs of what the call acts on, the main one first; none: `*`. */
  readonly resources: (input: never) => readonly string[];
  readonly passesRole?: (input: never) => string | undefined;
  /** Ids of the targets or instances that a mutation is about. */
  readonly subjects?: (input: never) => readonly string[];
  readonly run: (input: never, caller: Caller) => object | Promise<object>;
}

export interface Caller {
  readonly roleArn: string;
  readonly account: Account;
}

export interface ServiceSpec {
  /** The service's name in the credential scope of a signature. */
  readonly signingName: string;
  readonly iamPrefix: string;
  /** Its name in a universal target's ARN. */
  readonly sdkName: string;
  /** The SDK client's package. */
  readonly client: object;
  readonly protocol: ProtocolOf;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Reads the input of a universal target, where its names may be others than the API's. */
  readonly universalInput?: <T>(input: T) => T;
}

export interface Service extends Omit<ServiceSpec, 'protocol' | 'client'> {
  readonly protocol: WireProtocol;
  readonly shapes: ReadonlyMap<string, OperationShape>;
}

export function service(spec: ServiceSpec): Service {
  const shapes = shapesOf(spec.client);
  const missing = Object.keys(spec.operations).filter((name) => !shapes.operations.has(name));
  if (missing.length > 0) throw new Error(`${spec.signingName}: the client has no operation ${missing.join(', ')}`);
  return { ...spec, protocol: spec.protocol(shapes), shapes: shapes.operations };
}

/** A read that IAM only knows on `*`. */
export function read(run: Operation['run']): Operation {
  return { mutating: false, resources: () => [], run };
}
