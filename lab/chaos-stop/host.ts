/**
 * A host as a stop meets it: one job that cron starts, one line of a crontab, and the program that
 * runs there (lambda/stop/host/) as its contract says it does. What a host may be at its worst is
 * drawn by lab/chaos-stop/world.ts.
 */
import { createHash } from 'node:crypto';
import type { ProcessIdentity, StopOutcome, StopPlan, StopStatus, UndoOutcome } from '../../core/model';

export interface Process {
  readonly pid: number;
  readonly startedAt: number;
  readonly kind: 'report' | 'other';
}

/** What is so of the job, or of the host: each is a reason why nothing may be stopped there. */
export interface Traits {
  readonly listens: boolean;
  readonly sharesApplication: boolean;
  /** It is what the host lives by. */
  readonly vital: boolean;
  /** No entry of the allow-list is for it. */
  readonly unlisted: boolean;
  readonly writable: boolean;
  readonly managed: boolean;
  readonly starterUnknown: boolean;
  readonly unsupported: boolean;
  readonly inContainer: boolean;
  /** The findings name another process beside it. */
  readonly twoCulprits: boolean;
  /** SIGTERM does not end it. */
  readonly stubborn: boolean;
  /** Something beside cron starts it again, minutes after it ended. */
  readonly otherPath: boolean;
  /** The host says that it ended although it did not. */
  readonly liesAboutTheEnd: boolean;
}

export const EXECUTABLE = '/usr/bin/node';
/** An operator may list by mistake what the host lives by. */
export const VITAL = '/usr/sbin/sshd';
export const ARGUMENTS = '^/opt/report\\.js --of [a-z]+$';

/**
 * A job of this host alone. Numbers would not tell it from another's, and neither would a word that
 * redaction hides: `--of north` and `--of south` are one job (core/stop/same-job.ts), so that two
 * of the hosts would never be stopped on. A test holds that these four are told apart.
 */
export function commandOf(number: number): string {
  return `node /opt/report.js --of ${['orders', 'east', 'search', 'west'][number - 1] ?? 'nowhere'}`;
}

interface Stopped {
  readonly caseId: string;
  readonly digest: string;
  readonly pid: number;
  readonly startedAt: number;
  readonly at: number;
  readonly bootId: string;
}

export class Host {
  process: Process | undefined;
  bootId = 'boot-1';
  isReachable = true;
  /** The case whose stop commented the line out. */
  outBy: string | undefined;
  outAt = 0;
  /** A person changed the line after that. */
  isEdited = false;
  record: Stopped | undefined;
  private nextPid = 4000;

  constructor(
    readonly id: string,
    readonly number: number,
    readonly periodMs: number,
    readonly traits: Traits,
  ) {}

  start(now: number, pid = this.nextPid++): void {
    this.process = { pid, startedAt: now, kind: 'report' };
  }

  /** The pid is taken by somebody else's program, or by a later run of the same job. */
  reusePid(now: number, kind: Process['kind']): void {
    const { process } = this;
    if (process !== undefined) this.process = { pid: process.pid, startedAt: now, kind };
  }

  boot(now: number): void {
    this.bootId = `boot-${now}`;
    this.process = undefined;
  }

  /** Each minute: cron, and what else starts the job. */
  tick(now: number): void {
    if (this.process !== undefined) return;
    if (this.outBy === undefined && Math.floor(now / 60_000) % Math.max(1, this.periodMs / 60_000) === 0) this.start(now);
    else if (this.traits.otherPath && this.record !== undefined && now - this.record.at > 180_000) this.start(now);
  }

  // -------------------------------------------------------------- the program

  plan(pid: number): StopPlan | undefined {
    const { process, traits } = this;
    if (process?.pid !== pid) return undefined;
    const isReport = process.kind === 'report';
    const command = isReport && !traits.unlisted ? commandOf(this.number) : `node /opt/other-${this.number}.js`;
    const identity = identityOf(process, command, isReport && traits.vital ? VITAL : EXECUTABLE);
    return {
      v: 1,
      digest: digestOf([this.id, this.bootId, process.pid, process.startedAt, command, this.isEdited]),
      program: 'model',
      bootId: this.bootId,
      process: identity,
      startedAt: process.startedAt,
      executable: { path: identity.executable, device: 1, inode: 1, ownerUid: 0, writableByOthers: traits.writable, replaced: false },
      cgroup: '/system.slice/cron.service',
      ancestors: [identityOf({ pid: 300, startedAt: 0, kind: 'other' }, 'cron -f', '/usr/sbin/cron')],
      tree: [identity],
      listens: traits.listens,
      sharesApplication: traits.sharesApplication,
      connections: [{ remote: '10.0.1.10:5432', count: 14 }],
      writing: [],
      ...(traits.starterUnknown ? {} : { starter: this.starter() }),
      ...(traits.unsupported ? { unsupported: 'kernel 4.14 has no pidfd' } : {}),
    };
  }

  private starter(): NonNullable<StopPlan['starter']> {
    const text = `* * * * * reports ${commandOf(this.number)}`;
    return {
      kind: 'cron',
      file: '/etc/cron.d/report',
      line: 3,
      lineSha256: digestOf([text]),
      fileSha256: digestOf([text]),
      text,
      periodS: this.periodMs / 1000,
      ...(this.traits.managed ? { managedBy: 'puppet' } : {}),
    };
  }

  stop(
    order: { readonly caseId: string; readonly pid: number; readonly digest: string; readonly expiresAtS: number },
    now: number,
  ): StopOutcome {
    const plan = this.plan(order.pid);
    const refused = (why: string): StopOutcome => ({
      v: 1,
      digest: order.digest,
      outcome: 'refused',
      why,
      signalled: [],
      starter: 'untouched',
    });
    if (Math.floor(now / 1000) > order.expiresAtS) return refused('the approval is too old');
    if (plan?.digest !== order.digest || this.process === undefined) return refused('it is not what was approved');
    const { pid, startedAt } = this.process;
    this.outBy = order.caseId;
    this.outAt = now;
    this.isEdited = false;
    this.record = { caseId: order.caseId, digest: order.digest, pid, startedAt, at: now, bootId: this.bootId };
    const ended = !this.traits.stubborn;
    if (ended) this.process = undefined;
    const outcome = ended || this.traits.liesAboutTheEnd ? 'stopped' : 'survived';
    return { v: 1, digest: order.digest, outcome, signalled: [{ pid, signal: 'TERM', ended }], starter: 'commented-out' };
  }

  status(caseId: string): StopStatus {
    const { record, process } = this;
    if (record?.caseId !== caseId) return { v: 1, known: false, sameBoot: true, alive: [], back: [], starter: 'none' };
    const isSame = process !== undefined && process.pid === record.pid && process.startedAt === record.startedAt;
    const isBack = process !== undefined && process.kind === 'report' && !isSame;
    return {
      v: 1,
      known: true,
      sameBoot: this.bootId === record.bootId,
      alive: isSame ? [process.pid] : [],
      back: isBack ? [identityOf(process, commandOf(this.number), EXECUTABLE)] : [],
      starter: this.isEdited ? 'changed' : this.outBy === caseId ? 'held' : 'undone',
    };
  }

  undo(caseId: string): UndoOutcome {
    if (this.record?.caseId !== caseId || this.outBy !== caseId) return { v: 1, outcome: 'nothing-to-undo' };
    if (this.isEdited) return { v: 1, outcome: 'changed', why: 'the line was edited' };
    this.outBy = undefined;
    return { v: 1, outcome: 'undone' };
  }
}

function identityOf({ pid, startedAt }: Process, command: string, executable: string): ProcessIdentity {
  return { pid, startTicks: Math.floor(startedAt / 10), ppid: 300, uid: 1001, user: 'reports', executable, command };
}

function digestOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
