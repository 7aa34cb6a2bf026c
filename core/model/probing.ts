/**
 * Shared contracts: probing. Everything is exported by core/model.ts, from which all others import.
 */
import type { Target } from './targets';

export const SAMPLE_ERROR_KINDS = ['refused', 'reset', 'timeout', 'tls', 'protocol', 'status'] as const;
export type SampleErrorKind = (typeof SAMPLE_ERROR_KINDS)[number];
export type SamplePhase = 'connect' | 'tls' | 'wait' | 'body';

export interface SampleError {
  readonly kind: SampleErrorKind;
  readonly phase?: SamplePhase;
  /**
   * When `kind` is `status`: the HTTP status, or below 100 the value of `grpc-status`. 0: the gRPC
   * health service answered, and does not serve.
   */
  readonly status?: number;
}

/** Where the time went, each from the end of the phase before it. */
export interface SamplePhases {
  readonly connectMs: number;
  readonly tlsMs?: number;
  readonly waitMs: number;
  readonly bodyMs: number;
}

/**
 * The phases of one probe as a round keeps them: connect, TLS, wait and body in ms, or the phase in
 * which it failed; null where that is not known.
 */
export type PackedPhases = readonly [connectMs: number, tlsMs: number, waitMs: number, bodyMs: number] | SamplePhase;

/**
 * One probe of one target. `latencyMs` runs from before connect to the end of the body (64 KiB
 * cap): curl's `time_total`. `offsetMs` is the start of the probe, from the start of the round.
 */
export type Sample =
  | { readonly target: Target; readonly offsetMs: number; readonly latencyMs: number; readonly phases?: SamplePhases }
  | { readonly target: Target; readonly offsetMs: number; readonly error: SampleError };

/**
 * What is spoken to the targets, beside HTTP/1.1: the other protocol versions of a target group.
 */
export type ProbeVersion = 'HTTP2' | 'GRPC';

/** The message of a unary gRPC call; of the standard health service it is made from `service`. */
export interface GrpcCall {
  /** The service that the standard health service is asked about; absent: the whole server. */
  readonly service?: string;
  /** The bytes of the message, in base64; absent: an empty message. */
  readonly request?: string;
}

/**
 * How to probe one group's targets: everything the prober needs, so that it needs no permission of
 * its own.
 */
export interface ProbeGroup {
  readonly groupArn: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** Absent: HTTP/1.1. */
  readonly version?: ProbeVersion;
  readonly grpc?: GrpcCall;
  readonly method: 'GET' | 'HEAD';
  readonly path: string;
  readonly hostHeader?: string;
  /** SNI. Defaults to `hostHeader`. */
  readonly serverName?: string;
  /**
   * Status codes that count as an answer, in ELB's matcher syntax: `200`, `200,202`, `200-299`; in
   * gRPC values of `grpc-status`: `0`, `0,5`, `0-5`.
   */
  readonly matcher: string;
  readonly timeoutMs: number;
  /** Connect to this port instead of each target's own. */
  readonly port?: number;
  /**
   * PEM. When given, certificates are verified against it; otherwise they are not verified, as an
   * ALB does not.
   */
  readonly ca?: string;
  readonly targets: readonly { readonly target: Target; readonly address: string; readonly samples: number }[];
}

/** A load balancer address to sample as a client does. */
export interface ClientProbe {
  readonly groupArn: string;
  readonly protocol: 'HTTP' | 'HTTPS';
  /** What the load balancer is spoken to in; absent: HTTP/1.1. */
  readonly version?: ProbeVersion;
  readonly grpc?: GrpcCall;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly hostHeader?: string;
  readonly matcher: string;
  readonly timeoutMs: number;
  readonly samples: number;
}

/** The event of `probe.handler`. */
export interface ProbePlan {
  readonly v: 1;
  /** No probe starts later than this after the start of the round. */
  readonly startWindowMs: number;
  readonly groups: readonly ProbeGroup[];
  /** Internal load balancers, which only the prober can reach. */
  readonly clients?: readonly ClientProbe[];
}

/**
 * The prober's judgement of itself: a request to a server in its own process, probed with the same
 * code between the others.
 */
export interface ProberHealth {
  readonly ok: boolean;
  /** Median latency of the control probes. */
  readonly controlMs: number;
  /** Fraction of samples whose event loop was busy for over 1 ms when they were stamped. */
  readonly busyFraction: number;
  readonly why?: string;
}

/** The answer of `probe.handler`. */
export interface ProbeReport {
  readonly v: 1;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly groups: readonly { readonly groupArn: string; readonly samples: readonly Sample[]; readonly certificateExpiresAt?: number }[];
  readonly clients?: readonly ClientView[];
  readonly prober: ProberHealth;
}

/**
 * What a client of the load balancer saw (S1). `slowFraction` counts samples over `slowAboveMs` and
 * errors.
 */
export interface ClientView {
  readonly groupArn: string;
  readonly samples: readonly ({ readonly latencyMs: number } | { readonly error: SampleError })[];
}
