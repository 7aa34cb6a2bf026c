/** One GET from where the command runs: most of the time a target cannot be reached from there. */
import http from 'node:http';
import https from 'node:https';

export interface Page {
  readonly status: number;
  readonly text: string;
  /** Of a redirect. */
  readonly location: string | undefined;
  readonly tookMs: number;
}

export interface PageRequest {
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly host?: string;
  readonly method?: 'GET' | 'HEAD';
  readonly timeoutMs: number;
}

/** Bytes of a body that are kept. */
const MOST_BYTES = 256 * 1024;

/** The answer, or why there was none: `unreachable` before a connection stood, `failed` after. */
export type PageResult = Page | { readonly unreachable: string } | { readonly failed: string };

/** Certificates are not verified, as a load balancer does not (ELB user guide, target groups). */
export function getPage({ protocol, address, port, path, host, method = 'GET', timeoutMs }: PageRequest): Promise<PageResult> {
  const client = protocol === 'HTTPS' ? https : http;
  return new Promise((resolve) => {
    const began = performance.now();
    let connected = false;
    const request = client.request({
      host: address,
      port,
      path,
      method,
      headers: { 'user-agent': 'Sickbay', ...(host === undefined ? {} : { host }) },
      agent: false,
      ...(protocol === 'HTTPS' ? { rejectUnauthorized: false } : {}),
    });
    const end = (result: PageResult): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(result);
    };
    const failure = (why: string): PageResult => (connected ? { failed: why } : { unreachable: why });
    const timer = setTimeout(() => end(failure(`no answer within ${timeoutMs} ms`)), timeoutMs);
    request.on('socket', (socket) => socket.once('connect', () => (connected = true)));
    request.on('error', (error: NodeJS.ErrnoException) => end(failure(error.code ?? error.message)));
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MOST_BYTES)));
      response.on('error', (error) => end({ failed: error.message }));
      response.on('end', () =>
        end({ status: response.statusCode ?? 0, text, location: response.headers.location, tookMs: performance.now() - began }),
      );
    });
    request.end();
  });
}
