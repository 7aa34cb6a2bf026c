/** What every probe has, whatever it speaks: one connection, one deadline, and the phases. */
import type net from 'node:net';
import tls from 'node:tls';
import type { SampleError, SamplePhase, SamplePhases } from '../../core/model';
import { classify } from './failure';
import { BUSY_LIMIT_MS, type LoopGauge } from './loop-gauge';
import type { Outcome, ProbeRequest, TlsRequest } from './probe-request';

/**
 * One request on a connection of its own. A subclass opens the socket, sends on it once it is
 * ready, and reads; this class keeps the time and ends it once. `open` is called once.
 */
export abstract class Attempt<Request extends ProbeRequest> {
  protected phase: SamplePhase = 'connect';
  protected done = false;
  private readonly endsAtMs: Partial<Record<SamplePhase, number>> = {};
  private startedMs = 0;
  private busy = false;
  private socket: net.Socket | undefined;
  private deadline: NodeJS.Timeout | undefined;
  private certificateExpiresAt: number | undefined;

  constructor(
    protected readonly request: Request,
    private readonly gauge: LoopGauge,
    private readonly resolve: (outcome: Outcome) => void,
  ) {}

  /** What is offered in the TLS handshake (RFC 7301). */
  protected abstract readonly alpn: string;

  /** A plain connection that has begun to connect. */
  protected abstract plain(host: string, port: number): net.Socket;

  /** Called before the socket is connected. */
  protected abstract listen(socket: net.Socket): void;

  /** The socket is connected, and secured where it has to be. */
  protected abstract send(socket: net.Socket): void;

  /** Lets go of what the subclass holds; the socket is destroyed after it. */
  protected abstract release(): void;

  open(): void {
    this.deadline = setTimeout(() => this.fail({ kind: 'timeout', phase: this.phase }), this.request.timeoutMs);
    const socket = this.connect();
    this.socket = socket;
    socket.on('connect', () => this.onConnected(socket));
    socket.on('error', (error) => this.onError(error));
    this.listen(socket);
    socket.on('close', () => this.fail({ kind: 'reset', phase: this.phase }));
    // Node sends the SYN in the next tick: what it took to make the socket is not the target's.
    this.startedMs = this.gauge.stamp().atMs;
  }

  private connect(): net.Socket {
    const { address: host, port, tls: secure } = this.request;
    if (secure === undefined) return this.plain(host, port);
    const { context, serverName } = secure;
    const options = { host, port, secureContext: context, ALPNProtocols: [this.alpn], rejectUnauthorized: false };
    const socket = tls.connect(serverName === undefined ? options : { ...options, servername: serverName });
    socket.on('secureConnect', () => this.onSecured(socket, secure));
    return socket;
  }

  private onConnected(socket: net.Socket): void {
    socket.setNoDelay(true);
    this.endPhase(this.request.tls === undefined ? 'wait' : 'tls');
    if (this.request.tls === undefined) this.send(socket);
  }

  /**
   * The verdict on the certificate is read here and not left to `rejectUnauthorized`, which would
   * hide when a bad one expired.
   */
  private onSecured(socket: tls.TLSSocket, secure: TlsRequest): void {
    if (secure.verify && !socket.authorized) return this.rejectCertificate(socket);
    if (!this.speaks(socket.alpnProtocol)) return this.fail({ kind: 'protocol', phase: 'tls' });
    this.endPhase('wait');
    this.send(socket);
  }

  /** Whether what the target chose in the handshake is what this probe speaks. */
  protected speaks(_chosen: string | false | null): boolean {
    return true;
  }

  private rejectCertificate(socket: tls.TLSSocket): void {
    this.certificateExpiresAt = expiryOf(socket);
    this.fail({ kind: 'tls', phase: 'tls' });
  }

  /**
   * The end of a handshake is not gated: its own arithmetic, over a millisecond of this core, runs
   * just before the stamp.
   */
  protected endPhase(next: SamplePhase): void {
    const { atMs, busyMs } = this.gauge.stamp();
    this.busy ||= busyMs > BUSY_LIMIT_MS && this.phase !== 'tls';
    this.endsAtMs[this.phase] = atMs;
    this.phase = next;
  }

  protected onError(error: Error): void {
    const found = classify(error, this.phase);
    if ('own' in found) this.finish(found);
    else this.fail(found);
  }

  protected fail(error: SampleError): void {
    this.finish({ error });
  }

  protected succeed(): void {
    if (this.done) return;
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
    this.release();
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
