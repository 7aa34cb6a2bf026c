/** A run as a person reads it: what happened to the world, and what Sickbay wrote down about it. */
import type { Case } from '../../core/model';
import { draw, type Draw } from './random-plan';
import { runChaos } from './run';

/** The lines of one drawn run. */
export async function traceOf(seed: number, drawn: (seed: number) => Draw = draw): Promise<string[]> {
  const { plan, chaos, options } = drawn(seed);
  const { stage, violations, failures } = await runChaos(plan, chaos, options);
  return [
    ...plan.groups.map((group) => `group ${group.name}: ${group.hosts.join(' ')}`),
    ...(plan.service === undefined ? [] : [`service ${JSON.stringify(plan.service)}`]),
    ...plan.happenings.map((happening) => `minute ${happening.atMinute}: ${happening.summary}`),
    ...stage.all().flatMap(({ stack, records }) => [`stack ${stack}`, ...[...records.closed(), ...records.open()].flatMap(caseLines)]),
    ...failures.map((failure) => `a run failed: ${String(failure)}`),
    ...violations.map(({ invariant, step, summary }) => `VIOLATED ${invariant} (step ${step}): ${summary}`),
  ];
}

function caseLines(incident: Case): string[] {
  const events = incident.events.map((event) => `  ${new Date(event.at).toISOString().slice(11, 19)} ${event.kind}: ${event.says}`);
  return [`case ${incident.id} (${incident.about}, ${incident.because ?? incident.state})`, ...events];
}
