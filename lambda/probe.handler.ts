import type { ProbePlan, ProbeReport } from '../core/model';
import { parsePlan } from './probe/event';
import { probeRound } from './probe/round';

/**
 * Measures what the plan says, from inside the VPC, and gives back what it saw. Needs nothing of
 * AWS and knows nothing of the account: whatever it must know is in the plan.
 * @throws TypeError when the plan is not one it can read.
 */
export async function handler(event: ProbePlan): Promise<ProbeReport> {
  return probeRound(parsePlan(event));
}
