import { isLead, type Cause, type CauseStatus, type Culprit, type Finding, type HostCapture } from '../model';
import { commandKey, withoutLabels } from './command-key';
import { diagnose } from './diagnose';
import { parseInspection } from './parse';
import { redactCommand } from './redact';
import { isWhole, type Inspection } from './inspection';
import type { PoolMetricNames } from './pools';
import { isPageQuick } from './symptom';

/**
 * The kernel's start of a process is exact, but the boot time it counts from is rounded to the
 * second and may be slewed.
 */
const SAME_START_MS = 2_000;

/**
 * Numbers of hidden values are of one inspection: between two of them it only counts that something
 * is hidden.
 */
function jobKey(command: string, comm: string): string {
  return commandKey({ command: withoutLabels(redactCommand(command)), comm });
}

function isSame(culprit: Culprit, process: Inspection['processes'][number]): boolean {
  const sameStart = culprit.startedAt === undefined || Math.abs(culprit.startedAt - process.startedAt) <= SAME_START_MS;
  return (process.pid === culprit.pid && sameStart) || jobKey(process.command, process.comm) === jobKey(culprit.command, '');
}

/**
 * The same process, or the same command under another pid: a job that was started again is the same
 * cause.
 */
function culpritStatus(culprit: Culprit, now: Inspection): CauseStatus {
  if (now.processes.some((process) => isSame(culprit, process))) return 'present';
  return isWhole(now, 'processes') ? 'gone' : 'unknown'; // a list that was cut may hide it
}

/** Differences that stay until somebody deploys. They are there whether they do harm or not. */
const STANDING: readonly Cause[] = ['release-drift', 'config-drift'];

/** Causes whose mechanism a metrics page alone would show. */
const TOLD_BY_A_PAGE: readonly Cause[] = ['pool-leak', 'event-loop-block', 'fd-exhaustion', 'memory-pressure'];

/** Whether it would show this cause if it were there. */
function tells(now: Inspection, cause: Cause): boolean {
  return now.overNetwork === undefined || (TOLD_BY_A_PAGE.includes(cause) && isWhole(now, 'metrics'));
}

/** Whether the host's own request for the real page is slow here, and not on the peers. */
function isSlowHere(sickNow: HostCapture, peersNow: readonly HostCapture[]): boolean {
  const sick = parseInspection(sickNow);
  const alike = peersNow.flatMap((peer) => parseInspection(peer) ?? []);
  return sick !== undefined && isPageQuick({ sick, alike }) === false;
}

/**
 * Whether the cause of an earlier finding is still there, from a later inspection. A culprit is
 * looked for by itself, for a target that is out of service has an idle pool which proves nothing.
 * Without one, the same rules look again. A lead is no cause that could be there or gone:
 * `unknown`. So is a release or a setting that differs while the page is quick: it keeps no well
 * target out.
 */
export function causeStatus(
  finding: Finding,
  sickNow: HostCapture,
  peersNow: readonly HostCapture[],
  poolMetrics?: PoolMetricNames,
): CauseStatus {
  const now = parseInspection(sickNow);
  if (now === undefined || finding.cause === 'unknown' || isLead(finding)) return 'unknown';
  const again = diagnose({
    sick: sickNow,
    peers: peersNow,
    now: sickNow.capturedAt,
    ...(poolMetrics === undefined ? {} : { poolMetrics }),
  });
  if (again.findings.some((one) => one.cause === finding.cause && !isLead(one)))
    return STANDING.includes(finding.cause) && !isSlowHere(sickNow, peersNow) ? 'unknown' : 'present';
  if (finding.culprit !== undefined) return culpritStatus(finding.culprit, now);
  return now.complete && tells(now, finding.cause) && peersNow.some((peer) => parseInspection(peer) !== undefined) ? 'gone' : 'unknown';
}
