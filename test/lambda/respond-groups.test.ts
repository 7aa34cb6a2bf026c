/**
 * Where there are several groups or several cases: each is read, inspected and told by what is its
 * own.
 */
import type { Config } from '../../core/config';
import type { Round, TargetGroup } from '../../core/model';
import { readRecords } from '../../lambda/respond/read-records';
import { readSituation } from '../../lambda/respond/read-situation';
import { targetCase } from '../builders/cases';
import { GROUP, INTERNAL, SEARCH } from '../builders/groups';
import { NOW } from '../builders/now';
import { situation } from '../builders/scenario/situation';
import { asked, BOTH, CHECKOUT, CLEAN, CONVICTED, hold, only, out, portsOf, run, search } from './respond-setup';

const inSearch = (rounds: readonly Round[]) => rounds.map((round) => ({ ...round, groupArn: SEARCH, group: search }));
const routing = (group: TargetGroup, algorithm: string): TargetGroup => ({
  ...group,
  attributes: { ...group.attributes, 'load_balancing.algorithm.type': algorithm },
});
const FIRST = { id: 'i-1', port: 8080 };

describe('of two groups', () => {
  const convicted = {
    listed: [routing(CHECKOUT, 'least_outstanding_requests'), routing(search, 'round_robin')],
    open: [hold('h', GROUP), targetCase({ id: 't', target: FIRST, groupArn: SEARCH })],
    rounds: { [GROUP]: CLEAN, [SEARCH]: inSearch(CONVICTED) },
  };

  it('each is asked for the owners of its own targets, and of no hold', async () => {
    const open = [out('o', FIRST, GROUP), out('p', { id: 'i-2', port: 8080 }, SEARCH), hold('h', GROUP)];
    const { calls } = await run({ listed: [CHECKOUT, search], open, rounds: { [SEARCH]: inSearch(CLEAN) } }, undefined, BOTH);
    expect(asked(calls, 'observe')).toEqual([`${GROUP},i-1`, `${SEARCH},i-2`]);
  });

  it('a target that is slow in the second one is inspected beside its peers there', async () => {
    const { calls } = await run(convicted, undefined, BOTH);
    expect(asked(calls, 'inspect')).toEqual(['i-1,i-2,i-3,i-4']);
  });

  it('a removal that is refused is told with the round and the attributes of its own', async () => {
    const { published } = await run(convicted, undefined, BOTH);
    const told = published.find(({ about }) => 'caseId' in about && about.caseId === 't')?.entry;
    expect(told).toMatchObject({ subject: expect.stringMatching(/^\[search\] Slow, not removed .* \(i-1\)$/) });
    expect(told).toMatchObject({ body: expect.stringMatching(/probes slow or failed/) });
    expect(told).toMatchObject({ body: expect.stringContaining('The group routes by round_robin') });
  });

  it('only the one that could not be read is unread, and its case is kept', async () => {
    const world = {
      listed: [CHECKOUT, search],
      open: [out('o', FIRST, GROUP), out('p', { id: 'i-2', port: 8080 }, SEARCH)],
      rounds: { [SEARCH]: inSearch(CLEAN) },
      ...only(`health ${SEARCH}`),
    };
    const { logged, error } = await run(world, undefined, BOTH);
    expect(error).toBeDefined();
    expect(logged).toContainEqual({ message: 'group-unread', fields: expect.objectContaining({ groupArn: SEARCH }) });
    expect(logged).toContainEqual({
      message: 'decision',
      fields: { caseId: 'p', action: 'keep', blocked: [], reason: 'its target group could not be read' },
    });
    const ports = portsOf(world, { calls: [], logged: [], stored: [], published: [] });
    const records = await readRecords(ports, BOTH);
    expect((await readSituation(ports, BOTH, records, records.openCases, [])).unread).toEqual([SEARCH]);
  });

  it('that share no host each have a budget of their own', async () => {
    const elsewhere = { id: 'i-9', port: 8080 };
    const view = [{ target: elsewhere, state: 'healthy' as const }];
    const theirs = inSearch(CLEAN).map((round) => ({ ...round, lbView: view }));
    const { summary } = await run(
      {
        listed: [CHECKOUT, search],
        open: [targetCase({ id: 't', target: FIRST }), out('o', elsewhere, SEARCH)],
        rounds: { [GROUP]: CONVICTED, [SEARCH]: theirs },
        health: { [SEARCH]: view },
      },
      undefined,
      BOTH,
    );
    expect(summary?.decisions.find(({ caseId }) => caseId === 't')?.blocked).not.toContain('budget-group');
  });

  it('the newest round of the one in which nothing is due tells who serves well there', async () => {
    const here = situation(
      new Map([
        ['declared owner', 'asg'],
        ['observed owner', 'asg'],
        ['other group', 'healthy healthy unhealthy healthy healthy'],
        ['suspected in the other group', '5'],
      ]),
    );
    const [group] = here.groups;
    const newest = here.latest.get(INTERNAL);
    if (group === undefined || newest === undefined) throw new Error('the scenario has both groups');
    const { summary } = await run(
      {
        listed: [CHECKOUT, { ...CHECKOUT, arn: INTERNAL, name: 'internal' }],
        open: [targetCase({ id: 't', target: FIRST })],
        rounds: { [GROUP]: CONVICTED, [INTERNAL]: [{ ...newest, groupArn: INTERNAL, fleet: 'suspect' }] },
        owners: group.owners,
      },
      undefined,
      here.config,
    );
    expect(summary?.decisions[0]?.guardrails.find(({ guardrail }) => guardrail === 'capacity-floor')).toMatchObject({
      value: 'internal: 2 serving well after it',
      passed: false,
    });
  });
});

describe('of several cases in one group', () => {
  it('two targets that one round convicts have a case each', async () => {
    const [group] = situation(new Map([['second sick', '2']])).groups;
    const { stored } = await run({ rounds: { [GROUP]: group?.rounds ?? [] } });
    const opened = stored.filter(({ rev }) => rev === 1);
    expect(opened.map(({ target }) => target?.id)).toEqual(['i-1', 'i-2']);
    expect(new Set(opened.map(({ id }) => id)).size).toBe(2);
  });

  it('a closed one is not inspected, although its target is convicted still', async () => {
    const ended = { ...targetCase({ id: 't', target: FIRST }), state: 'closed' as const, closedAt: NOW - 1000 };
    const { calls } = await run({ open: [ended], rounds: { [GROUP]: CONVICTED } });
    expect(asked(calls, 'inspect')).toEqual([]);
  });
});

describe('a group that is configured by a tag', () => {
  it('is looked for among those that exist, and never missed by a name', async () => {
    const [first] = BOTH.targetGroups;
    if (first === undefined) throw new Error('the scenario has a group');
    const { arn: _named, ...unnamed } = first;
    const tagged: Config = { ...BOTH, targetGroups: [{ ...unnamed, tag: { key: 'team', value: 'shop' } }] };
    const { calls } = await run({ listed: [{ ...CHECKOUT, tags: { team: 'shop' } }], open: [hold('h', GROUP)] }, undefined, tagged);
    expect(asked(calls, 'missing')).toEqual([]);
  });
});
