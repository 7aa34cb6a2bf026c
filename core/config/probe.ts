/** How the targets of a group are probed. */
import * as z from 'zod/mini';
import { strict, integer, text, choice, PORT, PATH } from './values';
import { GRPC_HEALTH_PATH } from '../grpc';
import { GRPC_MATCHER, GRPC_METHOD } from '../spoken';

const BASE64 = /^(?=.{0,4096}$)(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** RFC 1123 host name, with an optional port. */
const HOST = text(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?$/, 'a host name, such as "checkout.example.com"');

/** The message of a gRPC call. Without it the call has an empty one. */
const grpc = strict({
  service: z.optional(
    text(
      /^[A-Za-z0-9_.\-/]{0,200}$/,
      'the name of a service, as its health service knows it: letters, digits, "_", ".", "-" and "/", at most 200',
    ),
  ),
  request: z.optional(text(BASE64, 'the bytes of a message in base64, at most 4096 characters')),
}).check(
  z.refine((value) => value.service === undefined || value.request === undefined, {
    path: ['request'],
    error: 'nothing beside "service", of which the message is made',
  }),
);

const HTTP_MATCHER = /^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?)*$/;

export const probe = strict({
  path: PATH,
  host: z.optional(HOST),
  method: z._default(choice('GET', 'HEAD'), 'GET'),
  samples: z._default(integer(3, 20), 10),
  timeoutMs: z._default(integer(100, 10_000), 5_000),
  matcher: z.optional(
    text(
      new RegExp(`${HTTP_MATCHER.source}|${GRPC_MATCHER.source}`),
      'status codes as ELB writes them: "200", "200,202" or "200-299", in gRPC "0", "0,5" or "0-5"',
    ),
  ),
  port: z.optional(PORT),
  protocol: z.optional(choice('HTTP', 'HTTPS')),
  protocolVersion: z.optional(choice('HTTP1', 'HTTP2', 'GRPC')),
  grpc: z.optional(grpc),
  serverName: z.optional(HOST),
  ca: z.optional(text(/^-----BEGIN CERTIFICATE-----/, 'certificates in PEM')),
}).check(
  ...(['serverName', 'ca'] as const).map((key) =>
    z.refine<{ protocol?: string | undefined; serverName?: unknown; ca?: unknown }>(
      (value) => value.protocol !== 'HTTP' || value[key] === undefined,
      { path: [key], error: 'nothing where "protocol" is "HTTP"' },
    ),
  ),
  z.refine((value) => value.grpc === undefined || (value.protocolVersion ?? 'GRPC') === 'GRPC', {
    path: ['grpc'],
    error: 'nothing where "protocolVersion" is not "GRPC"',
  }),
  z.refine((value) => !isGrpc(value) || GRPC_METHOD.test(value.path), {
    path: ['path'],
    error: 'a gRPC method, such as "/grpc.health.v1.Health/Check"',
  }),
  z.refine((value) => !isGrpc(value) || value.method === 'GET', { path: ['method'], error: 'nothing in gRPC: a call is always a POST' }),
  z.refine((value) => value.matcher === undefined || !isGrpc(value) || GRPC_MATCHER.test(value.matcher), {
    path: ['matcher'],
    error: 'gRPC statuses from 0 to 99: "0", "0,5" or "0-5"',
  }),
  z.refine((value) => value.matcher === undefined || !isHttp(value) || !GRPC_MATCHER.test(value.matcher), {
    path: ['matcher'],
    error: 'status codes, where "protocolVersion" is not "GRPC": "200", "200,202" or "200-299"',
  }),
  z.refine((value) => value.grpc?.service === undefined || value.path === GRPC_HEALTH_PATH, {
    path: ['grpc', 'service'],
    error: `nothing unless "path" is "${GRPC_HEALTH_PATH}"`,
  }),
);

interface Version {
  readonly protocolVersion?: string | undefined;
  readonly grpc?: unknown;
}

/** Said so, or as good as said: whether the group is one is known at its first round. */
function isGrpc({ protocolVersion, grpc }: Version): boolean {
  return protocolVersion === undefined ? grpc !== undefined : protocolVersion === 'GRPC';
}

function isHttp({ protocolVersion }: Version): boolean {
  return protocolVersion !== undefined && protocolVersion !== 'GRPC';
}
