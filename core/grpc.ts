/** What configuration, prober and reports have in common about gRPC. */

/** The standard health service (grpc/grpc, doc/health-checking.md). */
export const GRPC_HEALTH_PATH = '/grpc.health.v1.Health/Check';

/** In the order of their numbers (grpc/grpc, doc/statuscodes.md). */
const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/**
 * A status for people: HTTP's has three digits, gRPC's one or two. A health service that answers
 * and does not serve has gRPC's OK.
 */
export function statusText(status: number): string {
  if (status >= 100) return `status ${status}`;
  const name = NAMES[status];
  return `gRPC status ${status}${name === undefined ? '' : ` (${name})`}`;
}
