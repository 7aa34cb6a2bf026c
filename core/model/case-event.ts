/**
 * The one event that Sickbay emits, `Sickbay Case State Change`, as consumers read it: the detail
 * of the EventBridge event, and the message on topics of format `json`. docs/case-event.schema.json
 * is made from this (test/core/case-event.test.ts); docs/events.md says how it changes: fields are
 * added within a version, and nothing is renamed, removed or given another meaning.
 */
import * as z from 'zod/mini';

/** `source` and `detail-type` of the event. Sources that begin with `aws.` are AWS's own. */
export const EVENT_SOURCE = 'sickbay';
export const EVENT_TYPE = 'Sickbay Case State Change';

/** Steps up when a consumer of the version before could misread it. */
export const EVENT_VERSION = 1;

const text = z.string();
/** ISO 8601, UTC. */
const time = z.string();

const culprit = z.object({
  pid: z.number(),
  command: text,
  user: text,
  startedAt: z.optional(time),
  parent: z.optional(text),
  cron: z.optional(text),
  cronFile: z.optional(text),
});

const cause = z.object({
  name: text,
  /** For people: "cron job starving its DB pool". */
  phrase: text,
  /** 0 to 1. */
  confidence: z.number(),
  /** Below a finding: what differs, and the cause that it would have. */
  isLead: z.boolean(),
  culprit: z.optional(culprit),
});

/** The five lines that an alert begins with. */
const head = z.object({
  users: text,
  done: text,
  cause: z.optional(text),
  back: z.optional(text),
  now: text,
});

/** A stop of the culprit: what a person approves, and where it stands. */
const stop = z.object({
  id: text,
  digest: text,
  /** No approval counts after it. */
  expiresAt: time,
  /** What starts the job is given back then, unless somebody keeps it out. */
  undoAt: time,
  process: z.object({ pid: z.number(), user: text, command: text, executable: text }),
  /** Of the Automation execution that waits for the approval. */
  executionId: z.optional(text),
  approvedBy: z.optional(text),
  because: z.optional(text),
});

const links = z.object({
  targetGroup: z.optional(text),
  instance: z.optional(text),
  session: z.optional(text),
  /** Of ECS: the task behind the target, and its service. */
  task: z.optional(text),
  service: z.optional(text),
  /** The log of a task of ECS, which outlives it. */
  logs: z.optional(text),
  runbook: z.optional(text),
  dashboard: z.optional(text),
  report: z.optional(text),
});

export const CASE_STATE_CHANGE = z.object({
  version: z.literal(EVENT_VERSION),
  /** The same for each delivery of one event: drop those you have seen. */
  id: text,
  /** The case: everything about one incident has the same. */
  dedupKey: text,
  status: z.enum(['triggered', 'updated', 'resolved']),
  /** `page`: users are hurt or may be, and Sickbay does nothing about it. */
  severity: z.enum(['page', 'notify']),
  time,
  /** The name of the stack in its metrics and of its dashboard. */
  stack: z.optional(text),
  account: z.optional(text),
  region: z.optional(text),
  /** What it is about: `target`, `shared`, `blind`, `missing`, `breaker`, `hold` or `stop`. */
  about: text,
  /** `suspected`, `out`, `watching` or `closed`; of a stop `proposed`, `acting`, `holding`, ... */
  state: text,
  /** What was decided: `eject`, `keep`, `renew`, `watch`, `close`, ... */
  action: text,
  /** Why a removal was not allowed; the runbook has a table of them. */
  blocked: z.array(text),
  openedAt: time,
  closedAt: z.optional(time),
  /** Why the case is closed: `recovered`, `vanished`, `operator` or `not-acted`. */
  because: z.optional(text),
  targetGroup: z.object({ arn: text, name: text }),
  target: z.optional(z.object({ id: text, port: z.number(), address: z.optional(text), name: z.optional(text) })),
  /** One line, at most 100 ASCII characters. */
  summary: text,
  head,
  cause: z.optional(cause),
  /** With `about` `stop`. */
  stop: z.optional(stop),
  /** What a person should do, the most urgent first. */
  nextSteps: z.array(text),
  links,
});

export type CaseStateChange = z.infer<typeof CASE_STATE_CHANGE>;
export type CaseStatus = CaseStateChange['status'];
