import type { Finding } from '../../model';
import type { Evidence } from '../confidence';
import { contrast, contrastText, highHere } from '../contrast';
import type { Inspection } from '../inspection';
import { dnsValue, lookupMs, milliseconds, percent, retransmitted } from '../readings';
import { farHere } from './slow-dependency';
import { conclude, type View } from '../view';

/** A lookup in a data centre takes single milliseconds; one that lost a packet takes the resolver's time-out, 5 s by default (resolv.conf(5)). */
const SLOW_FROM_MS = 500;
/** A network inside a region loses next to nothing. */
const LOSES_FROM = 0.02;

function nameservers({ dns }: Inspection): string {
  return dns
    .filter(({ key }) => key === 'nameserver')
    .map(({ value }) => value)
    .join(' ');
}

/** Where the network itself loses or delays, lookups suffer with everything else and are not the cause. */
function slowNetwork(view: View): Evidence[] {
  const lost = contrast(view, retransmitted);
  const bad = highHere(lost, LOSES_FROM, { absolute: 0.005, relative: 1 });
  return [
    ...(bad ? [{ weight: 'strong', summary: contrastText('TCP segments sent again', lost, percent) } as const] : []),
    ...farHere(view),
  ];
}

/** Names are slow or impossible to look up here, and not on the peers. */
export function nameLookup(view: View): Finding | undefined {
  const took = contrast(view, lookupMs);
  const outcome = dnsValue(view.sick, 'lookup');
  const works = view.peers.length > 0 && view.peers.every((peer) => dnsValue(peer, 'lookup') === 'ok');
  const slow: Evidence[] = highHere(took, SLOW_FROM_MS, { absolute: 100, relative: 1 })
    ? [{ weight: 'strong', summary: contrastText('a name lookup takes', took, milliseconds) }]
    : [];
  const fails: Evidence[] =
    outcome !== undefined && outcome !== 'ok' && works
      ? [{ weight: 'strong', summary: `a name lookup ends in ${outcome}; it works on every peer` }]
      : [];
  if (slow.length + fails.length === 0) return undefined;
  const servers = nameservers(view.sick);
  const other = view.peers.map(nameservers);
  const drift: Evidence[] =
    other.length > 0 && other.every((one) => one !== servers)
      ? [{ weight: 'moderate', summary: `it asks ${servers || 'no name server'}; peers ask ${[...new Set(other)].join(', ') || 'none'}` }]
      : [];
  return conclude({ cause: 'dns', support: [...slow, ...fails, ...drift], against: drift.length > 0 ? [] : slowNetwork(view) });
}
