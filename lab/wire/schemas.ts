import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';

/** One operation of an SDK client, as its Smithy schema describes it. */
export interface OperationShape {
  readonly name: string;
  readonly input: () => NormalizedSchema;
  readonly output: () => NormalizedSchema;
  /** Method, URI template and status of REST protocols. */
  readonly http: readonly [method: string, uri: string, status: number] | undefined;
}

/**
 * One modelled error: its class name, its code in the query protocol, its status and the member
 * that carries its message.
 */
export interface ErrorShape {
  readonly name: string;
  readonly queryCode: string;
  readonly status: number;
  readonly messageMember: string;
}

/** The schemas a client package exports next to its classes, under their name and a `$`. */
export interface ServiceShapes {
  readonly operations: ReadonlyMap<string, OperationShape>;
  readonly errors: readonly ErrorShape[];
}

/** Kinds of static schemas, the first element of each (@smithy/types, static-schemas). */
const OPERATION = 9;
const ERROR = -3;

/** Collects the operations and errors of an SDK client package. */
export function shapesOf(client: object): ServiceShapes {
  const operations = new Map<string, OperationShape>();
  const errors: ErrorShape[] = [];
  for (const value of Object.values(client)) {
    if (!Array.isArray(value)) continue;
    if (value[0] === OPERATION) operations.set(String(value[2]), operationShape(value));
    if (value[0] === ERROR) errors.push(errorShape(value));
  }
  return { operations, errors };
}

function operationShape([, , name, traits, input, output]: unknown[]): OperationShape {
  const { http } = traitsOf<{ http?: OperationShape['http'] }>(traits);
  return {
    name: String(name),
    input: () => NormalizedSchema.of(input as SchemaRef),
    output: () => NormalizedSchema.of(output as SchemaRef),
    http,
  };
}

/** A schema's traits; a plain number stands for flags that matter to nobody here. */
function traitsOf<T extends object>(traits: unknown): Partial<T> {
  return typeof traits === 'object' && traits !== null ? traits : {};
}

interface ErrorTraits {
  readonly awsQueryError?: readonly [code: string, status: number];
  readonly httpError?: number;
  readonly error?: 'client' | 'server';
}

function errorShape([, , name, rawTraits, members]: unknown[]): ErrorShape {
  const traits = traitsOf<ErrorTraits>(rawTraits);
  const messageMember = (members as string[]).find((member) => member.toLowerCase() === 'message') ?? 'message';
  return {
    name: String(name),
    queryCode: traits.awsQueryError?.[0] ?? String(name),
    status: traits.awsQueryError?.[1] ?? traits.httpError ?? (traits.error === 'server' ? 500 : 400),
    messageMember,
  };
}

/**
 * The path of the first member of `value` that the schema does not know, or that it requires and
 * that is missing; undefined: none.
 */
export function firstFault(ns: NormalizedSchema, value: unknown, path = ''): string | undefined {
  if (ns.isListSchema() && Array.isArray(value)) {
    return first(value, (item, index) => firstFault(ns.getValueSchema(), item, `${path}[${index}]`));
  }
  if (!ns.isStructSchema() || typeof value !== 'object' || value === null) return undefined;
  const members = new Map(ns.structIterator());
  const given = new Map<string, unknown>(Object.entries(value));
  const missing = [...members.keys()].slice(0, requiredMembers(ns)).find((name) => given.get(name) === undefined);
  if (missing !== undefined) return `${path}.${missing}: required`;
  return first([...given], ([name, item]) => {
    const member = members.get(name);
    return member ? firstFault(member, item, `${path}.${name}`) : `${path}.${name}: unknown`;
  });
}

/** A structure's schema says last how many of its members are required: they come first. */
function requiredMembers(ns: NormalizedSchema): number {
  const raw: unknown = ns.getSchema();
  return Array.isArray(raw) && typeof raw[6] === 'number' ? raw[6] : 0;
}

function first<T>(items: readonly T[], check: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of items.entries()) {
    const found = check(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
