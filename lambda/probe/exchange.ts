import net from 'node:net';
import tls from 'node:tls';
import type { SampleError, SamplePhase, SamplePhases } from '../../core/model';
import { classify } from './failure';
import { BUSY_LIMIT_MS, type LoopGauge } from './loop-gauge';
import { ResponseReader } from './response';

/** One request on a fresh connection to an address that is already resolved. */
export interface ExchangeRequest {
  readonly address: string;
  readonly port: number;
  /** The whole request as it goes over the wire. */
  readonly text: string;
  readonly bodyless: boolean;
  /**
   * From before connect to the last byte of the body: one deadline, not an idle timer, so that
   * dripped bytes do not defeat it.
   */
  readonly timeoutMs: number;
  readonly accepts: (status: number) => boolean;
  readonly tls?: TlsRequest;
}

export interface TlsRequest {
  readonly context: tls.SecureContext;
  readonly serverName?: string;
  /** Whether the certificate must be valid for the name. */
  readonly verify: boolean;
}

/**
 * What became of it. `busy`: a stamp was taken too late to be trusted. `own`: the prober's machine
 * failed, not the target.
 */
export type Outcome = { readonly busy: boolean; readonly certificateExpiresAt?: number } & (
  { readonly latencyMs: number; readonly phases: SamplePhases } | { readonly error: SampleError } | { readonly own: string }
);

/**
 * All plain connections read into this one buffer: what arrives is looked at before the next read,
 * and not kept. Of its own accord Node makes 64 KB for each read, and collecting them is a pause
 * that the targets would be blamed for.
 */
const READ_BUFFER = Buffer.allocUnsafe(64 * 1024);

/**
 * Sends the request and reads the answer. Never rejects; resolves within `timeoutMs`, give or take
 * the event loop.
 */
export function exchange(request: ExchangeRequest, gauge: LoopGauge): Promise<Outcome> {
  return new Promise((resolve) => {
    new Exchange(request, gauge, resolve).open();
  });
}

class Exchange {
  private phase: SamplePhase = 'connect';
  private readonly reader: ResponseReader;
  private readonly endsAtMs: Partial<Record<SamplePhase, number>> = {};
  private startedMs = 0;
  private busy = false;
  private done = false;
  private socket: net.Socket | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private certificateExpiresAt: number | undefined;

  constructor(
    private readonly request: ExchangeRequest,
    private readonly gauge: LoopGauge,
    private readonly resolve: (outcome: Outcome) => void,
  ) {
    this.reader = new ResponseReader(request.bodyless);
  }

  open(): void {
    this.deadline = setTimeout(() => this.fail({ kind: 'timeout', phase: this.phase }), this.request.timeoutMs);
    const socket = this.connect();
    this.socket = socket;
    // Node sends the SYN in the next tick: what it took to make the socket is not the target's.
    this.startedMs = this.gauge.stamp().atMs;
    socket.on('connect', () => this.onConnected(socket));
    if (this.request.tls !== undefined) socket.on('data', (data: Buffer) => this.onData(data));
    socket.on('end', () => this.onEnd());
    socket.on('error', (error) => this.onError(error));
    socket.on('close', () => this.fail({ kind: 'reset', phase: this.phase }));
  }

  private connect(): net.Socket {
    const { address: host, port, tls: secure } = this.request;
    if (secure === undefined) return net.connect({ host, port, onread: { buffer: READ_BUFFER, callback: this.onRead } });
    const { context, serverName } = secure;
    const options = { host, port, secureContext: context, ALPNProtocols: ['http/1.1'], rejectUnauthorized: false };
    const socket = tls.connect(serverName === undefined ? options : { ...options, servername: serverName });
    socket.on('secureConnect', () => this.onSecured(socket, secure));
    return socket;
  }

  private readonly onRead = (bytes: number): boolean => {
    this.onData(READ_BUFFER.subarray(0, bytes));
    return true;
  };

  private onConnected(socket: net.Socket): void {
    socket.setNoDelay(true);
    this.endPhase(this.request.tls === undefined ? 'wait' : 'tls');
    if (this.request.tls === undefined) socket.write(this.request.text);
  }

  /**
   * The verdict on the certificate is read here and not left to `rejectUnauthorized`, which would
   * hide when a bad one expired.
   */
  private onSecured(socket: tls.TLSSocket, secure: TlsRequest): void {
    if (secure.verify && !socket.authorized) return this.rejectCertificate(socket);
    this.endPhase('wait');
    socket.write(this.request.text);
  }

  private rejectCertificate(socket: tls.TLSSocket): void {
    this.certificateExpiresAt = expiryOf(socket);
    this.fail({ kind: 'tls', phase: 'tls' });
  }

  /**
   * The end of a handshake is not gated: its own arithmetic, over a millisecond of this core, runs
   * just before the stamp.
   */
  private endPhase(next: SamplePhase): void {
    const { atMs, busyMs } = this.gauge.stamp();
    this.busy ||= busyMs > BUSY_LIMIT_MS && this.phase !== 'tls';
    this.endsAtMs[this.phase] = atMs;
    this.phase = next;
  }

  private onData(data: Buffer): void {
    if (this.done) return;
    if (this.phase === 'wait') this.endPhase('body');
    this.read(() => this.reader.feed(data));
  }

  /** Closed before the first byte: nothing was said at all, which is a reset, not a bad answer. */
  private onEnd(): void {
    if (this.phase !== 'body') return this.fail({ kind: 'reset', phase: this.phase });
    this.read(() => this.reader.end());
  }

  private read(step: () => void): void {
    try {
      step();
    } catch (error) {
      return this.onError(error as Error);
    }
    if (this.reader.headComplete && !this.request.accepts(this.reader.status))
      return this.fail({ kind: 'status', status: this.reader.status });
    if (this.reader.complete) this.succeed();
  }

  private onError(error: Error): void {
    const found = classify(error, this.phase);
    if ('own' in found) this.finish(found);
    else this.fail(found);
  }

  private fail(error: SampleError): void {
    this.finish({ error });
  }

  private succeed(): void {
    this.endPhase('body');
    const { connect = 0, tls: secured = connect, wait = 0, body = 0 } = this.endsAtMs;
    if (this.socket instanceof tls.TLSSocket) this.certificateExpiresAt = expiryOf(this.socket);
    const phases = {
      connectMs: micro(connect - this.startedMs),
      ...(this.request.tls === undefined ? {} : { tlsMs: micro(secured - connect) }),
      waitMs: micro(wait - secured),
      bodyMs: micro(body - wait),
    };
    this.finish({ latencyMs: micro(body - this.startedMs), phases });
  }

  private finish(result: { error: SampleError } | { own: string } | { latencyMs: number; phases: SamplePhases }): void {
    if (this.done) return;
    this.done = true;
    clearTimeout(this.deadline);
    this.socket?.destroy();
    const expiry = this.certificateExpiresAt === undefined ? {} : { certificateExpiresAt: this.certificateExpiresAt };
    this.resolve({ busy: this.busy, ...expiry, ...result });
  }
}

/** Rounded to a microsecond: finer digits are noise and only make the report longer. */
function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function expiryOf(socket: tls.TLSSocket): number | undefined {
  const validTo = socket.getPeerX509Certificate()?.validTo;
  return validTo === undefined ? undefined : Date.parse(validTo);
}
