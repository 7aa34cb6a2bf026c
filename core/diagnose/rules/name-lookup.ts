import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, type Levels } from '../contrast';
import type { Inspection } from '../inspection';
import { dnsValue, lookupMs, milliseconds } from '../readings';
import { isPageQuick, requestsWait } from '../symptom';
import { farHere, losesHere } from './slow-dependency';
import { conclude, type View } from '../view';

/**
 * A lookup in a data centre takes single milliseconds; one that lost a packet takes the resolver's
 * time-out, 5 s by default (resolv.conf(5)).
 */
const SLOW_MS: Levels = { limit: 500, felt: 150, scale: { absolute: 40, relative: 1 } };

function nameservers({ dns }: Inspection): string {
  return dns
    .filter(({ key }) => key === 'nameserver')
    .map(({ value }) => value)
    .join(' ');
}

/**
 * Where the network itself loses or delays, lookups suffer with everything else and are not the
 * cause. Nor are they where the host's own request for the page is answered as quickly as on its
 * peers: an application that waits for names keeps everybody waiting.
 */
function slowNetwork(view: View): Evidence[] {
  const quick = isPageQuick(view) === true && requestsWait(view).length === 0;
  return [
    ...losesHere(view),
    ...farHere(view),
    ...(quick ? [seen('strong', 'asked on the host itself, the real page is as quick as on its peers')] : []),
  ];
}

/** Names are slow or impossible to look up here, and not on the peers. */
export function nameLookup(view: View): Finding | undefined {
  const took = contrast(view, lookupMs);
  const outcome = dnsValue(view.sick, 'lookup');
  const works = view.peers.length > 0 && view.peers.every((peer) => dnsValue(peer, 'lookup') === 'ok');
  const slow = gradedHigh(took, SLOW_MS, 'strong', contrastText('a name lookup takes', took, milliseconds));
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
  return conclude({
    cause: 'dns',
    support: [
      ...slow,
      ...fails,
      ...drift,
      ...requestsWait(view)
        .slice(0, 1)
        .map(({ summary }) => seen('weak', summary)),
    ],
    against: drift.length > 0 ? [] : slowNetwork(view),
  });
}
