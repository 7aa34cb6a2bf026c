/**
 * Whether what answers at a target's private address from here is the target: the reader's own
 * network may have another machine there.
 */
import { parseMatcher } from '../../lambda/probe/matcher';
import type { AccountGroup } from './load-balancing';
import { getPage } from './get-page';

const TIMEOUT_MS = 1_500;

/**
 * `unreachable` and `other` with what was seen; `target` where it answers as the load balancer
 * says.
 */
export type Identified =
  { readonly is: 'target' } | { readonly is: 'unreachable'; readonly why: string } | { readonly is: 'other'; readonly why: string };

/**
 * Asks a target that the load balancer calls healthy for its health check: whoever does not answer
 * it is somebody else. A health check that is not over HTTP cannot tell.
 */
export async function identify({ healthCheck }: AccountGroup, address: string, port: number): Promise<Identified> {
  const { protocol, path = '/', matcher = '200' } = healthCheck;
  const at = healthCheck.port === 'traffic-port' ? port : Number(healthCheck.port);
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return { is: 'other', why: `a health check over ${protocol} cannot tell` };
  const page = await getPage({ protocol, address, port: at, path, timeoutMs: TIMEOUT_MS });
  if ('unreachable' in page) return { is: 'unreachable', why: page.unreachable };
  if ('failed' in page) return { is: 'other', why: page.failed };
  if (parseMatcher(matcher)(page.status)) return { is: 'target' };
  return { is: 'other', why: `the health check ${path} gets ${page.status} from here, and the load balancer calls the target healthy` };
}
