/**
 * Several servers on the application's port: whoever binds it with SO_REUSEPORT, too, gets a share
 * of its connections. A copy that somebody started to try things out, an old one that was left.
 */
import { seen, type Evidence } from './confidence';
import { runsNowhereElse } from './contrast';
import { ageText, parentOf } from './identity';
import { isWhole, type HostProcess, type Inspection } from './inspection';
import type { View } from './view';

/**
 * The processes that listen on the application's port, one for each server: workers of one parent,
 * and a parent and its child, are one.
 */
function servers(inspection: Inspection): HostProcess[] {
  const port = Number(inspection.params.get('appPort'));
  const pids = new Set(inspection.listeners.filter((one) => one.port === port).flatMap(({ pid }) => pid ?? []));
  const owners = inspection.processes.filter(({ pid }) => pids.has(pid)).sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
  const isChild = (one: HostProcess, of: HostProcess): boolean => one.parents.some(({ pid }) => pid > 1 && pid === of.pid);
  const isSibling = (one: HostProcess, of: HostProcess): boolean => one.ppid > 1 && one.ppid === of.ppid && one.key === of.key;
  return owners.filter(
    (one, index) => !owners.some((other) => isChild(one, other)) && !owners.slice(0, index).some((other) => isSibling(one, other)),
  );
}

export interface SecondServer {
  readonly support: readonly Evidence[];
  /** The one that no peer runs, where there is one such beside what they run. */
  readonly culprit?: HostProcess;
}

/** More servers on the application's port than on any peer. */
export function secondServer(view: View): SecondServer {
  const { sick, peers, now } = view;
  const [here, elsewhere] = [servers(sick), peers.map(servers)];
  if (here.length < 2 || [sick, ...peers].some((host) => !isWhole(host, 'sockets'))) return { support: [] };
  if (elsewhere.length === 0 || elsewhere.some((list) => list.length === 0 || list.length >= here.length)) return { support: [] };
  const strangers = here.filter((one) => runsNowhereElse(one, view));
  const [culprit] = strangers.length === 1 ? strangers : [];
  const told = here.map(({ pid, comm }) => `pid ${pid} ${comm}`).join(', ');
  const port = sick.params.get('appPort');
  const summary = `${here.length} servers listen on port ${port} and share its connections (${told}); peers ${Math.max(...elsewhere.map(({ length }) => length))}`;
  if (culprit === undefined) return { support: [seen('moderate', summary)] };
  const parent = parentOf(culprit);
  const from = parent === undefined ? '' : `, parent ${parent.comm}`;
  const who = `pid ${culprit.pid} ${culprit.command} is one of them${from}, ${ageText(culprit.startedAt, now)}; only this host runs it`;
  return { support: [seen('moderate', summary), seen('strong', who)], culprit };
}
