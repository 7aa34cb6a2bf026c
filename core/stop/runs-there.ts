/** Whether a host runs the culprit's command, from its inspection. */
import { commandKey, withoutLabels } from '../diagnose/command-key';
import { isWhole } from '../diagnose/inspection';
import { parseInspection } from '../diagnose/parse';
import { redactCommand } from '../diagnose/redact';
import type { Culprit, HostCapture } from '../model';

/**
 * Whether it does, or may: a host that could not be inspected, or whose list of processes was cut.
 * Numbers of hidden values are of one inspection, so that they do not tell commands apart.
 */
export function mayRunThere(capture: HostCapture, culprit: Culprit): boolean {
  const inspection = parseInspection(capture);
  if (inspection === undefined || !isWhole(inspection, 'processes')) return true;
  const wanted = keyOf(culprit.command, '');
  return inspection.processes.some(({ command, comm }) => keyOf(command, comm) === wanted);
}

function keyOf(command: string, comm: string): string {
  return commandKey({ command: withoutLabels(redactCommand(command)), comm });
}
