/** One probe, ready to be sent, and what became of it. */
import type { SecureContext } from 'node:tls';
import type { SampleError, SamplePhases } from '../../core/model';

/** One request on a fresh connection to an address that is already resolved. */
export interface ProbeRequest {
  readonly address: string;
  readonly port: number;
  /**
   * From before connect to the last byte of the body: one deadline, not an idle timer, so that
   * dripped bytes do not defeat it.
   */
  readonly timeoutMs: number;
  /** HTTP status codes that are an answer; in gRPC, values of `grpc-status`. */
  readonly accepts: (status: number) => boolean;
  readonly tls?: TlsRequest;
}

export interface TlsRequest {
  readonly context: SecureContext;
  readonly serverName?: string;
  /** Whether the certificate must be valid for the name. */
  readonly verify: boolean;
}

/** In HTTP/1.1. */
export interface Http1Request extends ProbeRequest {
  /** The whole request as it goes over the wire. */
  readonly text: string;
  readonly bodyless: boolean;
}

/** In HTTP/2, gRPC among it. */
export interface Http2Request extends ProbeRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** A gRPC call: the one message that is sent, and whether a health service has to say SERVING. */
  readonly grpc?: { readonly message: Buffer; readonly health: boolean };
}

export type ExchangeRequest = Http1Request | Http2Request;

/**
 * What became of it. `busy`: a stamp was taken too late to be trusted. `own`: the prober's machine
 * failed, not the target.
 */
export type Outcome = { readonly busy: boolean; readonly certificateExpiresAt?: number } & (
  { readonly latencyMs: number; readonly phases: SamplePhases } | { readonly error: SampleError } | { readonly own: string }
);
