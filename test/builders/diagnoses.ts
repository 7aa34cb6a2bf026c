/** Diagnoses. */
import type { Diagnosis, Finding } from '../../core/model';

/** What was found, and nothing else. */
export function diagnosisOf(findings: readonly Finding[], fields: Partial<Diagnosis> = {}): Diagnosis {
  return { findings, differences: [], notInspectable: [], pools: [], cpu: [], notes: [], ...fields };
}
