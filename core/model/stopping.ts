/**
 * Shared contracts: stopping a culprit (docs/decisions/0030-stopping-a-culprit.md). Everything is
 * exported by core/model.ts, from which all others import.
 */
import type { OutboxEntry } from './cases';
import type { Culprit } from './diagnosing';
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
  /** When it began by the host's clock, as an inspection tells it: within 2 s of the finding's. */
  readonly startedAt: number;
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
  /**
   * Whether the host has a record of a stop of this case. Without one nothing was changed and
   * nothing signalled: `starter` is `none`, the lists are empty.
   */
  readonly known: boolean;
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

/** How an Automation execution stands, in our words. */
export interface StopExecution {
  /**
   * `waiting`: for approval. `acting`: approved, also while it is being cancelled after that.
   * `cancelling`: before anybody approved it. `ended`: the step that stops has ended well;
   * `outcome` is absent where it printed none that can be read. `failed`, `cancelled`: without
   * that.
   */
  readonly state: 'waiting' | 'acting' | 'cancelling' | 'ended' | 'denied' | 'expired' | 'cancelled' | 'failed';
  /** Whether the step that stops was begun: only without it nothing can have been done. */
  readonly reachedHost: boolean;
  readonly approvedBy?: string;
  readonly outcome?: StopOutcome;
  /** For people. */
  readonly why?: string;
}

/**
 * Stops need this tag on the target group and on the instance, by check and by IAM condition. Its
 * value is the name of the one stack that may stop something there (`Config.stack`).
 */
export const STOP_TAG_KEY = 'sickbay:stop';

/** A command that an operator allows to be stopped (`stop.allow` of a target group). */
export interface StopAllowed {
  /** Target of /proc/PID/exe: of a script it is the interpreter. */
  readonly executable: string;
  readonly user: string;
  /**
   * An expression from `^` to `$`, on the redacted command without its first word, joined by one
   * space.
   */
  readonly arguments: string;
  readonly parent: 'cron' | 'timer';
  readonly allowKill: boolean;
}

/**
 * Why no stop is proposed, or a proposal is withdrawn. In the order in which they are told,
 * cheapest first: nothing is asked of a host before all that is known without it passes.
 */
export const STOP_BLOCKED = [
  'stop-off',
  'stop-switch',
  /** A stop failed in this group, and nobody has looked at it yet. */
  'stop-breaker',
  /** A record that cannot be read may be a stop under way. */
  'unreadable-stop',
  'budget-group-day',
  'budget-stack-day',
  'another-host',
  /** The same process within the hour, or too many proposals of the case. */
  'proposed-lately',
  'no-culprit',
  'culprit-in-container',
  'target-serves',
  'not-tagged',
  'calendar-closed',
  'plan-failed',
  /** The process that was found on the host is not the one of the finding, or of the proposal. */
  'plan-differs',
  'host-unsupported',
  'denied-process',
  'listens',
  'not-allowed',
  'executable-writable',
  'starter-unknown',
  'starter-managed',
  /** Asked last: it inspects every peer. */
  'culprit-on-peers',
] as const;
export type StopBlocked = (typeof STOP_BLOCKED)[number];

export interface StopCheck {
  readonly check: StopBlocked;
  readonly value: string;
  readonly limit: string;
  readonly passed: boolean;
}

/**
 * `proposed`: an Automation execution waits for a person, or is about to be started. `acting`:
 * approved, the host works on it. `verifying`: ended there, and is it gone? `holding`: verified;
 * what starts the culprit stays out of the way until somebody keeps or undoes that, or its lease
 * ends. `undoing`: the undo is under way. The others are ends.
 */
export const STOP_STATES = [
  'proposed',
  'acting',
  'verifying',
  'holding',
  'undoing',
  'refused',
  'denied',
  'expired',
  'withdrawn',
  'undone',
  'kept',
] as const;
export type StopState = (typeof STOP_STATES)[number];

/** The record of one proposal, stored in a table of its own with one writer (lambda/stop/). */
export interface Stop {
  readonly v: 1;
  /** `CASEID/stop/N`, N from 1. */
  readonly id: string;
  /** Optimistic lock: each write asks for the one before. */
  readonly rev: number;
  readonly caseId: string;
  readonly groupArn: string;
  readonly target: Target;
  readonly instanceId: string;
  readonly state: StopState;
  readonly plan: StopPlan;
  /** The culprit of the finding: what the case's causeStatus is about. */
  readonly culprit: Culprit;
  readonly allowKill: boolean;
  /** The target serves: capacity, and nothing else, forbade its removal. */
  readonly inService?: true;
  readonly proposedAt: number;
  /** No approval counts after it: the runbook and the host hold it too. */
  readonly expiresAt: number;
  /**
   * Written before the execution is started, as its ClientToken: a second start is the same. A
   * UUID.
   */
  readonly clientToken: string;
  readonly executionId?: string;
  /** A cancellation was asked for, why, and the end that it leads to when nothing was done. */
  readonly cancelling?: { readonly end: 'withdrawn' | 'expired'; readonly why: string };
  readonly approvedBy?: string;
  /** People were told how to approve it. */
  readonly toldAt?: number;
  /** The execution was first seen approved. */
  readonly approvedAt?: number;
  /** The host was first seen to have ended. */
  readonly actedAt?: number;
  readonly outcome?: StopOutcome;
  /** Looks at the host in which nothing ran or was back, without a break. */
  readonly cleanLooks?: number;
  readonly firstCleanAt?: number;
  /** The last look at the host, whatever it showed. */
  readonly lookedAt?: number;
  readonly verifiedAt?: number;
  /** Name of the one-time Scheduler entry that undoes the change of what starts it. */
  readonly undoSchedule: string;
  /** When that entry fires: the end of the lease. */
  readonly undoAt: number;
  readonly remindedAt?: number;
  /** Who asked for it to be kept out, or undone. */
  readonly keepAskedBy?: string;
  readonly undoAskedBy?: string;
  readonly endedAt?: number;
  /** Why it was withdrawn, refused or undone, for people. */
  readonly because?: string;
  /** No further stop in this group until a person has looked. */
  readonly blocksGroup?: true;
  readonly events: readonly { readonly at: number; readonly says: string }[];
  readonly outbox: readonly OutboxEntry[];
}

/**
 * What a person asks of the function that stops. `stop`: the id of a stop or of its case, or an
 * instance.
 */
export type StopRequest =
  | { readonly kind: 'undo'; readonly stop: string; readonly by: string; readonly reason: string }
  | { readonly kind: 'keep'; readonly stop: string; readonly by: string; readonly reason: string }
  /** Has looked at a failed stop: further ones may be proposed in its group. */
  | { readonly kind: 'looked-at'; readonly stop: string; readonly by: string; readonly reason: string };
