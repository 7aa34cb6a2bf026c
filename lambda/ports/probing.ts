/** Who measures: the prober, and a client of the load balancers. */
import type { ProbePlan, ProbeReport, ClientProbe, ClientView } from '../../core/model';

export interface Prober {
  probe(plan: ProbePlan): Promise<ProbeReport>;
}

export interface ClientSampler {
  /**
   * Samples an internet-facing load balancer as a client does; no sample starts after the window.
   */
  sample(probe: ClientProbe, startWindowMs: number): Promise<ClientView>;
}
