/**
 * What a scene on real services is: who runs what, what goes wrong on one host, and what a right
 * answer says.
 */
import type { Cause } from '../../core/model';
import type { InspectionParameter } from '../../lambda/inspect/document';
import type { StackHost } from './machine';

/** One machine beside the application's hosts, such as a database. */
export interface SideMachine {
  readonly name: string;
  readonly address: string;
  readonly trees: readonly string[];
  /** Path of a file that is there once it serves. */
  readonly ready: string;
}

export interface Truth {
  /** The causes that a careful engineer would accept as the right first answer. */
  readonly causes: readonly Cause[];
  /** What the culprit's command has to contain; absent: naming any culprit is wrong. */
  readonly culprit?: string;
  /** What really happened, in a sentence. */
  readonly story: string;
}

export interface Scene {
  readonly title: string;
  /** Directories of `trees/` that are copied over every application host's root, in order. */
  readonly trees: readonly string[];
  readonly sides?: readonly SideMachine[];
  /**
   * Names the fleet's name server knows beside those of the sides (`db-1.internal`), and their
   * addresses.
   */
  readonly names?: Readonly<Record<string, string>>;
  readonly port: number;
  readonly page: string;
  /** Sticky users a host and their mean pause between two pages. */
  readonly users: number;
  readonly thinkMs: number;
  /** As an operator would configure the target group; what is absent has the document's default. */
  readonly parameters: Readonly<Partial<Record<InspectionParameter, string>>>;
  /** A core for the sick host and the other one for its peers: namespaces share the CPUs. */
  readonly ownCore?: boolean;
  /** Strings that nobody may see in what is inspected. */
  readonly secrets?: readonly string[];
  /** Makes the host sick. The peers are there for what only differs by being absent on them. */
  readonly strike: (sick: StackHost, peers: readonly StackHost[]) => Promise<void>;
  /** How long the fault may take to show: a minute for cron to come round, and some more. */
  readonly onsetS?: number;
  readonly truth: Truth;
}
