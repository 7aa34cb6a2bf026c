/**
 * Shows that the checker bites: each guard is taken away in turn, by wrapping ports or
 * configuration, and a run must notice.
 */
import { table } from '../../core/report/text';
import { GUARDS_IN_CONFIG } from './mutations-config';
import { GUARDS_IN_TIME } from './mutations-evidence';
import { GUARDS_ON_NUMBERS } from './mutations-numbers';
import { GUARDS_IN_WORLD } from './mutations-world';
import { ORDER } from './mutations-order';
import { RENEWAL } from './mutations-renewal';
import { REPLACEMENT } from './mutations-service';
import { REPLACEMENT_ORDER } from './mutations-service-order';
import { STANDBY } from './mutations-standby';
import { ADDRESSES } from './mutations-addresses';
import { SECOND_VIEWS } from './mutations-views';
import type { Mutation, Uncovered } from './mutation';
import { runChaos } from './run';

export const MUTATIONS: readonly Mutation[] = [
  ...GUARDS_IN_CONFIG,
  ...GUARDS_IN_WORLD,
  ...GUARDS_ON_NUMBERS,
  ...GUARDS_IN_TIME,
  ...ORDER,
  ...STANDBY,
  ...RENEWAL,
  ...SECOND_VIEWS,
  ...REPLACEMENT,
  ...REPLACEMENT_ORDER,
  ...ADDRESSES,
];

/**
 * Guards that no run on this world can miss, because something else stands before them: the
 * scenario that holds each alone.
 */
export const UNCOVERED: readonly Uncovered[] = [
  { name: 'evidence spans a minute', why: 'the judge needs two rounds itself', scenario: 'evidence-must-span-a-minute' },
  { name: 'grace', why: 'the judge convicts nobody who is cold', scenario: 'cold-target-is-not-ejected' },
  { name: 'three comparable targets', why: 'in a smaller group the floor binds', scenario: 'two-target-group-never-ejects' },
  { name: 'reached before', why: 'the judge convicts nobody it never reached', scenario: 'never-reached-is-our-own-fault-first' },
  { name: 'blind', why: 'the judge convicts nobody when it is blind', scenario: 'blind-prober-ejects-nobody' },
  { name: 'shared zone', why: 'the fleet has no zone faults', scenario: 'shared-zone-ejects-nobody' },
  { name: 'capacity must be known', why: 'every host of the fleet reports its pool', scenario: 'unknown-capacity-blocks' },
  { name: 'probe path', why: 'every group of the plans has one', scenario: 'no-probe-path-no-ejection' },
  {
    name: 'drained within half a lease',
    why: 'the attached groups of the plans drain in a minute',
    scenario: 'asg-drains-for-longer-than-half-the-lease',
  },
  { name: 'members between two states', why: 'the world replaces an instance at once', scenario: 'asg-member-in-transition-freezes' },
  {
    name: 'Standby undoes what the group registered',
    why: 'every group of the plans registers its own',
    scenario: 'asg-not-attached-here',
  },
  { name: 'protocol', why: 'the world has targets over HTTP', scenario: 'unknown-protocol-version-is-never-moved' },
  {
    name: 'the primary address of an instance alone',
    why: 'every address of the plans is one',
    scenario: 'secondary-address-is-never-moved',
  },
  {
    name: 'the task was measured itself',
    guardrail: 'service-differs',
    why: 'the judge begins anew where another task has the address',
    scenario: 'ecs-task-started-since',
  },
  {
    name: 'requests through one target group alone',
    guardrail: 'service-other-traffic',
    why: 'the service of the plans has one',
    scenario: 'ecs-several-target-groups',
  },
  { name: 'a rolling scheduler', guardrail: 'service-scheduling', why: 'the service of the plans has one', scenario: 'ecs-blue-green' },
  {
    name: 'evidence is captured before a stop',
    guardrail: 'evidence-uncaptured',
    why: 'no run looks at what an inspection told',
    scenario: 'ecs-not-captured',
  },
  { name: 'three replacements in six hours', why: 'no run is that long', scenario: 'ecs-many-replaced-in-six-hours' },
];

export interface MutationResult {
  readonly name: string;
  readonly takenAway: string;
  readonly expected: string;
  readonly found: readonly string[];
  readonly noticed: boolean;
}

export async function playMutation(mutation: Mutation): Promise<MutationResult> {
  const { name, takenAway, expected, plan, chaos, options } = mutation;
  const alter = mutation.alter();
  const result = await runChaos(plan, { faultAt: () => undefined, ...chaos, alter }, { seed: 1, ...options });
  const found = [...new Set(result.violations.map((violation) => violation.invariant))];
  return { name, takenAway, expected, found, noticed: found.includes(expected) };
}

/** The same run with nothing taken away: what is found there proves nothing. */
export async function playUnaltered({ plan, chaos, options }: Mutation): Promise<readonly string[]> {
  const result = await runChaos(plan, { faultAt: () => undefined, ...chaos }, { seed: 1, ...options });
  return result.violations.map((violation) => violation.invariant);
}

export async function playMutations(): Promise<MutationResult[]> {
  const results: MutationResult[] = [];
  for (const mutation of MUTATIONS) results.push(await playMutation(mutation));
  return results;
}

export function mutationTable(results: readonly MutationResult[]): string {
  const rows = results.map(({ name, takenAway, found, noticed }) => [noticed ? 'noticed' : 'MISSED', name, takenAway, found.join(', ')]);
  const others = UNCOVERED.map(({ name, why, scenario }) => ['scenario', name, why, scenario]);
  return table([['', 'guard', 'taken away by', 'found by'], ...rows, ...others]).join('\n');
}
