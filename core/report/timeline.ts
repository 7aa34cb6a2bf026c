/** The timeline of a case as a report tells it; `explain` tells it as it is stored. */
import type { CaseEvent } from '../model';
import { percent } from './text';

/** The judge's own arithmetic, behind what was measured (core/judge/verdict.ts). */
const STATISTICS = /, [\d.]+ nats of evidence, [\d.]+ needed/g;

/** "pool-starvation (0.97)" */
const CONFIDENCE = /\((0\.\d+|1)\)$/;

/** The event in words that need no knowledge of how it was judged. */
export function eventText({ kind, says }: CaseEvent): string {
  if (kind === 'diagnosed') return says.replace(CONFIDENCE, (_whole, confidence: string) => `(${percent(Number(confidence))} sure)`);
  return says.replace(STATISTICS, '');
}
