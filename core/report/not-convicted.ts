/**
 * Why the stack's rounds did not convict a target, for somebody who thinks that it is slow: what
 * the newest round measured, what spoke against a conviction in plain words, and the rounds before
 * it.
 */
import { LN_MATERIAL, SUSPECT_NATS } from '../judge/parameters';
import { targetKey, type Round, type TargetVerdict } from '../model';
import { clock, duration, section, table, utc } from './text';
import { VETO_MEANING } from './veto-meaning';

/** One round, as far as it is about the target. */
export interface RoundAbout {
  readonly at: number;
  /** Of the group: `blind` rounds judge nobody. */
  readonly fleet: Round['fleet'];
  /** What the load balancer said: `healthy`, or `not registered`. */
  readonly state: string;
  /** Absent where the target was not measured. */
  readonly verdict?: TargetVerdict;
  /** Why it was not convicted in this round, in a sentence or two. */
  readonly because: string;
}

export interface NotConvicted {
  /** `i-0abc:8080` */
  readonly target: string;
  /** The instance's name, where it is known. */
  readonly name?: string;
  readonly group: string;
  readonly groupArn: string;
  /** Newest first. */
  readonly rounds: readonly RoundAbout[];
}

/**
 * @param key a target key that is in one of the rounds
 * @param rounds of one group, newest first, at least one
 */
export function notConvicted(key: string, rounds: readonly Round[]): NotConvicted {
  const [newest] = rounds;
  if (newest === undefined) throw new Error('a group without a round');
  const id = key.slice(0, key.indexOf(':'));
  const name = rounds.find(({ instances }) => instances?.[id]?.name !== undefined)?.instances?.[id]?.name;
  return {
    target: key,
    ...(name === undefined ? {} : { name }),
    group: newest.group.name,
    groupArn: newest.groupArn,
    rounds: rounds.map((round) => aboutIn(round, key)),
  };
}

function aboutIn(round: Round, key: string): RoundAbout {
  const verdict = round.verdicts.find((one) => one.key === key);
  const state = round.lbView.find(({ target }) => targetKey(target) === key)?.state ?? 'not registered';
  const about = { at: round.startedAt, fleet: round.fleet, state, ...(verdict === undefined ? {} : { verdict }) };
  return { ...about, because: becauseOf(round, state, verdict) };
}

// ---------------------------------------------------------------- the reason

function becauseOf({ fleet, says }: Round, state: string, verdict: TargetVerdict | undefined): string {
  if (verdict === undefined) return `It was not measured: the load balancer says ${state}.`;
  if (fleet === 'blind') return `Nobody was judged: ${says}.`;
  if (verdict.verdict === 'convicted') return 'It was convicted: what came of that is in its case.';
  if (verdict.veto !== undefined) return `The evidence was enough, and was not used (${verdict.veto}). ${VETO_MEANING[verdict.veto]}`;
  if (verdict.cold) return VETO_MEANING.cold;
  if (!verdict.everReached) return VETO_MEANING['never-reached'];
  if (verdict.verdict === 'suspect') return `It is under suspicion. ${likelihood(verdict)} Rounds that look like this one add up.`;
  return `${levelReason(verdict)} ${samplesReason(verdict)}`;
}

/** Nats are logarithms of a likelihood ratio: e^nats. */
function likelihood({ evidenceNats, neededNats }: TargetVerdict): string {
  return `What was measured is ${times(evidenceNats)} as likely if it is sick as if it is healthy; a conviction asks for ${times(neededNats)}.`;
}

function times(nats: number): string {
  const ratio = Math.exp(Math.max(0, nats));
  if (ratio < 10) return `${ratio.toFixed(1)} times`;
  const rounded = Number(ratio.toPrecision(2));
  return `${String(rounded).replace(/\B(?=(\d{3})+$)/g, ',')} times`;
}

const MATERIAL = Math.exp(LN_MATERIAL);

function levelReason({ ratio }: TargetVerdict): string {
  if (ratio === undefined) return 'Too few of its probes were answered to compare its latency.';
  if (ratio < MATERIAL)
    return `It answers in ${ratio.toFixed(1)}x the time of its peers; under ${MATERIAL.toFixed(1)}x nothing is held against a target.`;
  return `It answers in ${ratio.toFixed(1)}x the time of its peers, and either always did or wavers by as much from round to round.`;
}

function samplesReason({ bad: { k, n } }: TargetVerdict): string {
  if (k === 0) return `None of its ${n} probes was slow or failed.`;
  return `${k} of its ${n} probes were slow or failed, which healthy targets of this group have as well.`;
}

// ---------------------------------------------------------------- as people read it

const ROWS = 10;

export function notConvictedLines({ target, name, group, rounds }: NotConvicted): string[] {
  const [newest, oldest] = [rounds[0], rounds.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const called = name === undefined ? target : `${target} (${name})`;
  const convicted = rounds.filter(({ verdict }) => verdict?.verdict === 'convicted').length;
  const span = `the ${rounds.length} newest rounds, ${utc(oldest.at)} to ${clock(newest.at)}`;
  return [
    `${called} of ${group}: ${convicted === 0 ? 'not convicted in' : `convicted in ${convicted} of`} ${span}`,
    ...section('The newest round', newestLines(newest)),
    ...section('What spoke against a conviction, round by round', countedReasons(rounds)),
    ...section(
      'The newest rounds',
      table([
        ['UTC', 'load balancer', 'verdict', 'median', 'slow or failed', 'evidence', 'needed', 'veto'],
        ...rounds.slice(0, ROWS).map(row),
      ]),
    ),
    ...section('In words', [
      `Evidence is in nats, a logarithm: ${SUSPECT_NATS} make a target suspect. "clean" says that there is less, not that the target is fast.`,
      'docs/judge.md, "Why was this target not convicted?", has the rules.',
    ]),
  ];
}

function newestLines({ state, verdict, because }: RoundAbout): string[] {
  const measured = verdict?.medianMs === undefined ? [] : [`Its median is ${duration(verdict.medianMs)}.`];
  const weighed = verdict === undefined || verdict.verdict === 'suspect' ? [] : [likelihood(verdict)];
  return [`The load balancer says ${state}.`, ...measured, because, ...(verdict?.verdict === 'unjudged' ? [] : weighed)];
}

/** Each kind of reason once, the most frequent first, with its newest sentence. */
function countedReasons(rounds: readonly RoundAbout[]): string[] {
  const kinds = new Map<string, { readonly newest: RoundAbout; count: number }>();
  for (const about of rounds) {
    const kind = kindOf(about);
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, { newest: about, count: 1 });
    else known.count++;
  }
  return [...kinds]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([kind, { newest, count }]) => `${count}x ${kind}, last at ${clock(newest.at)}: ${newest.because}`);
}

function kindOf({ fleet, verdict }: RoundAbout): string {
  if (verdict === undefined) return 'not measured';
  if (fleet === 'blind') return 'blind';
  return verdict.veto === undefined ? verdict.verdict : `veto ${verdict.veto}`;
}

function row({ at, state, verdict }: RoundAbout): string[] {
  if (verdict === undefined) return [utc(at).slice(11, 19), state, 'not measured'];
  const { medianMs, bad, evidenceNats, neededNats, veto = '' } = verdict;
  const median = medianMs === undefined ? '-' : duration(medianMs);
  return [
    utc(at).slice(11, 19),
    state,
    verdict.verdict,
    median,
    `${bad.k} of ${bad.n}`,
    evidenceNats.toFixed(1),
    neededNats.toFixed(1),
    veto,
  ];
}
