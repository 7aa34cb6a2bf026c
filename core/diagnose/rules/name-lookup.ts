import type { Finding } from '../../model';
import { seen, type Evidence } from '../confidence';
import { contrast, contrastText, gradedHigh, largestBy, type Levels } from '../contrast';
import { ageText, culpritOf, shortName } from '../identity';
import { filesHere } from '../drift';
import type { Inspection } from '../inspection';
import { jobOf, jobsHere, type Job } from '../jobs';
import { dnsValue, lookupMs, milliseconds } from '../readings';
import { isPageQuick, pageFails, requestsWait } from '../symptom';
import { farHere, losesHere } from './slow-dependency';
import { conclude, type View } from '../view';

/**
 * A lookup in a data centre takes single milliseconds; one that lost a packet takes the resolver's
 * time-out, 5 s by default (resolv.conf(5)).
 */
const SLOW_MS: Levels = { limit: 500, felt: 150, scale: { absolute: 40, relative: 1 } };

/** Queries that wait at one moment: who looks up a name in a millisecond has none. */
const PENDING: Levels = { limit: 4, felt: 2, scale: { absolute: 0.5, relative: 1 } };

function pending(inspection: Inspection): number | undefined {
  const value = Number(dnsValue(inspection, 'pending') ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

/** So many at a time are no program that needs a name now and then. */
const FLOOD_FROM = 32;

/**
 * The job of this host alone that waits for most of the names that anybody here waits for: the
 * resolver has no room for others.
 */
function askerOf(view: View): { readonly job: Job; readonly count: number } | undefined {
  const all = pending(view.sick) ?? 0;
  const asking = jobsHere(view).map((job) => {
    const own = view.sick.queries.filter(({ pid }) => jobOf(pid, [job]) !== undefined);
    return { job, count: own.reduce((total, { count }) => total + count, 0) };
  });
  return largestBy(asking, ({ count }) => count, Math.max(FLOOD_FROM, all / 2));
}

function askerText({ now }: View, { job: { root }, count }: NonNullable<ReturnType<typeof askerOf>>): string {
  return `pid ${root.pid} ${shortName(root)} waits for ${count} of them, ${ageText(root.startedAt, now)}; only this host runs it`;
}

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

/**
 * Files by which names are looked up: hosts(5), resolv.conf(5), nsswitch.conf(5), and those of
 * local resolvers.
 */
const LOOKUP_FILES = /^\/etc\/(hosts|resolv\.conf|nsswitch\.conf|host\.conf|gai\.conf|nscd\.conf|dnsmasq|unbound\/|systemd\/resolved)/;

/** One of them was changed on this host alone. */
function changedFiles(view: View): Evidence[] {
  const files = filesHere(view).filter((file) => LOOKUP_FILES.test(file));
  return files.length === 0 ? [] : [seen('moderate', `changed within a week on this host alone: ${files.join(', ')}`)];
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
  const waiting = contrast(view, pending);
  const queries = gradedHigh(waiting, PENDING, 'strong', contrastText('name lookups that wait for an answer:', waiting, String));
  if (slow.length + fails.length + queries.length === 0) return undefined;
  const asker = queries.length === 0 ? undefined : askerOf(view);
  const symptom = [...requestsWait(view), ...pageFails(view)].slice(0, 1);
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
      ...queries,
      ...(asker === undefined ? [] : [seen('moderate', askerText(view, asker))]),
      ...drift,
      ...changedFiles(view),
      ...symptom.map(({ summary }) => seen('weak', summary)),
    ],
    against: drift.length > 0 ? [] : slowNetwork(view),
    culprit: asker === undefined ? undefined : culpritOf(asker.job.root, view.sick),
  });
}
