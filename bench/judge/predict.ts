import type { FleetVerdict, JudgedTarget, JudgeInput, Judgement, JudgeSettings, SampleError } from '../../core/model';
import { judgeAgainst } from '../../core/judge/judge';
import { readRecord } from '../../core/judge/record';
import type { RoundSummary } from '../../core/judge/record';
import type { BenchSample, Prediction, Scenario } from './scenario';

/** Our own verdicts in the benchmark's words. */
const VERDICTS: Readonly<Record<FleetVerdict, string>> = {
  none: 'none',
  suspect: 'none',
  convicted: 'eject',
  shared: 'shared',
  'shared-zone': 'shared_az',
  blind: 'shared',
};

export const KEEP_RECORDS = 20;

/** What judges: the product's code, or a copy with a rule switched off (`ablations.ts`). */
export interface Judge {
  readonly judgeAgainst: typeof judgeAgainst;
  readonly readRecord: typeof readRecord;
}

export const PRODUCT: Judge = { judgeAgainst, readRecord };

/**
 * Judges a scenario sweep by sweep, with the records of the sweeps before, as the pipeline does.
 * `seen` is given each judgement.
 */
export function predict(scenario: Scenario, seen?: (judgement: Judgement) => void): Prediction[] {
  const predictions: Prediction[] = [];
  let history: RoundSummary[] = [];
  scenario.sweeps.forEach((_, sweep) => {
    const judgement = judgeAgainst(inputOf(scenario, sweep), history);
    seen?.(judgement);
    history = [...history, readRecord(judgement.record)].slice(-KEEP_RECORDS);
    predictions.push(...predictionsOf(scenario, sweep, judgement));
  });
  return predictions;
}

/** A sweep as the judge gets it, without the history. */
export function inputOf(scenario: Scenario, sweep: number): Omit<JudgeInput, 'history'> {
  const row = scenario.sweeps[sweep] ?? [];
  const targets = row.flatMap((samples, i) => (samples === null ? [] : [judgedTarget(scenario, i, sweep, samples)]));
  return { startedAt: sweepStart(scenario, sweep), targets, settings: settingsOf(scenario) };
}

/**
 * The judgement of a sweep in the benchmark's words: one prediction, or none where nothing was
 * found.
 */
export function predictionsOf({ id }: Scenario, sweep: number, judgement: Judgement): Prediction[] {
  const eject = judgement.targets.filter((target) => target.verdict === 'convicted').map((target) => target.key);
  const verdict = VERDICTS[judgement.fleet];
  return eject.length > 0 || verdict !== 'none' ? [{ id, sweep, eject, verdict }] : [];
}

/** Defaults of the product, with the scenario's time limit. */
export function settingsOf(scenario: Pick<Scenario, 'timeoutMs'>): JudgeSettings {
  return { timeoutMs: scenario.timeoutMs, graceMs: 300_000, minRoundGapMs: 30_000, cleanRounds: 5 };
}

/** Epoch ms of a sweep: any fixed day will do. */
export function sweepStart(scenario: Pick<Scenario, 'intervalS'>, sweep: number): number {
  return 1_700_000_000_000 + sweep * scenario.intervalS * 1000;
}

function judgedTarget(scenario: Scenario, index: number, sweep: number, samples: readonly BenchSample[]): JudgedTarget {
  const target = scenario.fleet[index];
  if (target === undefined)
    throw new Error(`scenario ${scenario.id} has samples for target ${index}, its fleet has ${scenario.fleet.length}`);
  return {
    key: target.id,
    zone: target.az,
    ...(target.type === null ? {} : { type: target.type }),
    ...(target.reg < 0 ? {} : { ageMs: (sweep - target.reg) * scenario.intervalS * 1000 }),
    samples: samples.map(judgedSample),
  };
}

function judgedSample(sample: BenchSample): JudgedTarget['samples'][number] {
  return typeof sample === 'number' ? { latencyMs: sample } : { error: benchError(sample) };
}

/** T, R, C or `status@ms`. Throws for anything else. */
export function benchError(sample: string): SampleError {
  if (sample === 'T') return { kind: 'timeout', phase: 'wait' };
  if (sample === 'R') return { kind: 'reset', phase: 'wait' };
  if (sample === 'C') return { kind: 'refused', phase: 'connect' };
  const status = Number(sample.split('@')[0]);
  if (Number.isInteger(status)) return { kind: 'status', status };
  throw new Error(`unknown sample "${sample}", allowed: a number, T, R, C, status@ms`);
}
