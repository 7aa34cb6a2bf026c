/** A proposal to stop a job, as the function that stops keeps it. */
import type { Stop, StopPlan } from '../../core/model';
import { NOW } from './now';

const JOB: StopPlan['process'] = {
  pid: 4242,
  startTicks: 1_000,
  ppid: 4241,
  uid: 1001,
  user: 'reports',
  executable: '/usr/bin/python3.11',
  command: 'python3 /opt/reports/monthly --all',
};

export const PLAN: StopPlan = {
  v: 1,
  digest: 'a'.repeat(64),
  program: 'p'.repeat(32),
  bootId: '0f0f0f0f-1111-4222-8333-444455556666',
  startedAt: NOW - 600_000,
  process: JOB,
  executable: { path: '/usr/bin/python3.11', device: 1, inode: 2, ownerUid: 0, writableByOthers: false, replaced: false },
  cgroup: '/system.slice/cron.service',
  ancestors: [],
  tree: [JOB],
  listens: false,
  sharesApplication: false,
  connections: [{ remote: '10.0.2.10:5432', count: 2 }],
  writing: [],
  starter: {
    kind: 'cron',
    file: '/var/spool/cron/crontabs/reports',
    line: 3,
    lineSha256: 'b'.repeat(64),
    fileSha256: 'c'.repeat(64),
    text: '10 2 1 * * /opt/reports/monthly --all',
    periodS: 300,
  },
};

export function stopOf(more: Partial<Stop> = {}): Stop {
  return {
    v: 1,
    id: 'case-1/stop/1',
    rev: 1,
    caseId: 'case-1',
    groupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/checkout/0123456789abcdef',
    target: { id: 'i-0aaaaaaaaaaaaaaa1', port: 8080 },
    instanceId: 'i-0aaaaaaaaaaaaaaa1',
    state: 'proposed',
    plan: PLAN,
    culprit: { pid: 4242, command: 'python3 /opt/reports/monthly --all', user: 'reports' },
    allowKill: false,
    proposedAt: NOW,
    expiresAt: NOW + 900_000,
    clientToken: '0f0f0f0f-1111-4222-8333-444455556666',
    executionId: 'execution-1',
    undoSchedule: 'sickbay-stop-1',
    undoAt: NOW + 86_400_000,
    events: [{ at: NOW, says: 'proposed' }],
    outbox: [],
    ...more,
  };
}
