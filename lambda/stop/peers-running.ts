/**
 * Whether peers run the culprit's command now: a fresh inspection of each, nothing of the
 * finding's.
 */
import { configOf, type Config } from '../../core/config';
import { isServing } from '../../core/case';
import { mayRunThere } from '../../core/stop/same-job';
import { documentParameters } from '../inspect/document';
import type { Hosts, RoundRecords } from '../ports';
import type { StopPorts } from './ports';

/** Peers looked at: those of a larger group stand for the others. */
const MOST_PEERS = 6;

export function peersRunning(hosts: Hosts, rounds: Pick<RoundRecords, 'latest'>, config: Config): StopPorts['peersRunning'] {
  return async ({ groupArn, target }, culprit) => {
    const [round] = await rounds.latest(groupArn, 1);
    const groupConfig = round === undefined ? undefined : configOf(config, round.group);
    if (round === undefined || groupConfig === undefined) throw new Error(`no round of ${groupArn} to take peers from`);
    const serving = round.lbView.filter((entry) => entry.target.id !== target.id && isServing(entry)).map((entry) => entry.target.id);
    const peers = [...new Set(serving)].slice(0, MOST_PEERS);
    if (peers.length === 0) throw new Error('no peer serves');
    const parameters = documentParameters({ ...round.group, attributes: {} }, groupConfig, target);
    const captures = await hosts.inspect(peers, parameters, config.durations.inspectionWaitS * 1000);
    return peers.filter((id) => {
      const capture = captures.find(({ host }) => host === id);
      return capture === undefined || mayRunThere(capture, culprit);
    });
  };
}
