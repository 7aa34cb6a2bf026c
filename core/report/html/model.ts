/** What a report of one case is made from, and what its parts ask of it. */
import { currentEjection } from '../../case';
import { targetKey, type Case, type Ejection, type Round } from '../../model';
import { replacementOf } from '../../replacement';
import type { Deployment } from '../links';

export interface ReportInput {
  readonly now: number;
  readonly incident: Case;
  /** Of its group, in any order; those of its time and some of before are enough. */
  readonly rounds: readonly Round[];
  readonly deployment?: Deployment;
}

/** A round is shown from so long before the case until so long after its end. */
const BEFORE_MS = 900_000;
const AFTER_MS = 120_000;
/** Rounds in a chart: more would be a file nobody opens on a phone. */
const ROUNDS = 240;
/** Targets in a chart and in each table; the rest of a large fleet are counted. */
export const TARGETS = 12;

/** When its rounds begin and end, for whoever reads them from the records. */
export function spanOf({ openedAt, closedAt }: Case, now: number): { readonly fromAt: number; readonly untilAt: number } {
  return { fromAt: openedAt - BEFORE_MS, untilAt: (closedAt ?? now) + AFTER_MS };
}

/** The rounds of the case, oldest first, thinned where there are too many. */
export function roundsOf({ now, incident, rounds }: ReportInput): Round[] {
  const { fromAt, untilAt } = spanOf(incident, now);
  const mine = rounds.filter(({ startedAt }) => startedAt >= fromAt && startedAt <= untilAt).sort((a, b) => a.startedAt - b.startedAt);
  const every = Math.ceil(mine.length / ROUNDS);
  return mine.filter((_, index) => index % every === 0 || index === mine.length - 1);
}

export interface Subject {
  readonly key: string;
  /** The instance's name, or its id. */
  readonly label: string;
  readonly isSick: boolean;
}

/** The target of the case first, then its peers; of a large fleet those that were slowest. */
export function subjectsOf(input: ReportInput): Subjects {
  return subjectsIn(roundsOf(input), input.incident.target === undefined ? undefined : targetKey(input.incident.target));
}

export interface Subjects {
  readonly shown: readonly Subject[];
  /** How many more there are. */
  readonly others: number;
}

/** @param rounds oldest first @param sick the key of the target that it is about */
export function subjectsIn(rounds: readonly Round[], sick: string | undefined): Subjects {
  const slowest = new Map<string, number>();
  for (const { verdicts } of rounds)
    for (const { key, medianMs = 0 } of verdicts) slowest.set(key, Math.max(slowest.get(key) ?? 0, medianMs));
  const peers = [...slowest.keys()].filter((key) => key !== sick).sort((a, b) => (slowest.get(b) ?? 0) - (slowest.get(a) ?? 0));
  const kept = peers.slice(0, TARGETS - 1).sort();
  const keys = [...(sick !== undefined && slowest.has(sick) ? [sick] : []), ...kept];
  return { shown: keys.map((key) => ({ key, label: labelOf(rounds, key), isSick: key === sick })), others: peers.length - kept.length };
}

function labelOf(rounds: readonly Round[], key: string): string {
  const id = key.split(':')[0] ?? key;
  const name = rounds.findLast(({ instances }) => instances?.[id]?.name !== undefined)?.instances?.[id]?.name;
  return name ?? id;
}

/** A host of the diagnosis, by its instance's name. */
export function hostLabel(input: ReportInput, host: string): string {
  return labelOf(roundsOf(input), host);
}

/** Median of one target in one round; undefined where nothing was measured. */
export function medianOf(round: Round, key: string): number | undefined {
  return round.verdicts.find((verdict) => verdict.key === key)?.medianMs;
}

/** A time in which the target was out, and what its ends are called. */
export interface Spell {
  readonly fromAt: number;
  /** Absent while it is out. */
  readonly toAt?: number;
  readonly began: string;
  readonly ended: string;
}

/** The removals that were made, and the replacement of a task, which ends with the task. */
export function spellsIn(incident: Case): readonly Spell[] {
  const removed = incident.ejections.flatMap(({ confirmedAt, abandonedAt, restoredAt }) =>
    confirmedAt === undefined || abandonedAt !== undefined ? [] : [spell(confirmedAt, restoredAt, 'removed', 'restored')],
  );
  const { outAt, stoppedAt, returnedAt } = replacementOf(incident) ?? {};
  if (outAt === undefined) return removed;
  return [...removed, spell(outAt, stoppedAt ?? returnedAt, 'deregistered', stoppedAt === undefined ? 'restored' : 'task stopped')];
}

function spell(fromAt: number, toAt: number | undefined, began: string, ended: string): Spell {
  return { fromAt, began, ended, ...(toAt === undefined ? {} : { toAt }) };
}

export function lastRemoval(incident: Case): Ejection | undefined {
  return currentEjection(incident);
}
