/**
 * One GET of a metrics page. Whoever answers is not trusted: time and bytes are bounded, redirects
 * are not followed, and nothing that the page says is asked for.
 */
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { PageLook } from '../../core/diagnose/metrics-page';
import type { MetricsPage } from '../../core/model';
import { classify } from './failure';
import { hostAndPort } from './host-and-port';

/** As on a host (lambda/inspect/host/steps/pages.sh, MOST). */
export const MOST_BYTES = 4_000_000;

/** Who reads, for the access logs of the targets. */
export const PAGE_USER_AGENT = 'Sickbay-Prober/1 (reads the metrics page of load balancer targets)';

/** What a client may be told in place of a page. */
export type PageAnswer = PageLook | { readonly failed: string };

/**
 * The page, or why there is none. Never rejects; resolves within `timeoutMs`, give or take the
 * event loop. The deadline is one for all: a server that drips bytes does not extend it.
 */
export function getPage(page: MetricsPage, timeoutMs: number): Promise<PageAnswer> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    const request = (page.protocol === 'HTTPS' ? https : http).request(optionsOf(page));
    const end = (answer: PageAnswer): void => {
      clearTimeout(deadline);
      request.destroy();
      resolve(answer);
    };
    const deadline = setTimeout(() => end({ failed: `no whole answer within ${timeoutMs / 1000} s` }), timeoutMs);
    request.on('error', (error) => end({ failed: failureOf(error) }));
    // Nobody asked for another protocol.
    request.on('upgrade', () => end({ failed: 'status 101' }));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        chunks.push(chunk);
        if (bytes > MOST_BYTES) end({ failed: 'the page is longer than 4 MB' });
      });
      response.on('error', (error) => end({ failed: failureOf(error) }));
      response.on('end', () =>
        end({
          atMs: startedMs,
          status: response.statusCode ?? 0,
          ms: performance.now() - startedMs,
          bytes,
          text: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    request.end();
  });
}

/**
 * No agent: a connection of its own, closed afterwards. The certificate is not verified, as an ALB
 * does not.
 */
function optionsOf({ address, port, path, hostHeader }: MetricsPage): https.RequestOptions {
  const name = hostHeader?.replace(/:[0-9]+$/, '');
  return {
    host: address,
    port,
    path,
    method: 'GET',
    agent: false,
    rejectUnauthorized: false,
    // An address is no server name (RFC 6066, section 3).
    ...(name === undefined || isIP(name) !== 0 ? { servername: '' } : { servername: name }),
    headers: {
      Host: hostHeader ?? hostAndPort(address, port),
      'User-Agent': PAGE_USER_AGENT,
      Accept: 'text/plain;version=0.0.4',
      'Accept-Encoding': 'identity',
      Connection: 'close',
    },
  };
}

/** By the words of a probe: what a server says of itself in an error is not repeated. */
function failureOf(error: NodeJS.ErrnoException): string {
  if (error.code?.startsWith('HPE_') === true) return 'the answer is not HTTP';
  const found = classify(error, 'wait');
  return 'own' in found ? `the prober itself failed: ${error.code}` : FAILURES[found.kind];
}

const FAILURES = {
  refused: 'refused, or nobody is at this address',
  reset: 'the connection was closed before its end',
  timeout: 'no answer; do the security groups admit the prober on this port?',
  tls: 'the TLS handshake failed',
  protocol: 'the answer is not HTTP',
  status: 'an unexpected status',
} as const;
