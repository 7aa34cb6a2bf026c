import type { Finding } from '../model';

/** One finding with its culprit and what speaks for and against it. */
export function findingLines({ cause, confidence, culprit, evidence, against }: Finding): string[] {
  const who =
    culprit === undefined
      ? []
      : [
          `    culprit: pid ${culprit.pid}, user ${culprit.user}${culprit.parent === undefined ? '' : `, parent ${culprit.parent}`}: ${culprit.command}`,
        ];
  const cron = culprit?.cron === undefined ? [] : [`    cron: ${culprit.cron}`];
  return [
    `${cause} (confidence ${confidence.toFixed(2)})`,
    ...who,
    ...cron,
    ...evidence.map((line) => `    + ${line}`),
    ...against.map((line) => `    - ${line}`),
  ];
}
