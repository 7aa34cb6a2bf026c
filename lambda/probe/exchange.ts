/** Sends one probe and reads its answer, in the protocol of the request. */
import net from 'node:net';
import { Attempt } from './attempt';
import { Http2Attempt } from './http2';
import type { LoopGauge } from './loop-gauge';
import type { ExchangeRequest, Http1Request, Outcome } from './probe-request';
import { ResponseReader } from './response';

/**
 * All plain connections of HTTP/1.1 read into this one buffer: what arrives is looked at before the
 * next read, and not kept. Of its own accord Node makes 64 KB for each read, and collecting them is
 * a pause that the targets would be blamed for.
 */
const READ_BUFFER = Buffer.allocUnsafe(64 * 1024);

/**
 * Sends the request and reads the answer. Never rejects; resolves within `timeoutMs`, give or take
 * the event loop.
 */
export function exchange(request: ExchangeRequest, gauge: LoopGauge): Promise<Outcome> {
  return new Promise((resolve) => {
    ('text' in request ? new Http1Attempt(request, gauge, resolve) : new Http2Attempt(request, gauge, resolve)).open();
  });
}

class Http1Attempt extends Attempt<Http1Request> {
  protected readonly alpn = 'http/1.1';
  private readonly reader = new ResponseReader(this.request.bodyless);

  protected plain(host: string, port: number): net.Socket {
    return net.connect({ host, port, onread: { buffer: READ_BUFFER, callback: this.onRead } });
  }

  protected listen(socket: net.Socket): void {
    if (this.request.tls !== undefined) socket.on('data', (data: Buffer) => this.onData(data));
    socket.on('end', () => this.onEnd());
  }

  protected send(socket: net.Socket): void {
    socket.write(this.request.text);
  }

  protected release(): void {
    // The socket is all that it holds.
  }

  private readonly onRead = (bytes: number): boolean => {
    this.onData(READ_BUFFER.subarray(0, bytes));
    return true;
  };

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
}
