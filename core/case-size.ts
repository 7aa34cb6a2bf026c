/**
 * How large a case may become. It is one item of DynamoDB, which refuses more than 400 KB ("Quotas
 * in Amazon DynamoDB"), and a case that cannot be written can neither be acted on nor told:
 * `fitted` is applied to every write. What a person or a decision needs first is kept longest.
 */
import type { Case, Ejection, OutboxEntry, Refusal } from './model';

/**
 * Bytes of a case as JSON in UTF-8, at most: 400 KB less the keys and attributes beside it, with a
 * quarter to spare.
 */
export const CASE_BYTES = 300_000;

/** What is kept. Lists keep their first entries and their latest ones. */
interface Caps {
  readonly events: number;
  readonly refusals: number;
  readonly sentAlerts: number;
  /**
   * Characters of one text, of one alert that is not sent yet, and entries of one list of a
   * diagnosis.
   */
  readonly text: number;
  readonly body: number;
  readonly list: number;
  /**
   * Events that EventBridge has not taken, at most: the first one and the latest, which tells the
   * state.
   */
  readonly unemitted: number;
}

/** From the usual case to the worst that can be made: the first one that fits is taken. */
const RUNGS: readonly Caps[] = [
  { events: 200, refusals: 60, sentAlerts: 100, text: 2_000, body: 60_000, list: 200, unemitted: 40 },
  { events: 100, refusals: 40, sentAlerts: 60, text: 500, body: 8_000, list: 50, unemitted: 20 },
  { events: 40, refusals: 16, sentAlerts: 20, text: 150, body: 1_500, list: 12, unemitted: 10 },
  { events: 10, refusals: 4, sentAlerts: 4, text: 60, body: 200, list: 4, unemitted: 3 },
];

/**
 * Of these at most so many: the hourly budgets allow a dozen removals in the six hours that count,
 * and one alert folds many.
 */
const UNSENT_ALERTS = 40;
const EJECTIONS = 40;
const ABANDONED = 5;
/** Of an event that is not emitted yet: characters of one text, and entries of one list. */
const EVENT_TEXT = 500;
const EVENT_LIST = 40;
/**
 * Lists of a decision, of what CloudWatch said and of how full the hosts are, which code reads: the
 * longest has one entry for each guardrail.
 */
const READ_BY_CODE = 100;

/** Names and keys, which are compared and never cut. AWS bounds each of them. */
const IDENTITIES: ReadonlySet<string> = new Set([
  'caseId',
  'groupArn',
  'target',
  'host',
  'key',
  'blocked',
  'action',
  'because',
  'cause',
  'kind',
  'guardrail',
]);

/** The same of an event, in which `cause` and `target` are more than names. */
const EVENT_IDENTITIES: ReadonlySet<string> = new Set(['id', 'dedupKey', 'arn', 'blocked', 'action', 'about', 'state', 'because']);

/**
 * The case within `CASE_BYTES`: bodies of sent alerts dropped, lists capped and counted in
 * `dropped`, long texts cut.
 */
export function fitted<Incident extends Case>(incident: Incident): Incident {
  let fit = cappedTo(incident, RUNGS[0] as Caps);
  for (const caps of RUNGS.slice(1)) {
    if (isWithin(JSON.stringify(fit), CASE_BYTES)) return fit;
    fit = cappedTo(incident, caps);
  }
  return fit;
}

function cappedTo<Incident extends Case>(incident: Incident, caps: Caps): Incident {
  const { diagnosis, conviction, decision, removal, refusals, balancer, accessLog, dropped } = incident;
  const events = firstAndLatest(incident.events, caps.events);
  const seen = refusalsKept(refusals ?? [], caps.refusals);
  const outbox = outboxKept(incident.outbox, caps);
  const ejections = ejectionsKept(incident.ejections);
  const counts = {
    events: (dropped?.events ?? 0) + incident.events.length - events.length,
    refusals: (dropped?.refusals ?? 0) + (refusals ?? []).length - seen.length,
    alerts: (dropped?.alerts ?? 0) + incident.outbox.length - outbox.length,
    ejections: (dropped?.ejections ?? 0) + incident.ejections.length - ejections.length,
  };
  const code = { ...caps, list: READ_BY_CODE };
  return {
    ...incident,
    events: cut(events, { ...caps, list: caps.events }),
    ...(refusals === undefined ? {} : { refusals: cut(seen, { ...caps, list: READ_BY_CODE }) }),
    ejections: ejections.map((ejection) => askerShort(ejection, caps.text)),
    outbox,
    ...(diagnosis === undefined
      ? {}
      : { diagnosis: { ...cut(diagnosis, caps), pools: cut(diagnosis.pools, code), cpu: cut(diagnosis.cpu, code) } }),
    ...(conviction === undefined ? {} : { conviction: cut(conviction, code) }),
    ...(decision === undefined ? {} : { decision: cut(decision, code) }),
    ...(removal === undefined ? {} : { removal: cut(removal, code) }),
    ...(balancer === undefined ? {} : { balancer: cut(balancer, code) }),
    ...(accessLog === undefined ? {} : { accessLog: cut(accessLog, code) }),
    ...(Object.values(counts).some((count) => count > 0) ? { dropped: counts } : {}),
  };
}

// ---------------------------------------------------------------- lists

/** So many of the first are kept: how it began explains the rest. */
export const FIRST_EVENTS = 5;

function firstAndLatest<Item>(items: readonly Item[], most: number): readonly Item[] {
  return items.length <= most ? items : [...items.slice(0, FIRST_EVENTS), ...items.slice(FIRST_EVENTS - most)];
}

/**
 * With the first one that nothing but the mode stood behind, which readiness rests on.
 */
function refusalsKept(refusals: readonly Refusal[], most: number): readonly Refusal[] {
  if (refusals.length <= most) return refusals;
  const clear = refusals.find(({ blocked }) => blocked.every((reason) => reason === 'mode-observe'));
  const half = Math.floor(most / 2);
  const kept = new Set([...refusals.slice(0, half - 1), ...(clear === undefined ? [] : [clear]), ...refusals.slice(-half)]);
  return refusals.filter((refusal) => kept.has(refusal));
}

/** Removals that were given up changed nothing: the latest of them are enough. */
function ejectionsKept(ejections: readonly Ejection[]): readonly Ejection[] {
  const of = (is: (ejection: Ejection) => boolean, most: number) => ejections.filter(is).slice(-most);
  const kept = new Set([
    ...of((ejection) => ejection.abandonedAt !== undefined, ABANDONED),
    ...of((ejection) => ejection.abandonedAt === undefined, EJECTIONS),
  ]);
  return ejections.filter((ejection) => kept.has(ejection));
}

function askerShort(ejection: Ejection, most: number): Ejection {
  const { restoreAskedBy } = ejection;
  return restoreAskedBy === undefined ? ejection : { ...ejection, restoreAskedBy: short(restoreAskedBy, most) };
}

// ---------------------------------------------------------------- alerts

/**
 * What was sent is kept without its body. What was not is never dropped: past a number of them
 * those in the middle become one alert.
 */
function outboxKept(outbox: readonly OutboxEntry[], caps: Caps): OutboxEntry[] {
  const sent = new Set(firstAndLatest(outbox.filter(isDelivered), Math.max(caps.sentAlerts, FIRST_EVENTS + 1)));
  const waiting = foldedUnsent(outbox.filter((entry) => !isDelivered(entry)));
  const emitting = waiting.filter(({ event }) => event !== undefined);
  const dropped = new Set(emitting.slice(1, Math.max(1, emitting.length - caps.unemitted + 1)));
  const bodies = waiting.map((entry) => ({
    ...withEvent(entry, caps, dropped.has(entry)),
    subject: short(entry.subject, 100),
    body: short(entry.body, caps.body),
  }));
  return [...[...sent].map((entry) => ({ ...entry, body: '' })), ...bodies].sort((a, b) => a.at - b.at);
}

function withEvent({ event, ...entry }: OutboxEntry, caps: Caps, isDropped: boolean): OutboxEntry {
  if (event === undefined || isDropped) return entry;
  return { ...entry, event: cut(event, { text: Math.min(caps.text, EVENT_TEXT), list: EVENT_LIST }, EVENT_IDENTITIES) };
}

/** The topic has it, and EventBridge has its event. */
function isDelivered({ sentAt, event }: OutboxEntry): boolean {
  return sentAt !== undefined && event === undefined;
}

function foldedUnsent(unsent: readonly OutboxEntry[]): readonly OutboxEntry[] {
  if (unsent.length <= UNSENT_ALERTS) return unsent;
  const half = UNSENT_ALERTS / 2;
  const middle = unsent.slice(half, unsent.length - half + 1);
  const last = middle.at(-1);
  if (last === undefined) return unsent;
  const folded: OutboxEntry = {
    id: last.id,
    at: last.at,
    severity: middle.some(({ severity }) => severity === 'page') ? 'page' : 'notify',
    subject: `Sickbay: ${middle.length} alerts of one case could not be sent in time`,
    body: [...new Set(middle.map(({ subject }) => subject))].join('\n'),
    ...(last.event === undefined ? {} : { event: last.event }),
  };
  return [...unsent.slice(0, half), folded, ...unsent.slice(unsent.length - half + 1)];
}

// ---------------------------------------------------------------- texts

const CUT = ' (cut)';

function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - CUT.length)}${CUT}`;
}

/** Every text in it cut, and every list, but for what is compared. */
function cut<Part>(part: Part, caps: Pick<Caps, 'text' | 'list'>, identities = IDENTITIES): Part {
  if (typeof part === 'string') return short(part, caps.text) as Part;
  if (Array.isArray(part)) return part.slice(0, caps.list).map((item: unknown) => cut(item, caps, identities)) as Part;
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, item]) => [key, identities.has(key) ? item : cut(item, caps, identities)]),
  ) as Part;
}

/** Whether a text takes at most so many bytes in UTF-8. A unit of UTF-16 takes one to three. */
function isWithin(text: string, most: number): boolean {
  return text.length * 3 <= most || (text.length <= most && utf8Bytes(text) <= most);
}

/** Bytes in UTF-8. JSON.stringify leaves no lone surrogate, and a pair of them is four bytes. */
function utf8Bytes(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}
