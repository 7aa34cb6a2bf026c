/** Why no stop of a case is proposed. */
import type { Case, Stop } from '../../core/model';
import { isTargetCase } from '../../core/case';
import { isMeant } from '../../core/report/cases';
import { culpritOf } from '../../core/stop/candidate';
import { evaluateStop, failedOf } from '../../core/stop/checks';
import { command } from '../invocation';

export interface Records {
  readonly now: number;
  readonly stops: readonly Stop[];
  readonly unreadable: readonly string[];
  readonly openCases: readonly Case[];
  readonly stopSwitch: { readonly on: boolean; readonly why: string };
}

/** What the configuration of the stack says is known to its function alone: for once, anything. */
const ANYTHING = { executable: '/', user: 'root', arguments: '^$', parent: 'cron', allowKill: false } as const;

/**
 * Why no stop of this case is proposed, as far as the records tell: one line a reason. What the
 * function asks of the host, its tags and its peers stands in the function's log.
 */
export function whyNone(records: Records, subject: string): string[] {
  const { now, stops, unreadable, openCases, stopSwitch } = records;
  const incident = openCases.find((one) => isMeant(one, subject));
  if (incident === undefined) return [`no open case is about "${subject}"; to list them: ${command('cases')}`];
  if (!isTargetCase(incident)) return ['the case is about several targets: there is no culprit on one host'];
  const candidate = { now, allow: [ANYTHING], incident, openCases, stops, unreadable, stopSwitch };
  const failed = failedOf(evaluateStop(candidate, 'records')).map(({ check, value, limit }) => `${check}: ${value}; wanted: ${limit}`);
  if (failed.length > 0 || culpritOf(incident) === undefined) return failed;
  return ['nothing on record forbids it: it may be proposed within a minute, or the function\'s log ("stop-not-proposed") says what does'];
}
