import { performance } from 'node:perf_hooks';
import type { JudgedTarget, JudgeInput } from '../../core/model';
import { judge, judgeAgainst } from '../../core/judge/judge';
import { readRecord } from '../../core/judge/record';
import { Dice } from './dice';
import { KEEP_RECORDS, settingsOf, sweepStart } from './predict';

const SAMPLES = 10;
/** Enough that the compiler has seen the code: an hour of sweeps of a warm function. */
const REPEATS = 200;

export interface Speed {
  readonly targets: number;
  /**
   * One verdict over so many targets with full history, ms: with the history read already, and with
   * reading its packed records.
   */
  readonly verdictMs: { readonly p50: number; readonly p95: number };
  readonly withRecordsMs: { readonly p50: number; readonly p95: number };
  /** Characters of one packed record. */
  readonly recordBytes: number;
}

/**
 * Times verdicts on a fleet in which one target is sick, as the judge must fear it: with evidence
 * in every round.
 */
export function measureSpeed(targets: number): Speed {
  const dice = new Dice('speed');
  const history: string[] = [];
  for (let round = 0; round < KEEP_RECORDS; round++) history.push(judge(roundOf(round, targets, history, dice)).record);
  const input = roundOf(KEEP_RECORDS, targets, history, dice);
  const read = history.map(readRecord);
  return {
    targets,
    verdictMs: timed(() => judgeAgainst(input, read)),
    withRecordsMs: timed(() => judge(input)),
    recordBytes: judge(input).record.length,
  };
}

function roundOf(round: number, size: number, history: readonly string[], dice: Dice): JudgeInput {
  const targets = Array.from({ length: size }, (_, k): JudgedTarget => {
    const levelMs = k === 0 && round > KEEP_RECORDS - 4 ? 900 : 80;
    const samples = Array.from({ length: SAMPLES }, () => ({ latencyMs: levelMs * Math.exp(0.3 * dice.normal()) }));
    return { key: `i-${k.toString(16).padStart(17, '0')}:8080`, zone: 'abc'.charAt(k % 3), type: 'm5.large', samples };
  });
  return { startedAt: sweepStart({ intervalS: 60 }, round), targets, history, settings: settingsOf({ timeoutMs: 5000 }) };
}

function timed(verdict: () => unknown): { p50: number; p95: number } {
  const times = Array.from({ length: REPEATS }, () => {
    const from = performance.now();
    verdict();
    return performance.now() - from;
  }).sort((a, b) => a - b);
  return { p50: times[Math.floor(0.5 * REPEATS)] ?? 0, p95: times[Math.floor(0.95 * REPEATS)] ?? 0 };
}

export function describeSpeed({ targets, verdictMs, withRecordsMs, recordBytes }: Speed): string {
  const ms = ({ p50, p95 }: { p50: number; p95: number }): string => `p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`;
  return `${targets} targets, ${KEEP_RECORDS} earlier rounds: verdict ${ms(verdictMs)}; with reading the records ${ms(withRecordsMs)}; a record has ${recordBytes} bytes\n`;
}
