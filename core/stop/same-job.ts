/** Whether two hosts run the same job: a job that more than one runs is no matter of one host. */
import { commandKey, withoutLabels } from '../diagnose/command-key';
import { isWhole } from '../diagnose/inspection';
import { parseInspection } from '../diagnose/parse';
import { redactCommand } from '../diagnose/redact';
import type { Culprit, HostCapture } from '../model';

/**
 * Whether the host runs the culprit's job, or may: a host that could not be inspected, or whose
 * list of processes was cut. Numbers of hidden values are of one inspection, so that they do not
 * tell commands apart.
 */
export function mayRunThere(capture: HostCapture, culprit: Culprit): boolean {
  const inspection = parseInspection(capture);
  if (inspection === undefined || !isWhole(inspection, 'processes')) return true;
  const wanted = keyOf(culprit.command);
  return inspection.processes.some(({ command, comm }) => keyOf(command, comm) === wanted);
}

/** Whether two culprits are one job: numbers, ids and hidden values tell runs apart, not jobs. */
export function isSameJob(one: Culprit, other: Culprit): boolean {
  return keyOf(one.command) === keyOf(other.command);
}

function keyOf(command: string, comm = ''): string {
  return commandKey({ command: withoutLabels(redactCommand(command)), comm });
}
