/**
 * A probe in HTTP/2 (RFC 9113), by Node's own implementation: one connection, one stream. Without
 * TLS it begins with prior knowledge; over TLS the target has to choose `h2` (RFC 7301).
 *
 * Gotchas. The session is made before the socket connects, so that what that costs is not in the
 * latency. nghttp2 bounds what a target may send without an answer (headers, CONTINUATION frames,
 * acknowledgements); what it does not bound ends with the one deadline.
 */
import http2 from 'node:http2';
import net from 'node:net';
import type { SampleError } from '../../core/model';
import { Attempt } from './attempt';
import { GrpcBody, grpcStatusOf, isGrpc, framed } from './grpc';
import type { Http2Request } from './probe-request';
import { MAX_BODY_BYTES } from './response';

const { NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_PROTOCOL_ERROR, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_HTTP_1_1_REQUIRED } =
  http2.constants;

/**
 * Interim responses, pings and settings that one probe takes together; real servers send 1 to 3.
 */
const MAX_EXTRAS = 100;

const SESSION: http2.ClientSessionOptions = {
  settings: { enablePush: false },
  /** In MB; the smallest there is. */
  maxSessionMemory: 1,
};

export class Http2Attempt extends Attempt<Http2Request> {
  protected readonly alpn = 'h2';
  private session: http2.ClientHttp2Session | undefined;
  private readonly body = new GrpcBody();
  private extras = 0;
  private grpcStatus: number | undefined;

  protected plain(host: string, port: number): net.Socket {
    return net.connect({ host, port });
  }

  protected override speaks(chosen: string | false | null): boolean {
    return chosen === this.alpn;
  }

  protected listen(socket: net.Socket): void {
    const session = http2.connect(`http://${this.request.headers[':authority']}`, { ...SESSION, createConnection: () => socket });
    this.session = session;
    session.on('error', (error: Error) => this.onHttp2Error(error));
    session.on('goaway', (code: number, lastStreamId: number) => this.onGoaway(code, lastStreamId));
    session.on('ping', () => this.onExtra());
    session.on('remoteSettings', () => this.onExtra());
    const stream = session.request({ ...this.request.headers }, { endStream: this.request.grpc === undefined });
    stream.on('headers', () => this.onExtra());
    stream.on('response', (headers) => this.onResponse(headers));
    stream.on('data', (data: Buffer) => this.onData(data));
    stream.on('trailers', (headers) => (this.grpcStatus = grpcStatusOf(headers)));
    stream.on('end', () => this.onStreamEnd(stream.rstCode ?? NGHTTP2_NO_ERROR));
    stream.on('error', (error: Error) => this.onHttp2Error(error, stream.rstCode));
    stream.on('close', () => this.fail(this.ended(stream.rstCode ?? NGHTTP2_NO_ERROR)));
    if (this.request.grpc !== undefined) stream.end(framed(this.request.grpc.message));
  }

  protected send(): void {
    // The session sends what it holds once the socket is ready.
  }

  protected release(): void {
    this.session?.destroy();
  }

  private onExtra(): void {
    this.extras += 1;
    if (this.extras > MAX_EXTRAS) this.fail({ kind: 'protocol', phase: this.phase });
  }

  private onResponse(headers: http2.IncomingHttpHeaders & http2.IncomingHttpStatusHeader): void {
    if (this.done) return;
    this.endPhase('body');
    const status = headers[':status'] ?? 0;
    if (this.request.grpc === undefined) {
      if (!this.request.accepts(status)) this.fail({ kind: 'status', status });
    } else if (status !== 200) this.fail({ kind: 'status', status });
    else if (!isGrpc(headers)) this.fail({ kind: 'protocol', phase: this.phase });
    // An answer without a message has its status here ("Trailers-Only").
    else this.grpcStatus = grpcStatusOf(headers);
  }

  private onData(data: Buffer): void {
    if (this.done) return;
    this.body.add(data);
    if (this.body.bytes >= MAX_BODY_BYTES) this.succeed();
  }

  /** Also emitted where the stream was reset: what came until then is all there is. */
  private onStreamEnd(rstCode: number): void {
    if (this.done) return;
    if (this.phase !== 'body' || rstCode !== NGHTTP2_NO_ERROR) this.fail(this.ended(rstCode));
    else if (this.request.grpc === undefined) this.succeed();
    else this.endCall(this.request.grpc.health);
  }

  private endCall(health: boolean): void {
    const status = this.grpcStatus;
    if (status === undefined) this.fail({ kind: 'protocol', phase: 'body' });
    else if (!this.request.accepts(status)) this.fail({ kind: 'status', status });
    else if (status !== 0) this.succeed();
    else if (!this.body.isOneMessage) this.fail({ kind: 'protocol', phase: 'body' });
    else if (health && !this.body.isServing) this.fail({ kind: 'status', status });
    else this.succeed();
  }

  /** A graceful GOAWAY lets the stream end where the target has taken it on (RFC 9113, 6.8). */
  private onGoaway(code: number, lastStreamId: number): void {
    if (code !== NGHTTP2_NO_ERROR) this.fail(this.ended(code));
    else if (lastStreamId < 1) this.fail({ kind: 'refused', phase: this.phase });
  }

  private onHttp2Error(error: NodeJS.ErrnoException, rstCode?: number): void {
    if (this.done) return;
    if (rstCode !== undefined && rstCode !== NGHTTP2_NO_ERROR && error.code === 'ERR_HTTP2_STREAM_ERROR') this.fail(this.ended(rstCode));
    else if (error.code?.startsWith('ERR_HTTP2_') === true) this.fail({ kind: 'protocol', phase: this.phase });
    else this.onError(error);
  }

  /** A stream that the target did not take on was refused, whoever listens there. */
  private ended(code: number): SampleError {
    if (code === NGHTTP2_REFUSED_STREAM) return { kind: 'refused', phase: this.phase };
    return { kind: PROTOCOL_CODES.includes(code) ? 'protocol' : 'reset', phase: this.phase };
  }
}

/** By which either side says that it cannot make sense of, or go on with, what the other sends. */
const PROTOCOL_CODES: readonly number[] = [
  NGHTTP2_PROTOCOL_ERROR,
  NGHTTP2_ENHANCE_YOUR_CALM,
  NGHTTP2_HTTP_1_1_REQUIRED,
  http2.constants.NGHTTP2_FLOW_CONTROL_ERROR,
  http2.constants.NGHTTP2_FRAME_SIZE_ERROR,
  http2.constants.NGHTTP2_COMPRESSION_ERROR,
];
