import { table } from '../../core/report/text';
import type { ClassScore, Score } from './score';

/** One row a method. */
export function methodTable(rows: readonly { readonly name: string; readonly score: Score }[]): string {
  const head = [
    'method',
    'precision',
    'recall',
    'within 2',
    'within 3',
    'false',
    'per 1,000 healthy rounds',
    'shared false',
    'median delay',
  ];
  const body = rows.map(({ name, score }) => {
    const fractions = [score.precision, score.recall, score.recallWithin2, score.recallWithin3].map((value) => value.toFixed(3));
    return [
      name,
      ...fractions,
      String(score.falseEvents),
      score.falsePer1000HealthySweeps.toFixed(2),
      String(score.sharedFalseEvents),
      String(score.medianDelaySweeps ?? '-'),
    ];
  });
  return table([head, ...body]).join('\n');
}

/** One row a class of scenarios. */
export function classTable(classes: ReadonlyMap<string, ClassScore>): string {
  const head = ['class', 'kind', 'scenarios', 'episodes', 'detected', '<=2', '<=3', 'false', 'false scenarios', 'shared verdicts'];
  const body = [...classes].map(([name, score]) => {
    const { kind, scenarios, episodes, detected, within2, within3, falseEvents, falseScenarios, sharedVerdicts } = score;
    return [name, kind, scenarios, episodes, detected, within2, within3, falseEvents, falseScenarios, sharedVerdicts].map(String);
  });
  return table([head, ...body]).join('\n');
}
