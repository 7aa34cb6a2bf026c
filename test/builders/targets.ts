/** Targets, and how the load balancer lists them. */
import type { LbTarget, Target } from '../../core/model';

export const TARGET: Target = { id: 'i-1', port: 8080 };

export function healthy(ids: readonly string[], port = 8080): LbTarget[] {
  return ids.map((id) => ({ target: { id, port }, state: 'healthy' }));
}
