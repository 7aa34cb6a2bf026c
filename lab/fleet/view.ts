import { get, type Agent } from 'node:http';

export interface PageView {
  readonly latencyMs: number;
  /** HTTP status, or 0 where there was no answer. */
  readonly status: number;
  readonly cookie?: string;
}

const GIVE_UP_MS = 30_000;

/**
 * One page, as a browser asks for it; `agent` keeps connections, without one each page has its own.
 * Never rejects: a failure is a view too.
 */
export function view(
  address: string,
  port: number,
  path: string,
  options: { agent?: Agent | false; cookie?: string } = {},
): Promise<PageView> {
  const began = performance.now();
  const since = (): number => performance.now() - began;
  return new Promise((resolve) => {
    const headers = { host: 'checkout.example.com', ...(options.cookie === undefined ? {} : { cookie: options.cookie }) };
    const asking = get({ host: address, port, path, headers, agent: options.agent ?? false, timeout: GIVE_UP_MS }, (answer) => {
      const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
      answer.resume();
      answer.on('end', () => resolve({ latencyMs: since(), status: answer.statusCode ?? 0, ...(cookie === undefined ? {} : { cookie }) }));
      answer.on('error', () => resolve({ latencyMs: since(), status: 0 }));
    });
    asking.on('timeout', () => asking.destroy(new Error(`no answer in ${GIVE_UP_MS} ms`)));
    asking.on('error', () => resolve({ latencyMs: since(), status: 0 }));
  });
}
