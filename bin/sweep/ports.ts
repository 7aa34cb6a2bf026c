/**
 * The sweep of the deployed function, from where the command runs: it reads the account, measures,
 * judges and remembers in memory alone. It writes no record and wakes nobody.
 */
import type { ProbePlan, ProbeReport, Round } from '../../core/model';
import { clock } from '../../lambda/aws/clock';
import * as clients from '../../lambda/aws/clients';
import { instances } from '../../lambda/aws/instances';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import { HISTORY_ROUNDS } from '../../lambda/discover/survey';
import type { Prober, RoundRecords, SweepPorts } from '../../lambda/ports';
import { sampleClient } from '../../lambda/probe/client';

/** What the newest sweep did, beside its rounds. */
export interface Pass {
  readonly rounds: readonly Round[];
  /** With the phase in which each probe failed, which a round keeps of suspects alone. */
  readonly reports: readonly ProbeReport[];
  /** What went wrong without ending the sweep. */
  readonly failures: readonly string[];
}

export interface Measuring {
  readonly ports: SweepPorts;
  /** Rounds of this group so far. */
  roundsOf(groupArn: string): number;
  /** What was done since the last call. */
  taken(): Pass;
}

/** @param tell hears what is about to be measured */
export function measuring(prober: Prober, tell: (plan: ProbePlan) => void): Measuring {
  const ec2 = clients.readInstances();
  const remembered = new Map<string, Round[]>();
  const counts = new Map<string, number>();
  let pass = { rounds: [] as Round[], reports: [] as ProbeReport[], failures: [] as string[] };
  const recorded: Prober = {
    probe: async (plan) => {
      tell(plan);
      const report = await prober.probe(plan);
      pass.reports.push(report);
      return report;
    },
  };
  /** Nobody else measures here: a round that begins is not put on record. */
  const rounds: RoundRecords = {
    latest: async (groupArn, limit) => (remembered.get(groupArn) ?? []).slice(0, limit),
    append: async (round) => {
      remembered.set(round.groupArn, [round, ...(remembered.get(round.groupArn) ?? [])].slice(0, HISTORY_ROUNDS));
      counts.set(round.groupArn, (counts.get(round.groupArn) ?? 0) + 1);
      pass.rounds.push(round);
    },
    begin: async (_, at) => at,
    begun: async () => new Map(),
  };
  return {
    roundsOf: (groupArn) => counts.get(groupArn) ?? 0,
    taken: () => {
      const done = pass;
      pass = { rounds: [], reports: [], failures: [] };
      return done;
    },
    ports: {
      clock,
      log: (event, details) => void ('error' in details && pass.failures.push(`${event}: ${String(details['error'])}`)),
      metrics: () => undefined,
      loadBalancing: loadBalancing(clients.readLoadBalancing()),
      instances: instances(ec2),
      targetRefs: targetRefs(ec2),
      prober: recorded,
      clients: { sample: sampleClient },
      rounds,
      cases: { open: async () => [] },
      responder: { wake: async () => undefined },
    },
  };
}
