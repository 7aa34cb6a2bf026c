import { isLead, type Finding } from '../model';
import { unknownCause } from './unknown-cause';

/** One finding with its culprit and what speaks for and against it, and how to check it. */
export function findingLines(finding: Finding): string[] {
  const { cause, confidence, culprit, evidence, against, checks = [], wrongIf } = finding;
  const who =
    culprit === undefined
      ? []
      : [
          `    culprit: pid ${culprit.pid}, user ${culprit.user}${culprit.parent === undefined ? '' : `, parent ${culprit.parent}`}: ${culprit.command}`,
        ];
  const cron = culprit?.cron === undefined ? [] : [`    cron: ${culprit.cron}`];
  const container = culprit?.container === undefined ? [] : [`    in: ${culprit.container}`];
  return [
    cause === 'unknown' ? unknownCause(confidence) : `${cause} (${isLead(finding) ? 'a lead, ' : ''}confidence ${confidence.toFixed(2)})`,
    ...who,
    ...container,
    ...cron,
    ...evidence.map((line) => `    + ${line}`),
    ...against.map((line) => `    - ${line}`),
    ...(wrongIf === undefined ? [] : [`    wrong if ${wrongIf}`]),
    ...checks.map((command) => `    check: ${command}`),
  ];
}
