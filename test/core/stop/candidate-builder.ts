/**
 * A case whose culprit may be stopped, with everything read and in order: a test says what is not.
 */
import type { Stop, StopPlan, TargetCase } from '../../../core/model';
import type { StopCandidate } from '../../../core/stop/candidate';
import { propose } from '../../../core/stop/transitions';
import { outCase } from '../../builders/cases';
import { diagnosisOf } from '../../builders/diagnoses';
import { confirmed } from '../../builders/ejections';
import { NOW } from '../../builders/now';
import { roundOf } from '../../builders/rounds';

const BEGAN_AT = NOW - 1_200_000;
const DIGEST = 'a'.repeat(64);
const HASH = 'b'.repeat(64);

const PROCESS = {
  pid: 4242,
  startTicks: 77_000,
  ppid: 300,
  uid: 1001,
  user: 'reports',
  executable: '/usr/bin/python3.11',
  command: 'python3 /opt/reports/monthly --all',
};

export const PLAN: StopPlan = {
  v: 1,
  digest: DIGEST,
  program: 'p1',
  bootId: 'boot-1',
  process: PROCESS,
  startedAt: BEGAN_AT,
  executable: { path: '/usr/bin/python3.11', device: 1, inode: 2, ownerUid: 0, writableByOthers: false, replaced: false },
  cgroup: '/system.slice/cron.service',
  ancestors: [
    { ...PROCESS, pid: 300, ppid: 250, user: 'root', executable: '/usr/sbin/cron', command: 'CRON -f' },
    { ...PROCESS, pid: 250, ppid: 1, user: 'root', executable: '/usr/sbin/cron', command: 'cron -f' },
  ],
  tree: [PROCESS, { ...PROCESS, pid: 4243, ppid: 4242, command: 'python3 /opt/reports/monthly --worker' }],
  listens: false,
  sharesApplication: false,
  connections: [{ remote: '10.0.1.10:5432', count: 14 }],
  writing: ['/var/lib/reports/july.csv'],
  starter: {
    kind: 'cron',
    file: '/etc/cron.d/reports',
    line: 3,
    lineSha256: HASH,
    fileSha256: HASH,
    text: '*/10 * * * * reports /opt/reports/monthly --all',
    periodS: 600,
  },
};

const CULPRIT = {
  pid: 4242,
  command: 'python3 /opt/reports/monthly --all',
  user: 'reports',
  startedAt: BEGAN_AT,
  cron: 'x',
  cronFile: '/etc/cron.d/reports',
};

export function incidentOf(fields: Partial<TargetCase> = {}): TargetCase {
  const target = { id: 'i-0123456789abcdef0', port: 8080 };
  const finding = { cause: 'pool-starvation' as const, confidence: 0.97, culprit: CULPRIT, evidence: [], against: [] };
  return outCase(confirmed(target, NOW - 300_000, NOW + 600_000), {
    diagnosis: diagnosisOf([finding]),
    causeStatus: 'present',
    ...fields,
  });
}

export function candidateOf(fields: Partial<StopCandidate> = {}): StopCandidate {
  const incident = fields.incident ?? incidentOf();
  return {
    now: NOW,
    allow: [
      { executable: '/usr/bin/python3.11', user: 'reports', arguments: '^/opt/reports/monthly --all$', parent: 'cron', allowKill: false },
    ],
    incident,
    openCases: [incident],
    stops: [],
    unreadable: [],
    stopSwitch: { on: false, why: 'off' },
    round: roundOf({ groupArn: incident.groupArn }),
    serves: { value: false },
    tagged: { value: true },
    calendarOpen: { value: true },
    peersRunning: { value: [] },
    plan: { value: PLAN },
    ...fields,
  };
}

/** A proposal of the case, a minute old, that people were told of. */
export function stopOf(fields: Partial<Stop> = {}): Stop {
  const { id: caseId, groupArn, target } = incidentOf();
  const proposed = propose(
    {
      now: NOW - 60_000,
      number: 1,
      clientToken: 'c0ffee00-0000-4000-8000-000000000000',
      undoSchedule: 'sickbay-stop-1',
      approvalMs: 900_000,
      leaseMs: 86_400_000,
    },
    { caseId, groupArn, target, instanceId: target.id, plan: PLAN, culprit: CULPRIT, allowKill: false },
  );
  return { ...proposed, rev: 1, executionId: '11111111-2222-4333-8444-555555555555', toldAt: NOW - 59_000, ...fields };
}
