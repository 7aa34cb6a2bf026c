import { findingLines } from '../../core/report/findings';
import { overNetworkLines } from '../../core/report/over-network';
import type { Diagnosis } from '../../core/model';

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

/** The diagnosis as text for people, best finding first. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { findings, differences, notInspectable, notes } = diagnosis;
  return [
    ...findings.flatMap(findingLines),
    ...section('Differences that no finding explains', differences),
    ...section('Not inspected', overNetworkLines(diagnosis)),
    ...section(
      'Not inspectable',
      notInspectable.map(({ host, why }) => `${host}: ${why}`),
    ),
    ...section('Notes', notes),
    '',
  ].join('\n');
}
