import Table from 'cli-table3';
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
  const table = plainTable(head);
  for (const { name, score } of rows) {
    const fractions = [score.precision, score.recall, score.recallWithin2, score.recallWithin3].map((value) => value.toFixed(3));
    table.push([
      name,
      ...fractions,
      score.falseEvents,
      score.falsePer1000HealthySweeps.toFixed(2),
      score.sharedFalseEvents,
      score.medianDelaySweeps ?? '-',
    ]);
  }
  return table.toString();
}

/** One row a class of scenarios. */
export function classTable(classes: ReadonlyMap<string, ClassScore>): string {
  const table = plainTable([
    'class',
    'kind',
    'scenarios',
    'episodes',
    'detected',
    '<=2',
    '<=3',
    'false',
    'false scenarios',
    'shared verdicts',
  ]);
  for (const [name, score] of classes) {
    const { kind, scenarios, episodes, detected, within2, within3, falseEvents, falseScenarios, sharedVerdicts } = score;
    table.push([name, kind, scenarios, episodes, detected, within2, within3, falseEvents, falseScenarios, sharedVerdicts]);
  }
  return table.toString();
}

function plainTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } });
}
