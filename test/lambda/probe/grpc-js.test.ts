/** The probe against `@grpc/grpc-js`, which nobody here wrote. */
import { Server, ServerCredentials, status, type handleUnaryCall, type ServiceDefinition } from '@grpc/grpc-js';
import { exchange } from '../../../lambda/probe/exchange';
import { LoopGauge } from '../../../lambda/probe/loop-gauge';
import type { Outcome } from '../../../lambda/probe/probe-request';
import { requestsOf, type RequestShape } from '../../../lambda/probe/request';

type Unary = handleUnaryCall<Buffer, Buffer>;

const HEALTH = '/grpc.health.v1.Health/Check';
const CALL = '/shop.v1.Cart/Get';
const SHAPE: RequestShape = { protocol: 'HTTP', version: 'GRPC', method: 'GET', path: CALL, matcher: '0', timeoutMs: 5000 };
const asItIs = (bytes: Buffer): Buffer => bytes;

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.forceShutdown();
});

function method(path: string): ServiceDefinition[string] {
  const codec = { requestSerialize: asItIs, requestDeserialize: asItIs, responseSerialize: asItIs, responseDeserialize: asItIs };
  return { path, requestStream: false, responseStream: false, ...codec };
}

async function call(
  handler: Unary,
  shape: Partial<RequestShape> = {},
  options: object = {},
  served = shape.path ?? CALL,
): Promise<Outcome> {
  const server = new Server(options);
  servers.push(server);
  server.addService({ call: method(served) }, { call: handler });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return exchange(requestsOf({ ...SHAPE, ...shape })('127.0.0.1', port), new LoopGauge());
}

const answering =
  (message: Buffer): Unary =>
  (_, callback) =>
    callback(null, message);

it('measures a unary call, with the message that is configured', async () => {
  let got: Buffer | undefined;
  const outcome = await call(
    ({ request }, callback) => {
      got = request;
      callback(null, Buffer.from('page'));
    },
    { grpc: { request: 'CCo=' } },
  );
  expect(outcome).toHaveProperty('latencyMs');
  expect(got).toEqual(Buffer.from([0x08, 0x2a]));
});

it('is answered uncompressed by a server that compresses, for it takes nothing else', async () => {
  const compressing = { 'grpc.default_compression_algorithm': 2 };
  expect(await call(answering(Buffer.alloc(4096)), {}, compressing)).toHaveProperty('latencyMs');
  expect(await call(answering(Buffer.from([0x08, 0x01])), { path: HEALTH }, compressing)).toHaveProperty('latencyMs');
});

it('waits for a slow handler', async () => {
  const outcome = await call((_, callback) => void setTimeout(() => callback(null, Buffer.from('page')), 30));
  if (!('latencyMs' in outcome)) throw new Error(JSON.stringify(outcome));
  expect(outcome.phases.waitMs + outcome.phases.bodyMs).toBeGreaterThan(25);
});

it.each([status.UNAVAILABLE, status.RESOURCE_EXHAUSTED, status.INTERNAL, status.DEADLINE_EXCEEDED])(
  'has status %i of a call that fails',
  async (code) => {
    expect(await call((_, callback) => callback({ code, details: 'no' }))).toMatchObject({ error: { kind: 'status', status: code } });
  },
);

it('has status 12 where the method is not there, which the default matcher of an ALB takes for an answer', async () => {
  const another = '/shop.v1.Stock/Get';
  expect(await call(answering(Buffer.from('page')), {}, {}, another)).toMatchObject({ error: { kind: 'status', status: 12 } });
  const health = { path: '/AWS.ALB/healthcheck', matcher: '12' };
  expect(await call(answering(Buffer.from('page')), health, {}, another)).toHaveProperty('latencyMs');
});

it.each([
  ['serving', 1, 'latencyMs'],
  ['not serving', 2, 'error'],
  ['of a service that is not known', 3, 'error'],
])('reads a health service that is %s', async (_, code, key) => {
  expect(await call(answering(Buffer.from([0x08, code])), { path: HEALTH })).toHaveProperty(key);
});
