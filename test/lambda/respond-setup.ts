/**
 * A responder on records that keep what is put, and on a world that writes down what it is asked:
 * the group checkout with its four targets, and beside it the group search where a test lists it.
 */
import type { Case, HoldCase, LbTarget, ObservedOwner, TargetCase, ListedGroup, Round, Target, TargetGroup } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import type { OperatorRequest } from '../../lambda/contract';
import { respond } from '../../lambda/respond';
import { holdCase, outCase } from '../builders/cases';
import { confirmed } from '../builders/ejections';
import { GROUP, SEARCH } from '../builders/groups';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';
import { respondPorts } from '../builders/ports';

export const HOLD = { kind: 'hold' as const, subject: 'checkout', by: 'Ann', reason: 'load test' } satisfies OperatorRequest;
export const FAILING = new Error('it failed');

export const base = situation(new Map());
const [BASE] = base.groups;
if (BASE === undefined) throw new Error('the scenario has a group');
export const { group: CHECKOUT, lbView: VIEW, rounds: CONVICTED, owners: OWNERS } = BASE;
export const CLEAN: readonly Round[] = CONVICTED.map((round) => ({
  ...round,
  fleet: 'none',
  verdicts: round.verdicts.map((one) => ({ ...one, verdict: 'clean' })),
}));

export interface World {
  readonly listed?: readonly TargetGroup[];
  readonly gone?: readonly string[];
  readonly open?: readonly Case[];
  readonly closed?: readonly Case[];
  readonly rounds?: Readonly<Record<string, readonly Round[]>>;
  readonly states?: Readonly<Record<string, string>>;
  readonly owners?: ReadonlyMap<string, ObservedOwner>;
  readonly health?: Readonly<Record<string, readonly LbTarget[]>>;
  readonly isLeased?: boolean;
  /** Calls that fail, by their name and first argument. */
  readonly fails?: (call: string) => unknown;
}

export interface Run {
  readonly calls: string[];
  readonly logged: { readonly message: string; readonly fields: object }[];
  readonly stored: Case[];
  readonly published: { readonly entry: object; readonly about: object }[];
}

/** The records are kept: what is put is open from then on, until it is dropped. */
export function portsOf(world: World, { calls, logged, stored, published }: Run): RespondPorts {
  const records = new Map((world.open ?? []).map((incident) => [incident.id, incident]));
  const called = async <Result>(name: string, about: unknown, result: Result): Promise<Result> => {
    const call = `${name} ${Array.isArray(about) ? about.join(',') : String(about)}`.trim();
    calls.push(call);
    const failure = world.fails?.(call);
    if (failure !== undefined) throw failure;
    return result;
  };
  const listed = world.listed ?? [CHECKOUT];
  const arnsOf = (groups: readonly ListedGroup[]) => groups.map(({ arn }) => arn);
  return respondPorts({
    clock: { now: () => NOW, sleep: async () => undefined },
    lease: {
      acquire: async (holder, _now, untilAt) => (world.isLeased === true ? undefined : { holder, untilAt }),
      release: () => called('release', '', undefined),
    },
    loadBalancing: {
      groups: () =>
        called(
          'groups',
          '',
          listed.map((one) => ({ ...one, loadBalancerArns: [] })),
        ),
      missing: (arns) =>
        called(
          'missing',
          [...arns],
          arns.filter((arn) => world.gone?.includes(arn)),
        ),
      describe: (groups) =>
        called(
          'describe',
          arnsOf(groups),
          listed.filter(({ arn }) => arnsOf(groups).includes(arn)),
        ),
      health: (arn) => called('health', arn, [...(world.health?.[arn] ?? VIEW)]),
      reach: async () => new Map(),
    },
    rounds: { latest: async (arn, limit) => [...(world.rounds?.[arn] ?? (arn === GROUP ? CLEAN : []))].slice(0, limit) },
    cases: {
      open: async () => [...records.values()],
      closedSince: async () => [...(world.closed ?? [])],
      put: async (incident) => {
        await called('put', incident.id, undefined);
        const next = { ...incident, rev: incident.rev + 1 };
        records.set(incident.id, next);
        stored.push(next);
        return next;
      },
      archive: (incident) => called('archive', incident.id, undefined),
      drop: async (incident) => {
        await called('drop', incident.id, undefined);
        records.delete(incident.id);
      },
    },
    owners: {
      observe: ({ arn }, targets) => called('observe', [arn, ...targets.map(({ id }) => id)], new Map(world.owners ?? OWNERS)),
    },
    instanceStates: { of: (ids) => called('states', [...ids], new Map(Object.entries(world.states ?? {}))) },
    killSwitch: { read: async () => ({ state: 'off' }) },
    hosts: { inspect: (ids) => called('inspect', [...ids], []) },
    taskHosts: {
      inspect: (looks) =>
        called(
          'inspect',
          looks.map(({ instanceId }) => instanceId),
          [],
        ),
    },
    balancerMetrics: { minutes: async () => [] },
    caseEvents: { emit: (event) => called('emit', event.dedupKey, undefined) },
    deployment: {},
    topic: {
      audience: async () => ({ confirmed: 1, pending: 0 }),
      publish: async (entry, about) => {
        await called('publish', about.caseId, undefined);
        published.push({ entry, about });
      },
    },
    scheduledRestores: {
      exists: async () => true,
      create: async () => undefined,
      move: async () => undefined,
      cancel: (name) => called('cancel', name, undefined),
    },
    log: (message, fields) => void logged.push({ message, fields: fields ?? {} }),
    metrics: () => undefined,
  });
}

export async function run(world: World = {}, request?: OperatorRequest, config = base.config) {
  const seen: Run = { calls: [], logged: [], stored: [], published: [] };
  const answer = await respond(portsOf(world, seen), config, request).then(
    (summary) => ({ summary, error: undefined }),
    (error: unknown) => ({ summary: undefined, error }),
  );
  return { ...seen, ...answer };
}

export const asked = (calls: readonly string[], name: string) =>
  calls.filter((call) => call.split(' ')[0] === name).map((call) => call.slice(name.length + 1));

export function out(id: string, target: Target, groupArn: string, leftMs = 600_000): TargetCase {
  return outCase(confirmed(target, NOW - 300_000, NOW + leftMs), { id, groupArn, openedAt: NOW - 600_000 });
}

export const hold = (id: string, groupArn: string): HoldCase => holdCase({}, { id, groupArn });
export const closed = (id: string): Case => ({ ...hold(id, GROUP), state: 'closed', closedAt: NOW - 1000, because: 'operator' });
export const I1 = { id: 'i-0aaaaaaaaaaaaaaa1', port: 8080 };
export const BOTH = { ...base.config, targetGroups: base.config.targetGroups.flatMap((one) => [one, { ...one, arn: SEARCH }]) };
export const search: TargetGroup = { ...CHECKOUT, arn: SEARCH, name: 'search' };
export const only = (prefix: string, error: unknown = FAILING) => ({
  fails: (call: string) => (call.startsWith(prefix) ? error : undefined),
});
