/**
 * Shared contracts: stopping a culprit (docs/decisions/0030-stopping-a-culprit.md). Everything is
 * exported by core/model.ts, from which all others import.
 */
import type { OutboxEntry } from './cases';
import type { Target } from './targets';

/**
 * One process, as the host's kernel names it: a pid alone is reused, `bootId` with `startTicks`
 * (field 22 of /proc/PID/stat, clock ticks since the boot) is not.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: number;
  readonly ppid: number;
  readonly uid: number;
  readonly user: string;
  /** Target of /proc/PID/exe. Empty where it cannot be read. */
  readonly executable: string;
  /** Redacted on the host and again on arrival, at most 300 characters. */
  readonly command: string;
}

/** The file that a path names, and who may change it. */
export interface ExecutableFacts {
  readonly path: string;
  readonly device: number;
  readonly inode: number;
  readonly ownerUid: number;
  /** Whether anyone but root may write the file or a folder above it. */
  readonly writableByOthers: boolean;
  /** The file was deleted or replaced since the process began. */
  readonly replaced: boolean;
}

/** What starts the culprit again. */
export type StopStarter =
  | {
      readonly kind: 'cron';
      /** Absolute path of the crontab. */
      readonly file: string;
      /** 1-based. */
      readonly line: number;
      readonly lineSha256: string;
      readonly fileSha256: string;
      /** As it stands, redacted. */
      readonly text: string;
      /**
       * The shortest time between two starts of the next days, seconds; undefined for `@reboot` and
       * where it cannot be told.
       */
      readonly periodS?: number;
      /** What manages the file, by a marker or a header in it: then it is not edited. */
      readonly managedBy?: string;
    }
  | {
      readonly kind: 'timer';
      readonly unit: string;
      readonly service: string;
      readonly periodS?: number;
    };

/**
 * The dry run: what a stop would meet on the host, read without changing anything. `digest` is
 * SHA-256, in hex, over all that identifies the process and what starts it, made by the host
 * (lambda/stop/host/): the stop is refused where the host makes another one of what it finds then.
 */
export interface StopPlan {
  readonly v: 1;
  readonly digest: string;
  /** Of the program that made it: a later program makes other digests. */
  readonly program: string;
  readonly bootId: string;
  readonly process: ProcessIdentity;
  readonly executable: ExecutableFacts;
  readonly cgroup: string;
  /** From the parent upwards, as far as pid 1. */
  readonly ancestors: readonly ProcessIdentity[];
  /** What would be signalled: the process first, then its descendants, parents before children. */
  readonly tree: readonly ProcessIdentity[];
  /** It or a descendant accepts connections on a port. */
  readonly listens: boolean;
  /** The application's listener, or anything in its cgroup, is in the tree or shares its cgroup. */
  readonly sharesApplication: boolean;
  /** Established connections of the tree: `10.0.1.10:5432` and how many. */
  readonly connections: readonly { readonly remote: string; readonly count: number }[];
  /** Files that the tree has open for writing, without devices, pipes, logs under /var/log. */
  readonly writing: readonly string[];
  /** Absent: nothing found that starts it again. */
  readonly starter?: StopStarter;
  /** Whether the host can do it at all: kernel with pidfd, python, write access to the crontab. */
  readonly unsupported?: string;
}

/** What came of a stop on the host. */
export interface StopOutcome {
  readonly v: 1;
  readonly digest: string;
  /**
   * `refused`: nothing was changed. `stopped`: every process of the tree ended. `survived`: some
   * still run after the time to end. The starter is out of the way in both of the last.
   */
  readonly outcome: 'refused' | 'stopped' | 'survived';
  /** For people: why it was refused, what survived. */
  readonly why?: string;
  readonly signalled: readonly { readonly pid: number; readonly signal: 'TERM' | 'KILL'; readonly ended: boolean }[];
  /** What was done about what starts it. */
  readonly starter: 'none' | 'commented-out' | 'timer-masked' | 'untouched';
}

/** What the host says when it is asked how a stop stands. Read only. */
export interface StopStatus {
  readonly v: 1;
  /** The host was booted since. A timer's mask does not outlive that; a crontab's line does. */
  readonly sameBoot: boolean;
  /** Processes of the tree, by identity, that still run. */
  readonly alive: readonly number[];
  /** Processes with the same executable, user and arguments that began since. */
  readonly back: readonly ProcessIdentity[];
  /** Whether what starts it is still out of the way, as the stop left it. */
  readonly starter: 'none' | 'held' | 'undone' | 'changed';
}

/** What came of an undo. `changed`: somebody edited the line meanwhile, nothing was touched. */
export interface UndoOutcome {
  readonly v: 1;
  readonly outcome: 'undone' | 'nothing-to-undo' | 'changed' | 'failed';
  readonly why?: string;
}

/** Why no stop is proposed, or a proposal is withdrawn. In the order in which they are told. */
export const STOP_BLOCKED = [
  'stop-off',
  'stop-switch',
  'stop-breaker',
  'budget-group-day',
  'budget-stack-day',
  'another-host',
  'target-serves',
  'no-culprit',
  'culprit-in-container',
  'culprit-on-peers',
  'plan-failed',
  'plan-differs',
  'host-unsupported',
  'denied-process',
  'not-allowed',
  'executable-writable',
  'starter-unknown',
  'starter-managed',
  'not-tagged',
  'calendar-closed',
] as const;
export type StopBlocked = (typeof STOP_BLOCKED)[number];

export interface StopCheck {
  readonly check: StopBlocked;
  readonly value: string;
  readonly limit: string;
  readonly passed: boolean;
}

/**
 * `proposed`: an Automation execution waits for a person. `acting`: approved, the host works on it.
 * `verifying`: ended there, and is it gone? `holding`: verified; what starts the culprit stays out
 * of the way until somebody keeps or undoes that, or its lease ends. `undoing`: the undo is under
 * way. The others are ends.
 */
export type StopState =
  'proposed' | 'acting' | 'verifying' | 'holding' | 'undoing' | 'refused' | 'denied' | 'expired' | 'withdrawn' | 'undone' | 'kept';

/** The record of one proposal, stored in a table of its own with one writer (lambda/stop/). */
export interface Stop {
  readonly v: 1;
  /** `CASEID/stop/N`, N from 1. */
  readonly id: string;
  /** Optimistic lock. */
  readonly rev: number;
  readonly caseId: string;
  readonly groupArn: string;
  readonly target: Target;
  readonly instanceId: string;
  readonly state: StopState;
  readonly plan: StopPlan;
  readonly allowKill: boolean;
  readonly proposedAt: number;
  /** No approval counts after it. */
  readonly expiresAt: number;
  /** Written before the execution is started, as its ClientToken: a second start is the same. */
  readonly clientToken: string;
  readonly executionId?: string;
  readonly approvedBy?: string;
  readonly approvedAt?: number;
  readonly actedAt?: number;
  readonly outcome?: StopOutcome;
  /** Looks at the host since it was stopped in which nothing was back. */
  readonly cleanLooks?: number;
  readonly firstCleanAt?: number;
  readonly verifiedAt?: number;
  /** Name of the one-time Scheduler entry that undoes the crontab's change. */
  readonly undoSchedule: string;
  readonly undoAt: number;
  readonly remindedAt?: number;
  readonly endedAt?: number;
  /** Why it was withdrawn, refused or undone, for people. */
  readonly because?: string;
  /** No further stop in this group until a person has looked. */
  readonly blocksGroup?: true;
  readonly events: readonly { readonly at: number; readonly says: string }[];
  readonly outbox: readonly OutboxEntry[];
}
