/**
 * The data plane of an Application Load Balancer: takes requests, picks a target, forwards, checks
 * health. What is registered and what state it has is the control plane's (the callbacks): this
 * file remembers connections, counters and nothing else.
 */
import { Agent, createServer, get, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { ServerHttp2Stream, IncomingHttpHeaders as CallHeaders } from 'node:http2';
import { targetKey, type Target } from '../../core/model';
import { CallFront, checkCall, LISTENER_OF_CALLS } from './calls';
import { ADDRESSES } from './network';

export interface Endpoint {
  readonly target: Target;
  /** Where the target listens; its port is the target's. */
  readonly address: string;
}

export interface CheckSettings {
  readonly path: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** One health check of one target. */
export interface CheckResult {
  readonly target: Target;
  readonly ok: boolean;
  /** A reason code of ELB's TargetHealth where it failed. */
  readonly reason?: 'Target.Timeout' | 'Target.ResponseCodeMismatch' | 'Target.FailedHealthChecks';
  /**
   * Equal results in a row, this one included: the control plane holds it against its thresholds.
   */
  readonly inARow: number;
}

export interface LoadBalancerOptions {
  /** Targets that may get new requests, asked for at each request. */
  readonly routable: () => readonly Endpoint[];
  /** Targets whose health is checked, asked for at each round. */
  readonly checked: () => readonly Endpoint[];
  readonly check: CheckSettings;
  readonly onHealthCheck: (result: CheckResult) => void;
  /** Whether the group's stickiness attribute is on. */
  readonly sticky: () => boolean;
  readonly address?: string;
  readonly port?: number;
  /** Whether clients and targets speak gRPC, clients over TLS. */
  readonly calls?: boolean;
}

/**
 * What one target answered since the last read: CloudWatch's TargetResponseTime and
 * HTTPCode_Target_5XX_Count come from it.
 */
export interface ResponseTimes {
  readonly target: Target;
  /** From the request's departure to the head of the response, as ALB measures it. */
  readonly latencyMs: readonly number[];
  readonly serverErrors: number;
  readonly connectionErrors: number;
}

/** A request that is over, as an access log has it ("Access logs", ELB user guide). */
export interface LoggedRequest {
  /** When the answer was given, or the client went. */
  readonly at: number;
  readonly target: Target;
  readonly address: string;
  /** Until the head of the answer, s; -1: there was none. */
  readonly targetProcessingS: number;
  /** What the client got; 460: it went before. */
  readonly status: number;
  readonly userAgent: string;
  readonly path: string;
}

/** So many are kept for who takes them: a drill's minute has far fewer. */
const LOGGED_MAX = 20_000;

const COOKIE = 'AWSALB';
/** Of one connection to a target kept open between requests: ALB's default idle time-out. */
const IDLE_MS = 60_000;
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

interface Tally {
  readonly target: Target;
  latencyMs: number[];
  serverErrors: number;
  connectionErrors: number;
}

/** The cookie that binds a client to a target. Opaque, as ALB's is. */
export function stickinessCookie(target: Target): string {
  return `${COOKIE}=${Buffer.from(targetKey(target)).toString('base64url')}`;
}

function endToEnd(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

export class LoadBalancer {
  private readonly server: Server;
  private readonly front: CallFront | undefined;
  private readonly agent = new Agent({ keepAlive: true, timeout: IDLE_MS });
  private readonly tallies = new Map<string, Tally>();
  private readonly streaks = new Map<string, { ok: boolean; length: number }>();
  private logged: LoggedRequest[] = [];
  private next = 0;
  private checks: NodeJS.Timeout | undefined;

  constructor(private readonly options: LoadBalancerOptions) {
    this.server = createServer((incoming, response) => this.serve(incoming, response));
    this.server.keepAliveTimeout = IDLE_MS;
    this.front = options.calls === true ? new CallFront((stream, headers) => this.serveCall(stream, headers)) : undefined;
  }

  /** Begins to listen and to check health. */
  async start(): Promise<void> {
    const { port = this.front === undefined ? 80 : LISTENER_OF_CALLS, address: host = ADDRESSES.loadBalancer } = this.options;
    const server = this.front?.server ?? this.server;
    server.listen({ port, host, backlog: 511 });
    await once(server, 'listening');
    this.checkAll();
    this.checks = setInterval(() => this.checkAll(), this.options.check.intervalMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.checks);
    this.agent.destroy();
    if (this.front !== undefined) return this.front.close();
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  /** What the targets answered since the last call. */
  takeResponseTimes(): readonly ResponseTimes[] {
    const taken = [...this.tallies.values()];
    this.tallies.clear();
    return taken;
  }

  /** Requests that ended since the last call. */
  takeRequests(): readonly LoggedRequest[] {
    return this.logged.splice(0);
  }

  private serve(incoming: IncomingMessage, response: ServerResponse): void {
    const endpoint = this.pick(incoming.headers.cookie ?? '');
    if (endpoint === undefined) {
      incoming.resume();
      response.writeHead(503, { 'content-type': 'text/plain' }).end('503 Service Temporarily Unavailable\n');
      return;
    }
    this.forward(incoming, response, endpoint);
  }

  private serveCall(stream: ServerHttp2Stream, headers: CallHeaders): void {
    const endpoint = this.pick(headers.cookie ?? '');
    if (endpoint === undefined) return stream.respond({ ':status': 503 }, { endStream: true });
    const tally = this.tally(endpoint.target);
    this.front?.forward(stream, headers, endpoint, {
      onAnswer: (latencyMs, isServerError) => {
        tally.latencyMs.push(latencyMs);
        if (isServerError) tally.serverErrors += 1;
      },
      onConnectionError: () => void (tally.connectionErrors += 1),
      ...(this.options.sticky() ? { cookie: `${stickinessCookie(endpoint.target)}; Path=/` } : {}),
    });
  }

  private pick(cookie: string): Endpoint | undefined {
    const routable = this.options.routable();
    const bound = this.options.sticky() ? routable.find(({ target }) => cookie.includes(stickinessCookie(target))) : undefined;
    return bound ?? routable[this.next++ % Math.max(1, routable.length)];
  }

  private forward(incoming: IncomingMessage, response: ServerResponse, { target, address }: Endpoint): void {
    const tally = this.tally(target);
    const began = performance.now();
    const log = this.logger(incoming, { target, address });
    const headers = { ...endToEnd(incoming.headers), 'x-forwarded-for': incoming.socket.remoteAddress ?? '' };
    const outgoing = request({ host: address, port: target.port, path: incoming.url, method: incoming.method, headers, agent: this.agent });
    outgoing.on('response', (answer) => {
      tally.latencyMs.push(performance.now() - began);
      log((performance.now() - began) / 1000, answer.statusCode ?? 502);
      if ((answer.statusCode ?? 0) >= 500) tally.serverErrors += 1;
      const cookies = this.options.sticky() ? { 'set-cookie': `${stickinessCookie(target)}; Path=/` } : {};
      response.writeHead(answer.statusCode ?? 502, { ...endToEnd(answer.headers), ...cookies });
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    outgoing.on('error', () => {
      if (response.destroyed) return; // the client went first
      tally.connectionErrors += 1;
      log(-1, 502);
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end('502 Bad Gateway\n');
    });
    response.on('close', () => {
      log(-1, 460); // it went before there was an answer
      outgoing.destroy(); // a client that goes away takes its request along
    });
    incoming.pipe(outgoing);
  }

  /** Each request once, by what it came to first. */
  private logger({ headers, url = '/' }: IncomingMessage, { target, address }: Endpoint): (tookS: number, status: number) => void {
    let isOver = false;
    return (targetProcessingS, status) => {
      if (isOver || this.logged.length >= LOGGED_MAX) return;
      isOver = true;
      this.logged.push({ at: Date.now(), target, address, targetProcessingS, status, userAgent: headers['user-agent'] ?? '-', path: url });
    };
  }

  private tally(target: Target): Tally {
    const key = targetKey(target);
    const tally = this.tallies.get(key) ?? { target, latencyMs: [], serverErrors: 0, connectionErrors: 0 };
    this.tallies.set(key, tally);
    return tally;
  }

  private checkAll(): void {
    const checked = this.options.checked();
    const keys = new Set(checked.map(({ target }) => targetKey(target)));
    for (const key of this.streaks.keys()) if (!keys.has(key)) this.streaks.delete(key);
    for (const endpoint of checked) this.check(endpoint);
  }

  private async checkByCall({ target, address }: Endpoint): Promise<void> {
    const { path, timeoutMs } = this.options.check;
    const status = await checkCall({ target, address }, path, timeoutMs);
    if (status === '0') this.report(target, true);
    else this.report(target, false, status === undefined ? 'Target.Timeout' : 'Target.ResponseCodeMismatch');
  }

  private check({ target, address }: Endpoint): void {
    if (this.front !== undefined) return void this.checkByCall({ target, address });
    const { path, timeoutMs } = this.options.check;
    const headers = { 'user-agent': 'ELB-HealthChecker/2.0' };
    const checking = get({ host: address, port: target.port, path, headers, timeout: timeoutMs, agent: false }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) this.report(target, true);
      else this.report(target, false, 'Target.ResponseCodeMismatch');
    });
    let timedOut = false;
    checking.on('timeout', () => {
      timedOut = true;
      checking.destroy();
    });
    checking.on('error', () => this.report(target, false, timedOut ? 'Target.Timeout' : 'Target.FailedHealthChecks'));
  }

  private report(target: Target, ok: boolean, reason?: CheckResult['reason']): void {
    const key = targetKey(target);
    const streak = this.streaks.get(key);
    const inARow = streak?.ok === ok ? streak.length + 1 : 1;
    this.streaks.set(key, { ok, length: inARow });
    this.options.onHealthCheck({ target, ok, inARow, ...(reason === undefined ? {} : { reason }) });
  }
}
