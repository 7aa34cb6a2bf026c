/**
 * What observing would have removed. Each removal that only the mode stood before is looked back on
 * with what is known now; one that nothing clearly speaks for is doubtful: it may be a false alarm,
 * and a person has to look.
 */
import { currentEjection, isTargetCase } from '../case';
import { targetKey, type Blocked, type Case, type Refusal, type TargetCase } from '../model';
import { utc } from '../report/text';

/** A finding below this is a guess. */
const NAMED_CONFIDENCE = 0.5;

/** The default lease: what lasted as long would have been out for all of it. */
const LASTED_MS = 900_000;

export type Opinion = 'right' | 'doubtful' | 'blocked';

export interface RefusedRemoval {
  readonly caseId: string;
  readonly groupArn: string;
  readonly target: string;
  /** When it would have been taken out; for `blocked`, when its removal was refused first. */
  readonly at: number;
  readonly opinion: Opinion;
  /** The guardrails besides the mode that stood before it, for `blocked`. */
  readonly blocked: readonly Blocked[];
  readonly verdict: string;
  readonly cause: string;
  readonly clientView: string;
  readonly balancer: string;
  /** Absent where no access logs were asked. */
  readonly accessLog?: string;
  readonly afterwards: string;
  /** Why it would have been right, and what makes it doubtful. */
  readonly speaksFor: readonly string[];
  readonly speaksAgainst: readonly string[];
}

/** What became of every removal that was refused in one span of time. */
export interface LookBack {
  readonly counts: Readonly<Record<Opinion, number>>;
  /** Of what was blocked, by each reason besides the mode. */
  readonly blockedBy: Readonly<Partial<Record<Blocked, number>>>;
  /** Oldest first. */
  readonly candidates: readonly RefusedRemoval[];
}

/** Every case that was refused a removal between `sinceAt` and `now`. */
export function lookBack(cases: readonly Case[], sinceAt: number, now: number): LookBack {
  const candidates = cases
    .filter(isTargetCase)
    .flatMap((incident) => candidateOf(incident, sinceAt, now) ?? [])
    .sort((a, b) => a.at - b.at);
  const count = (opinion: Opinion) => candidates.filter((candidate) => candidate.opinion === opinion).length;
  return {
    counts: { right: count('right'), doubtful: count('doubtful'), blocked: count('blocked') },
    blockedBy: tally(candidates.flatMap(({ blocked }) => blocked)),
    candidates,
  };
}

function tally(reasons: readonly Blocked[]): Partial<Record<Blocked, number>> {
  const counts: Partial<Record<Blocked, number>> = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/**
 * One case, looked back on from `now`: `refusal` is the moment at which only the mode stood before
 * the removal, if there was one.
 */
interface Look {
  readonly incident: TargetCase;
  readonly refusal: Refusal;
  readonly now: number;
}

function candidateOf(incident: TargetCase, sinceAt: number, now: number): RefusedRemoval | undefined {
  const refusals = (incident.refusals ?? []).filter(({ at, blocked }) => at >= sinceAt && blocked.includes('mode-observe'));
  const last = refusals.at(-1);
  const refusal = refusals.find(({ blocked }) => others(blocked).length === 0) ?? refusals[0];
  if (refusal === undefined || last === undefined) return undefined;
  const look = { incident, refusal, now };
  const isBlocked = others(refusal.blocked).length > 0;
  const speaksFor = reasonsFor(look);
  return {
    caseId: incident.id,
    groupArn: incident.groupArn,
    target: targetKey(incident.target),
    at: refusal.at,
    opinion: isBlocked ? 'blocked' : speaksFor.length > 0 ? 'right' : 'doubtful',
    blocked: isBlocked ? others(last.blocked) : [],
    verdict: refusal.says,
    cause: causeOf(look),
    clientView: refusal.clientView ?? 'no client was sampled',
    balancer: refusal.balancer ?? 'CloudWatch was not asked',
    ...(refusal.accessLog === undefined ? {} : { accessLog: refusal.accessLog }),
    afterwards: afterwards(look),
    speaksFor,
    speaksAgainst: reasonsAgainst(look),
  };
}

function others(blocked: readonly Blocked[]): Blocked[] {
  return blocked.filter((reason) => reason !== 'mode-observe');
}

// ---------------------------------------------------------------- was it right

/**
 * Each of these is enough by itself: a cause on that host, a person who did the same, or clients
 * that felt it for as long as a lease.
 */
function reasonsFor(look: Look): string[] {
  return [
    ...(hasCause(look) ? [`a cause was found on it: ${causeOf(look)}`] : []),
    ...(tookAway(look) ? ['somebody took it away'] : []),
    ...(clientsFelt(look) && lastedMs(look) >= LASTED_MS ? [`clients felt it, and it lasted ${minutes(lastedMs(look))}`] : []),
  ];
}

function reasonsAgainst(look: Look): string[] {
  const { clientSlowFraction: slow } = look.refusal;
  return [
    ...(hasCause(look) ? [] : ['no cause was found on it']),
    ...(slow === 0 ? ['no client request was slow'] : slow === undefined ? ['no client was sampled'] : []),
    ...(look.incident.because === 'not-acted' && lastedMs(look) < LASTED_MS
      ? [`it was well again by itself after ${minutes(lastedMs(look))}`]
      : []),
  ];
}

function hasCause({ incident }: Look): boolean {
  const first = incident.diagnosis?.findings[0];
  return first !== undefined && first.cause !== 'unknown' && first.confidence >= NAMED_CONFIDENCE;
}

function causeOf({ incident }: Look): string {
  const first = incident.diagnosis?.findings[0];
  return first === undefined ? 'not inspected' : `${first.cause} (${first.confidence.toFixed(2)})`;
}

function clientsFelt({ refusal }: Look): boolean {
  return (refusal.clientSlowFraction ?? 0) > 0;
}

/** Deregistered, replaced or terminated, and not by us. */
function tookAway({ incident }: Look): boolean {
  return incident.because === 'vanished' || (incident.because === 'operator' && currentEjection(incident) === undefined);
}

function lastedMs({ incident, refusal, now }: Look): number {
  return (incident.closedAt ?? now) - refusal.at;
}

function afterwards(look: Look): string {
  const { incident } = look;
  const after = minutes(lastedMs(look));
  const ejection = currentEjection(incident);
  if (ejection !== undefined) return `taken out by Sickbay at ${utc(ejection.intentAt)}`;
  if (incident.state !== 'closed') return `still open after ${after}`;
  if (incident.because === 'not-acted') return `well again after ${after}, without us`;
  return incident.because === 'vanished' ? `gone after ${after}: somebody took it away` : `closed after ${after}: ${incident.because}`;
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
