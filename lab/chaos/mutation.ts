import type { Blocked } from '../../core/model';
import type { Invariant } from './invariants';
import type { Plan } from './happenings';
import type { RunOptions } from './run';
import type { Chaos } from './chaos';

export type Alteration = NonNullable<Chaos['alter']>;

/** One guard taken away. */
export interface Mutation {
  readonly name: string;
  /** Of a service of ECS: the reason that the guard refuses for. */
  readonly guardrail?: Blocked;
  readonly takenAway: string;
  readonly expected: Invariant;
  readonly plan: Plan;
  readonly chaos?: Partial<Chaos>;
  readonly options?: Partial<RunOptions>;
  /** Made anew for each run: an alteration may remember. */
  readonly alter: () => Alteration;
}

export interface Uncovered {
  readonly name: string;
  readonly guardrail?: Blocked;
  readonly why: string;
  readonly scenario: string;
}
