/**
 * When the access logs are asked: once in a run, for every target whose removal is due, and never
 * where none is. What could not be read is said in the case, and speaks for nothing.
 */
import { minutesOf, queryFor, SUBJECTS_MAX, type Query, type Subject } from '../../core/access-log/query';
import { isTargetCase } from '../../core/case';
import type { Config } from '../../core/config';
import type { GroupSituation } from '../../core/decide/situation';
import { subjectOf } from '../../core/decide/second-view/logged-subject';
import type { AccessLogView, Case } from '../../core/model';
import { errorFields } from '../aws/log';
import type { AccessLogs, RespondPorts } from '../ports';
import { isDue } from './balancer-view';

type Ports = Pick<RespondPorts, 'accessLogs' | 'clock' | 'log'>;
type Group = Pick<GroupSituation, 'group' | 'config' | 'rounds'>;

/** A case with its group, as far as that was read. */
export interface Asked {
  readonly incident: Case;
  readonly about: Group;
}

/** Where no probe path is configured, nothing is removed: what is slow is only told. */
const TIMEOUT_MS = 5_000;

/** Longest reason that is kept. */
const REASON_MAX = 300;

/**
 * What the logs say, by the id of the case, of at most `SUBJECTS_MAX` targets: those longest under
 * suspicion first. The others are asked about in a later run.
 */
export async function accessLogViews(ports: Ports, config: Config, asked: readonly Asked[]): Promise<ReadonlyMap<string, AccessLogView>> {
  const { accessLogs: logs, clock, log } = ports;
  if (logs === undefined) return new Map();
  const now = clock.now();
  const due = asked
    .filter(({ incident, about }) => isTargetCase(incident) && isDue(config, about, incident, now, incident.accessLog?.readAt))
    .sort((a, b) => a.incident.openedAt - b.incident.openedAt)
    .flatMap(({ incident, about }) => subjectFor(incident, about) ?? [])
    .slice(0, SUBJECTS_MAX);
  try {
    const query = queryFor(
      due.map(({ subject }) => subject),
      now,
    );
    return query === undefined ? new Map() : await answered(logs, query, due, now);
  } catch (error) {
    log('access-logs-unread', errorFields(error));
    const unread = String(error).slice(0, REASON_MAX);
    return new Map(due.map(({ id, subject: { fromMs, endpoint } }) => [id, { readAt: now, fromMs, endpoint, minutes: [], unread }]));
  }
}

interface Due {
  readonly id: string;
  readonly subject: Subject;
}

function subjectFor(incident: Case, { rounds, config: { probe } }: Group): Due | undefined {
  if (!isTargetCase(incident)) return undefined;
  const subject = subjectOf(rounds, incident.target, probe?.timeoutMs ?? TIMEOUT_MS);
  return subject === undefined ? undefined : { id: incident.id, subject };
}

async function answered(logs: AccessLogs, query: Query, due: readonly Due[], now: number): Promise<Map<string, AccessLogView>> {
  const { rows, scannedBytes } = await logs.query(query);
  return new Map(
    due.map(({ id, subject }): [string, AccessLogView] => {
      const { fromMs, endpoint } = subject;
      return [id, { readAt: now, fromMs, endpoint, minutes: minutesOf(rows, query, subject), scannedBytes }];
    }),
  );
}
