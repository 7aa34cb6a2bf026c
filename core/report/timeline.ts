/** The timeline of a case as a report and `explain` tell it. */
import type { CaseEvent } from '../model';
import { percent } from './text';
import { unknownCause } from './unknown-cause';

/** The judge's own arithmetic, behind what was measured (core/judge/verdict.ts). */
const STATISTICS = /, [\d.]+ nats of evidence, [\d.]+ needed/g;

/** "pool-starvation (0.97)", as it is stored. */
const DIAGNOSED = /^([a-z-]+) \((\d(?:\.\d+)?)\)$/;

/** The event in words that need no knowledge of how it was judged. */
export function eventText({ kind, says }: CaseEvent): string {
  return (kind === 'diagnosed' ? diagnosedText(says) : says).replace(STATISTICS, '');
}

/** What was diagnosed, and how sure it is; of no cause, how much was seen. */
export function diagnosedText(says: string): string {
  const [, cause, confidence] = DIAGNOSED.exec(says) ?? [];
  if (cause === undefined) return says;
  return cause === 'unknown' ? unknownCause(Number(confidence)) : `${cause} (${percent(Number(confidence))} sure)`;
}
