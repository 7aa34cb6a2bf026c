/** A stop as people read it. */
import type { Stop } from '../../core/model';
import { dryRunSections, jobText, starterText } from '../../core/report/stop/dry-run';
import { clock, section, utc } from '../../core/report/text';
import { command } from '../invocation';

/** Whether a person can still approve or deny it. */
export function isOpen(stop: Stop, now: number): boolean {
  return stop.state === 'proposed' && stop.cancelling === undefined && now < stop.expiresAt;
}

/** What it is about, what happened, and what can be done now. */
export function stopText(stop: Stop, now: number): string[] {
  const { plan, caseId } = stop;
  return [
    `${stop.id}: ${stateText(stop, now)}`,
    `${jobText(plan, 120)} (pid ${plan.process.pid}, ${plan.process.user}) on ${stop.instanceId}, started by ${starterText(plan)}`,
    `digest ${plan.digest}`,
    ...(stop.state === 'proposed' ? dryRunSections(stop) : []),
    ...section(
      'What happened',
      stop.events.map(({ at, says }) => `${clock(at)}  ${says}`),
    ),
    ...section('What can be done', nextCommands(stop, now, caseId)),
  ];
}

export function stateText(stop: Stop, now: number): string {
  if (stop.state === 'proposed' && !isOpen(stop, now)) return `proposed, and cannot be approved any more (until ${utc(stop.expiresAt)})`;
  if (stop.state === 'proposed') return `proposed; can be approved until ${utc(stop.expiresAt)}`;
  if (stop.state === 'holding') return `stopped and verified; what starts it comes back at ${utc(stop.undoAt)}`;
  return stop.because === undefined ? stop.state : `${stop.state}: ${stop.because}`;
}

function nextCommands(stop: Stop, now: number, caseId: string): string[] {
  if (isOpen(stop, now)) return [command(`stop ${caseId} --approve ${stop.plan.digest}`), command(`stop ${caseId} --deny`)];
  if (stop.state === 'holding') return [command(`undo ${caseId}`), command(`undo ${caseId} --keep`)];
  if (stop.state === 'verifying') return [command(`undo ${caseId}`)];
  return stop.blocksGroup === true ? [command(`stop ${caseId} --looked-at`)] : [];
}
