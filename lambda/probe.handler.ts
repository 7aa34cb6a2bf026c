import type { PageReport, PageRequest, ProbePlan, ProbeReport } from '../core/model';
import { parseProbePlan } from './probe/event';
import { readPages } from './probe/page';
import { isPageRequest, parsePageRequest } from './probe/page-event';
import { probeRound } from './probe/round';

/**
 * Measures what the plan says, from inside the VPC, and gives back what it saw; or reads the
 * metrics pages that the request names. Needs nothing of AWS and knows nothing of the account:
 * whatever it must know is in the event.
 * @throws TypeError when the event is not one it can read.
 */
export async function handler(event: ProbePlan): Promise<ProbeReport>;
export async function handler(event: PageRequest): Promise<PageReport>;
export async function handler(event: ProbePlan | PageRequest): Promise<ProbeReport | PageReport> {
  return isPageRequest(event) ? readPages(parsePageRequest(event)) : probeRound(parseProbePlan(event));
}
