import type { Judgement, TargetVerdict } from '../../core/model';
import { judgeAgainst } from '../../core/judge/judge';
import { readRecord } from '../../core/judge/record';
import type { RoundSummary } from '../../core/judge/record';
import { BenignFleet } from './benign-fleet';
import { Dice } from './dice';
import { KEEP_RECORDS, settingsOf, sweepStart } from './predict';

/** Rounds of a minute in a year. */
const ROUNDS_A_YEAR = 525_600;
/** Rounds that one fleet lives. */
export const FLEET_ROUNDS = 5000;
/** Fleets from one word of progress to the next: some ten seconds. */
const SAY_EVERY = 5;
const SAMPLES = 10;
const SAMPLES_UNDER_SUSPICION = 20;
/**
 * Convictions of a target with gaps up to this many rounds are one event, and so are those that
 * rest on evidence from before the last of them.
 */
const JOIN_ROUNDS = 3;

export interface FalseConviction {
  readonly fleet: number;
  readonly size: number;
  readonly round: number;
  readonly key: string;
  readonly why: string;
  readonly says: string;
  readonly disturbances: readonly string[];
}

export interface SoakResult {
  readonly seed: number;
  readonly rounds: number;
  readonly targetRounds: number;
  readonly groupYears: number;
  readonly falseConvictions: number;
  readonly perGroupYear: number;
  /** One-sided 95 % upper bound of the rate (exact, Poisson). */
  readonly upperBound95PerGroupYear: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly events: readonly FalseConviction[];
}

/** Every `of`th fleet from `part` on: what one of several processes plays. */
export interface Part {
  readonly part: number;
  readonly of: number;
}

/**
 * Judges rounds of benign fleets one after the other; every conviction is false. `say` is told how
 * far it is.
 */
export function soak(rounds: number, seed: number, { part, of }: Part, say: (line: string) => void): Tally {
  const tally = noTally();
  const fleets = Math.ceil(rounds / FLEET_ROUNDS);
  for (let fleet = part; fleet < fleets; fleet += of) {
    soakFleet(seed, fleet, Math.min(FLEET_ROUNDS, rounds - fleet * FLEET_ROUNDS), tally);
    if ((fleet + 1) % SAY_EVERY === 0) say(`fleet ${fleet + 1} of ${fleets}`);
  }
  return tally;
}

/** What rounds of benign fleets came to. */
export interface Tally {
  rounds: number;
  targetRounds: number;
  readonly verdicts: Record<string, number>;
  readonly events: FalseConviction[];
}

export function noTally(): Tally {
  return { rounds: 0, targetRounds: 0, verdicts: {}, events: [] };
}

/** The tallies of several parts as one, its events in the order of their fleets. */
export function together(tallies: readonly Tally[]): Tally {
  const all = noTally();
  for (const { rounds, targetRounds, verdicts, events } of tallies) {
    all.rounds += rounds;
    all.targetRounds += targetRounds;
    for (const [verdict, count] of Object.entries(verdicts)) all.verdicts[verdict] = (all.verdicts[verdict] ?? 0) + count;
    all.events.push(...events);
  }
  all.events.sort((a, b) => a.fleet - b.fleet || a.round - b.round);
  return all;
}

export function resultOf(seed: number, { rounds, targetRounds, verdicts, events }: Tally): SoakResult {
  const groupYears = rounds / ROUNDS_A_YEAR;
  return {
    seed,
    rounds,
    targetRounds,
    groupYears,
    falseConvictions: events.length,
    perGroupYear: events.length / groupYears,
    upperBound95PerGroupYear: poissonUpper95(events.length) / groupYears,
    verdicts,
    events,
  };
}

/** Judges the first rounds of one fleet of a seed, and adds them to `tally`. */
export function soakFleet(seed: number, number: number, rounds: number, tally: Tally): void {
  const fleet = new BenignFleet(new Dice(`soak/${seed}/${number}`));
  const history: RoundSummary[] = [];
  const convictions = new FalseConvictions();
  let suspects: ReadonlySet<string> = new Set();
  for (let round = 0; round < rounds; round++) {
    const targets = fleet.probe(round, (key) => sampleCount(suspects, key));
    const judgement = judgeAgainst({ startedAt: sweepStart({ intervalS: 60 }, round), targets, settings: settingsOf(fleet) }, history);
    history.push(readRecord(judgement.record));
    if (history.length > KEEP_RECORDS) history.shift();
    suspects = suspectsOf(judgement);
    tally.rounds += 1;
    tally.targetRounds += targets.length;
    tally.verdicts[judgement.fleet] = (tally.verdicts[judgement.fleet] ?? 0) + 1;
    for (const convicted of convictions.add(round, judgement)) tally.events.push(event(number, fleet, round, convicted));
  }
}

/** Suspects get more samples in the next round, as the prober gives them. */
export function sampleCount(suspects: ReadonlySet<string>, key: string): number {
  return suspects.has(key) ? SAMPLES_UNDER_SUSPICION : SAMPLES;
}

export function suspectsOf({ targets }: Judgement): ReadonlySet<string> {
  return new Set(targets.flatMap(({ key, verdict }) => (verdict === 'suspect' || verdict === 'convicted' ? [key] : [])));
}

/** Tells new false convictions of a fleet from those that go on. */
export class FalseConvictions {
  private readonly last = new Map<string, number>();

  /**
   * Takes the judgements of a fleet in their order, and returns the convictions of this round that
   * are new.
   */
  add(round: number, judgement: Judgement): TargetVerdict[] {
    const begun: TargetVerdict[] = [];
    for (const convicted of judgement.targets.filter((target) => target.verdict === 'convicted')) {
      const last = this.last.get(convicted.key) ?? -Infinity;
      const restsOnOld = (convicted.evidenceSince ?? Infinity) <= sweepStart({ intervalS: 60 }, last);
      if (round - last > JOIN_ROUNDS && !restsOnOld) begun.push(convicted);
      this.last.set(convicted.key, round);
    }
    return begun;
  }
}

function event(number: number, fleet: BenignFleet, round: number, convicted: TargetVerdict): FalseConviction {
  const disturbances = [...new Set(fleet.disturbances.map((disturbance) => disturbance.name))];
  return {
    fleet: number,
    size: fleet.targets.length,
    round,
    key: convicted.key,
    why: convicted.why ?? '',
    says: convicted.says,
    disturbances,
  };
}

/** The mean at which `count` or fewer events have probability 0.05, by bisection. */
export function poissonUpper95(count: number): number {
  let low = count;
  let high = count + 10 + 5 * Math.sqrt(count + 1);
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (poissonAtMost(count, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

function poissonAtMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

export function describeSoak(result: SoakResult): string {
  const rate = `${result.perGroupYear.toFixed(2)} a group-year (95 % upper bound ${result.upperBound95PerGroupYear.toFixed(2)})`;
  const lines = [
    `seed ${result.seed}: ${result.rounds} rounds (${result.groupYears.toFixed(2)} group-years, ${result.targetRounds} target-rounds)`,
    `${result.falseConvictions} false convictions: ${rate}`,
    `fleet verdicts: ${Object.entries(result.verdicts)
      .map(([verdict, count]) => `${verdict} ${count}`)
      .join(', ')}`,
    ...result.events.map(
      (e) => `  fleet ${e.fleet} (${e.size} targets), round ${e.round}, ${e.key}, ${e.why}: ${e.says} [${e.disturbances.join(', ')}]`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
