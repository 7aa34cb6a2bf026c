/**
 * A conviction needs a second view that does not contradict it
 * (docs/decisions/0010-second-view.md): our client of the load balancer, the load balancer's own
 * metrics, its access logs where they are configured, and a second prober where there is one. Three
 * guardrails say what comes of it.
 */
import { corroboration } from '../../balancer-view';
import { check, type Candidate, type Guardrail } from '../candidate';
import { balancersView } from './balancer';
import { clientsView } from './client';
import { slowInConnectAlone } from './phases';
import { secondProbersView } from './prober';
import { requestsView, slowestMs } from './requests';
import { suspicionOf, type Suspicion } from './suspicion';
import type { View } from './view';

/**
 * By this long after the evidence began every view that can tell has told: the first whole minute
 * of it begins within a minute, lasts one, is told up to three minutes later, and the next round is
 * up to a minute away.
 */
export const AWAITED_MS = 360_000;

interface Views {
  readonly suspicion: Suspicion;
  readonly client: View;
  readonly balancer: View;
  readonly prober: View;
  /** Undefined: no access logs are configured. */
  readonly requests: View | undefined;
}

/** All three guardrails are asked about the same candidate. */
const known = new WeakMap<Candidate, Views>();

function viewsOf(candidate: Candidate): Views {
  const views = known.get(candidate) ?? lookAt(candidate);
  known.set(candidate, views);
  return views;
}

function lookAt(candidate: Candidate): Views {
  const suspicion = suspicionOf(candidate);
  return {
    suspicion,
    client: clientsView(suspicion),
    balancer: suspicion.ofErrors ? errorsAtTheBalancer(candidate) : balancersView(suspicion),
    prober: secondProbersView(suspicion),
    requests: requestsView(suspicion),
  };
}

/** Errors are counted, and the load balancer's word on them is a count as well. */
function errorsAtTheBalancer({ situation, group: { rounds }, incident, round, verdict }: Candidate): View {
  const keptMs = situation.config.durations.staleS * 1000;
  const { agrees, summary, needs } = corroboration({ view: incident.balancer, keptMs, now: situation.now, round, rounds, verdict });
  return { stand: agrees ? 'agrees' : 'cannot-tell', summary: `${summary} (${(needs * 100).toFixed(1)} % asked for)` };
}

/**
 * An agreeing client outweighs a p99 and access logs that do not show it: the client requests the
 * page that is probed, and those are over all pages. Access logs that show it outweigh a p99, which
 * is over all targets. Nothing outweighs a second prober, which measures as the first does, nor our
 * client.
 */
function whoContradicts({ client, balancer, prober, requests }: Views): View | undefined {
  if (prober.stand === 'contradicts') return prober;
  if (client.stand === 'contradicts') return client;
  if (client.stand === 'agrees') return undefined;
  if (requests?.stand === 'contradicts') return requests;
  return balancer.stand === 'contradicts' && requests?.stand !== 'agrees' ? balancer : undefined;
}

export const uncontradicted: Guardrail = (candidate) => {
  const views = viewsOf(candidate);
  const who = whoContradicts(views);
  return check('contradicted', who === undefined, who?.summary ?? everyWord(views), 'no second view contradicts it');
};

/**
 * Whether a view shows it, so that nothing more has to be waited for. A second prober is no client,
 * and a limiter on the host may meet both: it settles whether the time to connect is the target's
 * or our path's, and nothing else.
 */
function isShown({ client, balancer, prober, requests, suspicion }: Views): boolean {
  if ([client, balancer, requests].some((view) => view?.stand === 'agrees')) return true;
  return prober.stand === 'agrees' && slowInConnectAlone(suspicion);
}

/** The first minute that access logs can show begins later: when its slow answers have come. */
function awaitedUntil(suspicion: Suspicion): number {
  const { accessLogs } = suspicion.candidate.situation.config;
  return suspicion.since + AWAITED_MS + (accessLogs === undefined ? 0 : slowestMs(suspicion));
}

/** What is still to come, in words; undefined: nothing. */
function awaitedOf(views: Views, now: number): string | undefined {
  const { client, balancer, requests, suspicion } = views;
  if (suspicion.ofErrors || isShown(views) || whoContradicts(views) !== undefined) return undefined;
  if (now >= awaitedUntil(suspicion)) return undefined;
  const { subnetIds } = suspicion.candidate.situation.config.network;
  const waits = [
    ...(['absent', 'not-yet', 'old'].includes(balancer.stand) ? [balancer.summary] : []),
    ...(client.stand === 'not-yet' ? [client.summary] : []),
    ...(requests?.stand === 'not-yet' ? [requests.summary] : []),
    ...(subnetIds.length > 1 && ['absent', 'not-yet'].includes(views.prober.stand) ? [views.prober.summary] : []),
  ];
  return waits.length === 0 ? undefined : waits.join('; ');
}

export const notAwaited: Guardrail = (candidate) => {
  const views = viewsOf(candidate);
  const awaited = awaitedOf(views, candidate.situation.now);
  const leftS = Math.round((awaitedUntil(views.suspicion) - candidate.situation.now) / 1000);
  return check(
    'second-view-awaited',
    awaited === undefined,
    awaited ?? 'nothing to wait for',
    awaited === undefined
      ? 'no second view is still to come'
      : `a second view, waited for ${leftS > 0 ? `${leftS} s more at most` : 'until the next round'}`,
  );
};

/**
 * Asked where nothing else forbids the removal: CloudWatch's word of long ago is waited for then,
 * at any time. While something else forbade it, CloudWatch was not asked in every round; now that
 * nothing does it is in the next one (lambda/inspect/balancer-view.ts). Asked beside other reasons
 * it would hide from a breaker that the hourly limit alone forbids.
 */
export const newestWord: Guardrail = (candidate) => {
  const views = viewsOf(candidate);
  const { balancer, suspicion } = views;
  const isOld = balancer.stand === 'old' && !suspicion.ofErrors && !isShown(views) && whoContradicts(views) === undefined;
  return check(
    'second-view-awaited',
    !isOld,
    isOld ? balancer.summary : 'nothing to wait for',
    "CloudWatch's word of now, in the next round",
  );
};

export const corroborated: Guardrail = (candidate) => {
  const views = viewsOf(candidate);
  const { suspicion, client, balancer } = views;
  const words = everyWord(views);
  if (isShown(views) || whoContradicts(views) !== undefined) return check('uncorroborated', true, words, 'a second view');
  if (suspicion.ofErrors) return check('uncorroborated', false, words, 'errors that a client or the load balancer sees too');
  if (awaitedOf(views, candidate.situation.now) !== undefined)
    return check('uncorroborated', true, words, 'a second view, once it is there');
  if (slowInConnectAlone(suspicion))
    return check(
      'uncorroborated',
      false,
      `slow in connect alone, as our prober sees it, which a network path may do; ${words}`,
      'a second view that agrees',
    );
  const able = [client, balancer].filter(({ stand }) => stand === 'not-yet' || stand === 'cannot-tell');
  // What another target gives users hides that this one gives them nothing.
  const isHidden = suspicion.others.length > 0 && able.some(({ stand }) => stand === 'not-yet');
  if (isHidden || suspicion.isOneOfConvicted)
    return check(
      'uncorroborated',
      false,
      `${suspicion.others.length} more under suspicion; which of them users meet is not known; ${words}`,
      'a second view that agrees',
    );
  return check('uncorroborated', able.length > 0, words, 'a second view that works');
};

function everyWord({ client, balancer, prober, requests, suspicion }: Views): string {
  const several = suspicion.candidate.situation.config.network.subnetIds.length > 1;
  const logged = requests === undefined ? [] : [requests.summary];
  return [client.summary, balancer.summary, ...logged, ...(several ? [prober.summary] : [])].join('; ');
}
