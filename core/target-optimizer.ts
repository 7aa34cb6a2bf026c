/**
 * Target Optimizer: an agent on each target stands between the load balancer and the application
 * and limits the requests in progress; the load balancer sends the next one to a target whose agent
 * has room (TargetGroup.TargetControlPort, ELBv2 API reference; "ALB Target Optimizer", AWS Load
 * Balancer Controller). A probe at the targets' own port goes through that agent, past the load
 * balancer that knows who has room: it may wait for its turn at a target that is only busy (I).
 * What is slow there is not known to be the application, nor that users meet it.
 */
import type { TargetGroup } from './model';

type Grouped = Pick<TargetGroup, 'targetControlPort' | 'port'>;

/**
 * Whether the load balancer routes by the word of agents, and not by an algorithm of its own (I).
 */
export function routesByAgents({ targetControlPort }: Pick<Grouped, 'targetControlPort'>): boolean {
  return targetControlPort !== undefined;
}

/**
 * Why a probe of this target does not measure the application itself; undefined where it does:
 * without Target Optimizer, or past its agent by a port of its own.
 * @param probedPort as configured; undefined: the target's own.
 */
export function agentInFront(group: Grouped, targetPort: number, probedPort: number | undefined): string | undefined {
  if (!routesByAgents(group)) return undefined;
  const port = probedPort ?? targetPort;
  const isPast = port !== targetPort && port !== group.port && port !== group.targetControlPort;
  return isPast ? undefined : `behind the agent of Target Optimizer, which is what answers at port ${port}`;
}
