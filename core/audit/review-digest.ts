/** The weekly review for machines, whole: what the text of the digest is made from. */
import { groupName } from '../case';
import type { ReviewDigest } from '../model';
import type { RefusedRemoval } from '../readiness/candidates';
import type { GroupObserved } from '../readiness/observed';
import type { Readiness } from '../readiness/readiness';
import { placeOf } from '../report/links';
import { iso } from '../report/text';
import type { AuditChanges } from './changes';
import type { AuditFinding, AuditReport } from './model';

/** SNS takes 256 KiB a message, attributes with it (quotas): the rest is room for those. */
const MOST_BYTES = 240 * 1024;

export interface Reviewed {
  readonly report: AuditReport;
  /** Undefined: this is the first review. */
  readonly before: AuditReport | undefined;
  readonly changed: AuditChanges;
  readonly ready: Readiness;
  readonly stack?: string | undefined;
}

/** @param head what the entry has besides: its id and its subject */
export function reviewDigest(
  { report, before, changed, ready, stack }: Reviewed,
  head: { readonly id: string; readonly subject: string },
): ReviewDigest {
  const place = placeOf(report.groupArns[0]);
  return fitted({
    type: 'Sickbay Weekly Review',
    version: 1,
    id: head.id,
    severity: 'notify',
    time: iso(report.at),
    ...(before === undefined ? {} : { previousTime: iso(before.at) }),
    ...(stack === undefined ? {} : { stack }),
    ...(place === undefined ? {} : { account: place.account, region: place.region }),
    summary: head.subject,
    targetGroups: report.groupArns.length,
    checksRan: report.ran,
    kept: report.findings.length - changed.added.length,
    added: changed.added.map(findingOf),
    gone: changed.gone.map(findingOf),
    notChecked: report.notRun.map(({ groupArn, check, why }) => ({ targetGroup: named(groupArn), check, why })),
    readiness: readinessOf(ready),
    omitted: { added: 0, gone: 0, notChecked: 0, groups: 0, candidates: 0 },
  });
}

function named(arn: string): { arn: string; name: string } {
  return { arn, name: groupName(arn) };
}

function findingOf({ groupArn, check, severity, subject, summary, evidence, advice, danger, command }: AuditFinding) {
  const told = { targetGroup: named(groupArn), check, severity, subject, summary, evidence: [...evidence], advice, danger };
  return { ...told, ...(command === undefined ? {} : { command }) };
}

function readinessOf({ verdict, sinceAt, untilAt, missing, notes, removals, counts, groups, candidates }: Readiness) {
  return {
    verdict,
    since: iso(sinceAt),
    until: iso(untilAt),
    missing: [...missing],
    notes: [...notes],
    removals,
    wouldRemove: { ...counts },
    groups: groups.map(groupOf),
    candidates: candidates.map(candidateOf),
  };
}

function groupOf({ groupArn, targets, rounds, expectedRounds, blindRounds, sharedRounds, nearMisses, firstAt, lastAt }: GroupObserved) {
  const counts = { targets, rounds, expectedRounds, blindRounds, sharedRounds, nearMisses: nearMisses.length };
  return { targetGroup: named(groupArn), ...counts, firstRoundAt: iso(firstAt), lastRoundAt: iso(lastAt) };
}

function candidateOf({ caseId, groupArn, target, at, opinion, blocked, verdict, cause, speaksFor, speaksAgainst }: RefusedRemoval) {
  const about = { dedupKey: caseId, targetGroup: named(groupArn), target, time: iso(at), opinion, blocked: [...blocked] };
  return { ...about, verdict, cause, speaksFor: [...speaksFor], speaksAgainst: [...speaksAgainst] };
}

/** Lists that may be long. */
const SHORTENED = ['groups', 'notChecked', 'gone', 'candidates', 'added'] as const;

/**
 * With lists that fit in a message: the largest is halved, from its end, until they do. What is
 * most severe stands first in its list.
 */
function fitted(digest: ReviewDigest): ReviewDigest {
  if (bytes(JSON.stringify(digest)) <= MOST_BYTES) return digest;
  const sizes = SHORTENED.map((list) => ({ list, size: JSON.stringify(listOf(digest, list)).length }));
  const { list } = sizes.reduce((largest, one) => (one.size > largest.size ? one : largest));
  return listOf(digest, list).length === 0 ? digest : fitted(halved(digest, list));
}

/** In UTF-8: a letter beyond ASCII takes two bytes or more. */
function bytes(text: string): number {
  let sum = 0;
  for (const letter of text) sum += bytesOf(letter.codePointAt(0) ?? 0);
  return sum;
}

function bytesOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

type Shortened = (typeof SHORTENED)[number];

function listOf({ added, gone, notChecked, readiness }: ReviewDigest, list: Shortened): readonly unknown[] {
  return { added, gone, notChecked, groups: readiness.groups, candidates: readiness.candidates }[list];
}

function halved(digest: ReviewDigest, list: Shortened): ReviewDigest {
  const { length } = listOf(digest, list);
  const kept = Math.floor(length / 2);
  const omitted = { ...digest.omitted, [list]: digest.omitted[list] + length - kept };
  if (list === 'groups') return { ...digest, omitted, readiness: { ...digest.readiness, groups: digest.readiness.groups.slice(0, kept) } };
  if (list === 'candidates')
    return { ...digest, omitted, readiness: { ...digest.readiness, candidates: digest.readiness.candidates.slice(0, kept) } };
  return { ...digest, omitted, [list]: digest[list].slice(0, kept) };
}
