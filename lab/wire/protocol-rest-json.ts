import { FromStringShapeDeserializer, JsonCodec2, ToStringShapeSerializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { AwsError } from '../world/aws-error';
import { JSON_CODES } from './protocol-json';
import { errorShapeOf, type ProtocolOf, type WireRequest, type WireResponse } from './protocol';
import type { OperationShape } from './schemas';

/**
 * Default timestamp formats: 7, epoch seconds, in bodies and 5, date-time, in labels and queries
 * (Smithy, restJson1 protocol).
 */
const codec = new JsonCodec2({ timestampFormat: { useTrait: true, default: 7 }, jsonName: true });
const TEXT = { timestampFormat: { useTrait: true, default: 5 as const }, httpBindings: true };

/** restJson1: method and path name the operation, its HTTP traits say where each member travels. */
export const restJsonProtocol: ProtocolOf = (shapes) => {
  const routes = [...shapes.operations.values()].flatMap(route);
  const match = (request: WireRequest): Route | undefined =>
    routes.find((candidate) => candidate.method === request.method && candidate.path.test(request.path));
  return {
    codes: JSON_CODES,
    operationName: (request) => match(request)?.operation.name,
    read: async (operation, request) => {
      const labels = match(request)?.path.exec(request.path)?.groups ?? {};
      return readInput(operation, request, labels);
    },
    write: writeOutput,
    error: (error: AwsError) => {
      const shape = errorShapeOf(shapes, error);
      const headers = { 'content-type': 'application/json', 'x-amzn-errortype': shape.name };
      return { status: shape.status, headers, body: JSON.stringify({ [shape.messageMember]: error.message }) };
    },
  };
};

interface Route {
  readonly operation: OperationShape;
  readonly method: string;
  readonly path: RegExp;
}

/**
 * `/schedules/{Name}` as an expression with the label as a named group; `{Name+}` also takes
 * slashes.
 */
function route(operation: OperationShape): Route[] {
  if (!operation.http) return [];
  const [method, uri] = operation.http;
  const [path = ''] = uri.split('?');
  const pattern = path
    .replace(/[.]/g, '\\.')
    .replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => `(?<${name}>${greedy ? '.+' : '[^/]+'})`);
  return [{ operation, method, path: new RegExp(`^${pattern}/?$`) }];
}

async function readInput(operation: OperationShape, request: WireRequest, labels: Readonly<Record<string, string>>): Promise<unknown> {
  const ns = operation.input();
  if (!ns.isStructSchema()) return {};
  const members = [...ns.structIterator()];
  const payload = members.find(([, member]) => member.getMergedTraits().httpPayload);
  const input: Record<string, unknown> = payload
    ? { [payload[0]]: await readPayload(payload[1], request.body) }
    : await readBody(ns, request.body);
  for (const [name, member] of members) {
    const value = readBound(name, member, request, labels);
    if (value !== undefined) input[name] = value;
  }
  return input;
}

async function readBody(ns: NormalizedSchema, body: Buffer): Promise<Record<string, unknown>> {
  if (body.length === 0) return {};
  return (await codec.createDeserializer().read(ns, body.toString())) as Record<string, unknown>;
}

async function readPayload(member: NormalizedSchema, body: Buffer): Promise<unknown> {
  if (member.isBlobSchema()) return body;
  return member.isStringSchema() ? body.toString() : readBody(member, body);
}

/**
 * The value of a member that travels in the path, the query or a header; undefined when it travels
 * elsewhere or is not there.
 */
function readBound(name: string, member: NormalizedSchema, request: WireRequest, labels: Readonly<Record<string, string>>): unknown {
  const { httpLabel, httpQuery, httpHeader } = member.getMergedTraits();
  const text = new FromStringShapeDeserializer(TEXT);
  if (httpLabel) return text.read(member, decodeURIComponent(labels[name] ?? ''));
  if (httpQuery !== undefined) {
    const values = request.query.getAll(httpQuery);
    if (values.length === 0) return undefined;
    return member.isListSchema() ? values.map((value) => text.read(member.getValueSchema(), value)) : text.read(member, values[0] ?? '');
  }
  const header = httpHeader === undefined ? undefined : request.headers[httpHeader.toLowerCase()];
  return header === undefined ? undefined : text.read(member, String(header));
}

function writeOutput(operation: OperationShape, output: object): WireResponse {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const rest: Record<string, unknown> = { ...output };
  let status = operation.http?.[2] ?? 200;
  let body: string | Uint8Array | undefined;
  const ns = operation.output();
  if (!ns.isStructSchema()) return { status, headers, body: '' };
  for (const [name, member] of ns.structIterator()) {
    const { httpHeader, httpPayload, httpResponseCode } = member.getMergedTraits();
    if (httpHeader === undefined && !httpPayload && !httpResponseCode) continue;
    const value = rest[name];
    delete rest[name];
    if (httpPayload) body = writePayload(member, value);
    if (value === undefined) continue;
    if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = writeText(member, value);
    if (httpResponseCode) status = Number(value);
  }
  return { status, headers, body: body ?? writeJson(ns, rest) };
}

function writePayload(member: NormalizedSchema, value: unknown): string | Uint8Array {
  if (value === undefined) return '';
  return value instanceof Uint8Array ? value : writeJson(member, value);
}

function writeText(member: NormalizedSchema, value: unknown): string {
  const serializer = new ToStringShapeSerializer(TEXT);
  serializer.write(member, value);
  return serializer.flush();
}

function writeJson(ns: NormalizedSchema, value: unknown): Uint8Array {
  const serializer = codec.createSerializer();
  serializer.write(ns, value);
  return serializer.flush();
}
