import { X509Certificate } from 'node:crypto';
import * as z from 'zod/mini';
import type { ProbePlan } from '../../core/model';
import { ADDRESS, HOST, integer, mistakesIn, PATH, PORT, PROTOCOL, shown, text } from './event-values';
import { parseGrpcMatcher, parseMatcher } from './matcher';

const PLAN_VERSION = 1;

function works(step: () => unknown): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}

const VERSION = z.enum(['HTTP2', 'GRPC'], { error: '"HTTP2" or "GRPC"' });
const MATCHER = z.string({ error: 'status codes' });
const BASE64 = text((value) => Buffer.from(value, 'base64').toString('base64') === value, 'bytes in base64');
const GRPC = z.object({ service: z.exactOptional(z.string().check(z.maxLength(1024))), request: z.exactOptional(BASE64) });

/** What a matcher may be depends on what is spoken. */
const MATCHES = z.refine<{ version?: string; matcher: string }>(
  ({ version, matcher }) => works(() => (version === 'GRPC' ? parseGrpcMatcher : parseMatcher)(matcher)),
  {
    path: ['matcher'],
    error: 'status codes as ELB writes them: "200", "200,202" or "200-299", in gRPC "0", "0,5" or "0-5"',
  },
);
const CA = text((value) => works(() => new X509Certificate(value)), 'certificates in PEM');
const TIMEOUT = integer(1, 60_000);
const SAMPLES = integer(1, 100);

const TARGET = z.object({ id: z.string(), port: PORT, availabilityZone: z.exactOptional(z.string()) });

const GROUP = z
  .object({
    groupArn: z.string(),
    protocol: PROTOCOL,
    version: z.exactOptional(VERSION),
    grpc: z.exactOptional(GRPC),
    method: z.enum(['GET', 'HEAD'], { error: '"GET" or "HEAD"' }),
    path: PATH,
    hostHeader: z.exactOptional(HOST),
    serverName: z.exactOptional(HOST),
    matcher: MATCHER,
    timeoutMs: TIMEOUT,
    port: z.exactOptional(PORT),
    ca: z.exactOptional(CA),
    targets: z.array(z.object({ target: TARGET, address: ADDRESS, samples: SAMPLES })),
  })
  .check(MATCHES);

const CLIENT = z
  .object({
    groupArn: z.string(),
    protocol: PROTOCOL,
    version: z.exactOptional(VERSION),
    grpc: z.exactOptional(GRPC),
    host: HOST,
    port: PORT,
    path: PATH,
    hostHeader: z.exactOptional(HOST),
    matcher: MATCHER,
    timeoutMs: TIMEOUT,
    samples: SAMPLES,
  })
  .check(MATCHES);

const PLAN = z.object({
  v: z.literal(PLAN_VERSION),
  startWindowMs: integer(1, 15_000),
  groups: z.array(GROUP),
  clients: z.exactOptional(z.array(CLIENT)),
});

/**
 * The event of `probe.handler`, checked: what would reach a socket or a request line, above all.
 * @throws TypeError that names each bad value and what is allowed there; another plan version is
 * named alone.
 */
export function parseProbePlan(event: unknown): ProbePlan {
  const version: unknown = (event as { v?: unknown } | null | undefined)?.v;
  if (version !== PLAN_VERSION) throw new TypeError(`probe plan has v ${shown(version)}; allowed: ${PLAN_VERSION}`);
  const parsed = PLAN.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new TypeError(`probe plan: ${mistakesIn(parsed.error.issues, event)}`);
}
