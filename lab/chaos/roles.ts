/**
 * What the parts of a chaos run know of each other: the stage (stage.ts) is played on, the checker
 * (checker.ts) holds what is played there to the invariants.
 */
import type { Config } from '../../core/config';
import type { ClientView } from '../../core/model';
import type { OperatorRequest } from '../../lambda/contract';
import type { SettableClock } from '../world/clock';
import type { World } from '../world/world';
import type { Fleet } from './fleet';
import type { Call, Invocation } from './invocation';
import type { Invariant, Violation } from './invariants';
import type { Out } from './out';
import type { PlanAutoScaling } from './plan-auto-scaling';
import type { Setting } from './plan';
import type { Random } from './random';
import type { ReadLog } from './read-log';
import type { Records } from './records';
import type { StaleReads } from './stale-reads';
import type { Tasks } from './tasks';

/** One Sickbay in the lab's world. */
export interface Stage {
  readonly plan: Setting;
  readonly clock: SettableClock;
  readonly world: World;
  readonly records: Records;
  readonly fleet: Fleet;
  readonly staleReads: StaleReads;
  readonly autoScaling: PlanAutoScaling;
  readonly tasks: Tasks;
  readonly functions: Functions;
  readonly checker: Checker;
  /** The Sickbay that the plan is about; another one is played beside it, in the same world. */
  readonly first: Stage;
  readonly stack: string;
  readonly scheduleGroup: string;
  readonly topicArn: string;
  /** What the operator wants, and what the checker holds us to. */
  readonly config: Config;
  /** What the functions were deployed with. */
  deployed: Config;
  /** The controller is gone: nothing of ours runs any more. */
  readonly gone: boolean;
  /** Hosts that the load balancer's own health check finds unhealthy. */
  readonly failingChecks: Set<string>;
  /** Instances on standby by us that an operator registered by hand. */
  readonly contestedStandby: Set<string>;
  /** Names of schedules that somebody deleted. */
  readonly lostScheduledRestores: ReadonlySet<string>;
  /** When an instance was stopped or started last. */
  readonly changedPowerAt: ReadonlyMap<string, number>;
  readonly random: Random;
  /** Nothing goes wrong any more. */
  readonly isCalm: boolean;

  /** Every Sickbay in this world, this one first. */
  all(): readonly Stage[];
  /** @param address what a terminated instance had */
  launch(id: string, address?: string): void;
  /** What a host is registered as in a group: its id, or its address. */
  targetIdIn(arn: string, id: string): string;
  register(arn: string, id: string): void;
  deregister(arn: string, id: string): void;
  stop(id: string): void;
  start(id: string): void;
  /** Stopped now, or a short while ago. */
  wasStopped(id: string): boolean;
  hasGroup(arn: string): boolean;
  /** An operator takes the group out of everything that uses it, and deletes it. */
  deleteGroup(arn: string): void;
  /** Nothing of the world's brings the target back any more: the responder has to. */
  loseScheduledRestore(arn: string, id: string): void;
  setKillSwitch(value: string): void;
  /** The load balancer's own checks, which a sick host passes. */
  checkHealth(): void;
  /** Target keys registered right now, not draining. */
  registered(arn: string): string[];
  /** What our own client of the load balancer sees; undefined where it is not asked. */
  clientView(groupArn: string, samples: number): ClientView | undefined;
  /** Remembers target health and Auto Scaling as they are now, for stale reads later. */
  look(): void;
}

/** The functions of one Sickbay, as they are started. */
export interface Functions {
  /** Operator requests that nobody has answered yet. */
  readonly waiting: ReadonlySet<OperatorRequest>;
  /** Addresses whose scheduled restore was given up, and lies in the queue that pages. */
  readonly deadAddresses: ReadonlySet<string>;
  /**
   * Calls that were begun, and that ended, by every Sickbay in this world: the first one counts.
   */
  calls: number;
  steps: number;

  wakeResponder(): void;
  /** As the command line does it: again and again until somebody answers. */
  ask(request: OperatorRequest): void;
}

/** What it has seen, and what it holds against us. */
export interface Checker {
  readonly stage: Stage;
  readonly violations: readonly Violation[];
  readonly out: ReadonlyMap<string, Out>;
  /** Every removal that took effect. */
  readonly removals: readonly { readonly groupArn: string; readonly caseId: string; readonly at: number }[];
  readonly shortfalls: { disturbed(): void };
  /** Of tasks of ECS. */
  readonly replacements: { readonly stopped: readonly { readonly taskArn: string }[] };
  /** Instances that an operator put back against us, in whichever of their target groups. */
  readonly contested: ReadonlySet<string>;
  /** Every inspection that was answered: the host it was about, and the peers beside it. */
  readonly inspections: readonly { readonly sick: string; readonly peers: readonly string[]; readonly at: number }[];
  /** When each target was registered, where that was after the start. */
  readonly registeredAt: ReadonlyMap<string, number>;
  /** When each target was last spared or came back, as put on record. */
  readonly movedAt: ReadonlyMap<string, number>;

  before(call: Call): void;
  after(call: Call, answer: unknown): void;
  must(holds: boolean, invariant: Invariant, summary: string): void;
  readLogOf(invocation: Invocation): ReadLog;
  /** What has to hold at any time. */
  observe(): void;
  /** What is out of a group by any Sickbay's hand, this one's or another's. */
  outOf(groupArn: string): Out[];
  /**
   * Terminated instances are beyond anybody's help, and nothing comes back into a group that was
   * deleted, but from standby.
   */
  exists(out: Out): boolean;
  /** Epoch milliseconds of a target's armed scheduled restore, or undefined. */
  scheduledRestoreAt(groupArn: string, id: string, port: number): number | undefined;
  /** An operator registered a target that we hold out: it is not ours any more. */
  contest(groupArn: string, key: string, how?: 'registered' | 'exited'): void;
  /** Whether anything about the case was told since. */
  wasToldSince(caseId: string, at: number): boolean;
  /** The same for this Sickbay alone. */
  contestHere(groupArn: string, key: string, how: 'registered' | 'exited'): void;
}
