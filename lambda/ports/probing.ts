/** Who measures: the prober, and a client of the load balancers. */
import type { ProbePlan, ProbeReport, ClientProbe, ClientView, PageReport, PageRequest } from '../../core/model';

export interface Prober {
  probe(plan: ProbePlan): Promise<ProbeReport>;
}

export interface ClientSampler {
  /**
   * Samples an internet-facing load balancer as a client does; no sample starts after the window.
   */
  sample(probe: ClientProbe, startWindowMs: number): Promise<ClientView>;
}

/** The prober, asked for metrics pages. */
export interface PageReader {
  /** @throws when the prober cannot be asked. */
  read(request: PageRequest): Promise<PageReport>;
}
