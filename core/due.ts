/**
 * What there is to do: the sweep wakes the responder when this is not empty, and the responder asks
 * the same question again.
 */
import { isTargetCase } from './case';
import { targetKey, type Case, type Round, type Target, type TargetVerdict } from './model';

export type Due =
  | { readonly kind: 'case'; readonly caseId: string }
  | { readonly kind: 'conviction'; readonly groupArn: string; readonly target: Target; readonly verdict: TargetVerdict }
  | { readonly kind: 'group'; readonly groupArn: string; readonly about: 'shared' | 'blind' | 'missing'; readonly summary: string };

export interface DueInput {
  readonly now: number;
  /** Older rounds cannot make anything due. */
  readonly staleMs: number;
  /** Per group, newest first; two are enough. */
  readonly rounds: ReadonlyMap<string, readonly Round[]>;
  readonly openCases: readonly Case[];
  /** Target groups that are configured by their ARN and do not exist. */
  readonly missing?: readonly string[];
}

/**
 * Every open case (it is looked at in each round until it closes), every fresh conviction without
 * one, and every group that two rounds in a row call shared or blind: one round of either is what a
 * deployment or a hiccup of the prober looks like; and every configured group that does not exist,
 * once.
 */
export function due(input: DueInput): Due[] {
  const cases = input.openCases.map((incident): Due => ({ kind: 'case', caseId: incident.id }));
  const groups = [...input.rounds.values()].flatMap((rounds) => dueInGroup(input, rounds));
  return [...cases, ...groups, ...missing(input)];
}

function dueInGroup(input: DueInput, rounds: readonly Round[]): Due[] {
  const round = rounds[0];
  if (round === undefined || input.now - round.endedAt > input.staleMs) return [];
  const mine = input.openCases.filter((incident) => incident.groupArn === round.groupArn);
  return [...convictions(round, mine), ...troubles(round, rounds[1], mine)];
}

function missing({ missing: arns = [], openCases }: DueInput): Due[] {
  const known = new Set(openCases.filter((incident) => incident.about === 'missing').map((incident) => incident.groupArn));
  return arns
    .filter((arn) => !known.has(arn))
    .map((groupArn) => ({ kind: 'group', groupArn, about: 'missing', summary: 'the configuration names it, and it does not exist' }));
}

function convictions(round: Round, mine: readonly Case[]): Due[] {
  const taken = new Set(mine.filter(isTargetCase).map((incident) => targetKey(incident.target)));
  return round.verdicts
    .filter((verdict) => verdict.verdict === 'convicted' && !taken.has(verdict.key))
    .flatMap((verdict) => {
      const entry = round.lbView.find((candidate) => targetKey(candidate.target) === verdict.key);
      return entry === undefined ? [] : [{ kind: 'conviction' as const, groupArn: round.groupArn, target: entry.target, verdict }];
    });
}

function troubles(round: Round, before: Round | undefined, mine: readonly Case[]): Due[] {
  const about = troubleOf(round);
  if (about === undefined || before === undefined || troubleOf(before) !== about) return [];
  if (mine.some((incident) => incident.about === about)) return [];
  return [{ kind: 'group', groupArn: round.groupArn, about, summary: round.says }];
}

/** What a round says about the group as a whole, when that is something a person must hear. */
export function troubleOf(round: Round): 'shared' | 'blind' | undefined {
  if (round.fleet === 'blind') return 'blind';
  return round.fleet === 'shared' || round.fleet === 'shared-zone' ? 'shared' : undefined;
}
