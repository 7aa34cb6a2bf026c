/** What people are told where the metrics page alone was read. */
import type { Diagnosis } from '../model';

/** One line for each reason: "no Run Command on Fargate: its page over the network (10.0.1.30)". */
export function overNetworkLines(diagnosis: Diagnosis | undefined): string[] {
  const hosts = new Map<string, string[]>();
  for (const { host, why } of diagnosis?.overNetwork ?? []) hosts.set(why, [...(hosts.get(why) ?? []), host]);
  return [...hosts].map(([why, names]) => `${why}: its page over the network (${names.join(', ')})`);
}

/** Whether of this host the page alone was read. */
export function wasReadOverNetwork(host: string | undefined, diagnosis: Diagnosis | undefined): boolean {
  return (diagnosis?.overNetwork ?? []).some((one) => one.host === host);
}
