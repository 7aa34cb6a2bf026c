import { BlockList, isIP } from 'node:net';
import * as z from 'zod/mini';
import type { PageRequest } from '../../core/model';
import { HOST, mistakesIn, PATH, PORT, PROTOCOL, shown, text } from './event-values';

const REQUEST_VERSION = 1;
/** One slow target and its peers, of several cases at once. */
const MOST_PAGES = 32;

/**
 * Where no target is: what answers there is this function's own machine, its runtime's API among
 * it (AWS Lambda developer guide, "Using the Lambda runtime API": 127.0.0.1:9001), services of EC2,
 * or nobody. An IPv4 address in the clothes of IPv6 counts as what it is.
 */
const NO_TARGETS = new BlockList();
NO_TARGETS.addSubnet('0.0.0.0', 8, 'ipv4');
NO_TARGETS.addSubnet('127.0.0.0', 8, 'ipv4');
NO_TARGETS.addSubnet('169.254.0.0', 16, 'ipv4');
NO_TARGETS.addSubnet('::', 96, 'ipv6');
NO_TARGETS.addSubnet('fe80::', 10, 'ipv6');
NO_TARGETS.addSubnet('fd00:ec2::', 32, 'ipv6');

function isTarget(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && !NO_TARGETS.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

const PAGE = z.object({
  host: z.string().check(z.maxLength(256)),
  address: text(isTarget, 'the IP address of a target: not of this machine, and not link-local'),
  port: PORT,
  protocol: PROTOCOL,
  path: PATH,
  hostHeader: z.exactOptional(HOST),
});

const REQUEST = z.object({
  v: z.literal(REQUEST_VERSION),
  pages: z.array(PAGE).check(z.maxLength(MOST_PAGES, { error: `${MOST_PAGES} pages at most` })),
  metricNames: z.array(text((value) => /^[A-Za-z_:][A-Za-z0-9_:]{0,120}$/.test(value), 'the name of a metric')),
});

/** Whether the event asks for metrics pages, in whatever version. */
export function isPageRequest(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'pages' in event;
}

/**
 * The other event of `probe.handler`, checked: what would reach a socket or a request line, above
 * all.
 * @throws TypeError that names each bad value and what is allowed there; another version is named
 * alone.
 */
export function parsePageRequest(event: unknown): PageRequest {
  const version: unknown = (event as { v?: unknown } | null | undefined)?.v;
  if (version !== REQUEST_VERSION) throw new TypeError(`page request has v ${shown(version)}; allowed: ${REQUEST_VERSION}`);
  const parsed = REQUEST.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new TypeError(`page request: ${mistakesIn(parsed.error.issues, event)}`);
}
