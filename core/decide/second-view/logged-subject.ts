/** Of whom the access logs are asked: a target under suspicion, its peers, and what is slow. */
import type { Subject } from '../../access-log/query';
import { isServing, isSuspected, verdictOf } from '../../case';
import { targetKey, type Round, type Target } from '../../model';
import { waitsOf } from './phases';
import { splitOf } from './split';
import { latencyOf, samplesOf } from './suspicion';

/**
 * Undefined where nothing can be asked: no round, or no IPv4 address on record. How the logs write
 * an IPv6 address and a port is not verified.
 * @param rounds newest first.
 * @param timeoutMs of a probe: what is slow where no answer of the target tells.
 */
export function subjectOf(rounds: readonly Round[], target: Target, timeoutMs: number): Subject | undefined {
  const [newest] = rounds;
  const endpoint = newest === undefined ? undefined : endpointOf(newest, target);
  if (newest === undefined || endpoint === undefined) return undefined;
  const peers = newest.lbView.filter((entry) => isServing(entry) && !isSuspected(verdictOf(newest, entry.target)));
  const others = peers.filter((entry) => targetKey(entry.target) !== targetKey(target));
  const end = rounds.findIndex((round) => !isSuspected(verdictOf(round, target)));
  const within = end === -1 ? rounds : rounds.slice(0, end);
  const peersMs = others.flatMap((entry) => within.flatMap((round) => samplesOf([round], targetKey(entry.target)).map(latencyOf)));
  const { fromMs } = splitOf(
    waitsOf({ within, key: targetKey(target) }, Infinity),
    peersMs.sort((a, b) => a - b),
  );
  return {
    groupArn: newest.groupArn,
    endpoint,
    peers: others.flatMap((entry) => endpointOf(newest, entry.target) ?? []),
    fromMs: Number.isFinite(fromMs) ? fromMs : timeoutMs,
  };
}

/** `address:port`, as an access log names a target ("Access logs", ELB user guide). */
export function endpointOf({ addresses }: Pick<Round, 'addresses'>, target: Target): string | undefined {
  const address = addresses[targetKey(target)];
  return address === undefined || !/^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? undefined : `${address}:${target.port}`;
}
