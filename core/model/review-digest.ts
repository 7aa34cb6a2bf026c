/**
 * The weekly review as machines read it: the message on a notify topic of format `json`. It is no
 * incident and no event: it has a `type`, which the case events have not.
 * docs/review-digest.schema.json is made from this (test/core/audit/review-digest.test.ts); within
 * a version fields are added, and nothing is renamed, removed or given another meaning.
 */
import * as z from 'zod/mini';

/** Told in `type`. */
export const DIGEST_TYPE = 'Sickbay Weekly Review';

/** Steps up when a consumer of the version before could misread it. */
export const DIGEST_VERSION = 1;

const text = z.string();
/** ISO 8601, UTC. */
const time = z.string();
const count = z.number();

const targetGroup = z.object({ arn: text, name: text });

const finding = z.object({
  targetGroup,
  /** The check that found it: docs/runbook.md has a table of them. */
  check: text,
  severity: z.enum(['high', 'medium', 'low']),
  /** What of the group it is about; with check and group it is the same from week to week. */
  subject: text,
  summary: text,
  evidence: z.array(text),
  advice: text,
  /** What following the advice may cost. */
  danger: text,
  command: z.optional(text),
});

/** A removal that only the mode, or a guardrail, stood before. */
const candidate = z.object({
  /** The case, for `explain`. */
  dedupKey: text,
  targetGroup,
  target: text,
  time,
  /**
   * `right`: something speaks for it; `doubtful`: it may be a false alarm; `blocked`: a guardrail.
   */
  opinion: z.enum(['right', 'doubtful', 'blocked']),
  blocked: z.array(text),
  verdict: text,
  cause: text,
  speaksFor: z.array(text),
  speaksAgainst: z.array(text),
});

const group = z.object({
  targetGroup,
  targets: count,
  rounds: count,
  expectedRounds: count,
  blindRounds: count,
  sharedRounds: count,
  nearMisses: count,
  firstRoundAt: time,
  lastRoundAt: time,
});

const readiness = z.object({
  /** `ready`, `look-first` or `too-little-data`. */
  verdict: text,
  since: time,
  until: time,
  /** What has to be seen yet. */
  missing: z.array(text),
  notes: z.array(text),
  removals: count,
  wouldRemove: z.object({ right: count, doubtful: count, blocked: count }),
  groups: z.array(group),
  candidates: z.array(candidate),
});

export const REVIEW_DIGEST = z.object({
  type: z.literal(DIGEST_TYPE),
  version: z.literal(DIGEST_VERSION),
  /** The same for each delivery of one review: drop those you have seen. */
  id: text,
  severity: z.literal('notify'),
  time,
  /** Of the review that this one is held against; absent: it is the first, and all is new. */
  previousTime: z.optional(time),
  /** The name of the stack in its metrics and of its dashboard. */
  stack: z.optional(text),
  account: z.optional(text),
  region: z.optional(text),
  summary: text,
  targetGroups: count,
  /** Checks that ran, over all groups. */
  checksRan: count,
  /** Findings that were there the last time too. */
  kept: count,
  added: z.array(finding),
  gone: z.array(finding),
  /** What could not be checked: nothing is known of it. */
  notChecked: z.array(z.object({ targetGroup, check: text, why: text })),
  readiness,
  /**
   * Left out of the lists above, for a message of SNS has a limit: all zero but in large stacks.
   */
  omitted: z.object({ added: count, gone: count, notChecked: count, groups: count, candidates: count }),
});

export type ReviewDigest = z.infer<typeof REVIEW_DIGEST>;
