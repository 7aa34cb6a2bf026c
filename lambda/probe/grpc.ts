/**
 * What a probe needs of gRPC over HTTP/2 (grpc/grpc, doc/PROTOCOL-HTTP2.md): one message to send,
 * and the status of the answer. Messages are framed and counted, never parsed, but for the answer
 * of the health service, which is two bytes long (grpc/grpc, doc/health-checking.md).
 */
import type { IncomingHttpHeaders } from 'node:http2';
import { GRPC_HEALTH_PATH } from '../../core/grpc';

/** One byte of flags and four of length before each message. */
const PREFIX_BYTES = 5;

/**
 * The one message of a unary call as it goes over the wire, uncompressed.
 */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}

/**
 * HealthCheckRequest: its one field, `service`, is number 1, a string; empty is the whole server.
 */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8');
  if (name.length === 0) return name;
  // The length is a varint: one byte up to 127, two up to 16,383.
  const length = name.length < 0x80 ? [name.length] : [(name.length & 0x7f) | 0x80, name.length >> 7];
  return Buffer.from([0x0a, ...length, ...name]);
}

export function isHealthCall(path: string): boolean {
  return path === GRPC_HEALTH_PATH;
}

/** HealthCheckResponse with `status` (field 1, a varint) SERVING (1), uncompressed. */
const SERVING = framed(Buffer.from([0x08, 0x01]));

/**
 * The body of one answer: its first bytes are kept, the others counted.
 */
export class GrpcBody {
  bytes = 0;
  private head = Buffer.alloc(0);

  add(data: Buffer): void {
    if (this.head.length < SERVING.length) this.head = Buffer.concat([this.head, data.subarray(0, SERVING.length - this.head.length)]);
    this.bytes += data.length;
  }

  /** Whether it is exactly one message, compressed or not: all that a unary call answers with. */
  get isOneMessage(): boolean {
    return this.bytes >= PREFIX_BYTES && (this.head[0] ?? 2) <= 1 && this.head.readUInt32BE(1) === this.bytes - PREFIX_BYTES;
  }

  /** False as well where it is compressed: the probe said that it takes no compressed messages. */
  get isServing(): boolean {
    return this.bytes === SERVING.length && this.head.equals(SERVING);
  }
}

/**
 * The value of `grpc-status`; undefined where there is none, or none that is a number of at most
 * two digits (a matcher has 0 to 99; ELBv2 API reference, Matcher).
 */
export function grpcStatusOf(headers: IncomingHttpHeaders): number | undefined {
  const value = headers['grpc-status'];
  return typeof value === 'string' && /^[0-9]{1,2}$/.test(value) ? Number(value) : undefined;
}

export function isGrpc(headers: IncomingHttpHeaders): boolean {
  return /^application\/grpc(?:$|[+;])/.test(headers['content-type'] ?? '');
}
