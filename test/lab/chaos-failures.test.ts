/** What one failing call costs: the run it happens in says so, and everything else goes on. */
import { operatorHolds, sicken } from '../../lab/chaos/base-plans';
import type { Call, Fault } from '../../lab/chaos/invocation';
import type { Plan } from '../../lab/chaos/happenings';
import { groupArn, hostNames } from '../../lab/chaos/plan';
import { runChaos } from '../../lab/chaos/run';

const [FIRST = ''] = hostNames(1);
const SEARCH = groupArn('search');
const PLAN: Plan = { name: 'failures', groups: [{ name: 'checkout', hosts: hostNames(5) }], minutes: 8, happenings: [sicken(1, FIRST)] };

function throttling(isIt: (call: Call) => boolean) {
  return { faultAt: (call: Call): Fault | undefined => (call.by.kind === 'respond' && isIt(call) ? 'throttled' : undefined) };
}

async function played(plan: Plan, isIt: (call: Call) => boolean) {
  const { stage, violations, failures } = await runChaos(plan, throttling(isIt), { seed: 1 });
  expect(violations).toEqual([]);
  const events = [...stage.records.closed(), ...stage.records.open()].flatMap((incident) => incident.events);
  return { stage, failures: failures.map(String), kinds: events.map((event) => event.kind), events };
}

describe('a responder', () => {
  it('acts in one group while another cannot be read, and fails', async () => {
    const groups = [...PLAN.groups, { name: 'search', hosts: hostNames(5, 101) }];
    const plan = { ...PLAN, groups, happenings: [sicken(1, FIRST), sicken(1, 'i-00000101')] };
    const { stage, failures } = await played(
      plan,
      ({ name, input }) => name === 'DescribeTargetHealth' && JSON.stringify(input).includes(SEARCH),
    );
    expect(stage.checker.removals.map(({ groupArn: arn }) => arn)).toContain(groupArn('checkout'));
    expect(failures).toContain('ChaosError: DescribeTargetHealth was throttled');
  });

  it('removes nobody on an inspection that failed, keeps the case, and fails', async () => {
    const { stage, failures, kinds } = await played(PLAN, ({ name }) => name === 'hosts.inspect');
    expect(stage.checker.removals).toEqual([]);
    expect(kinds).toContain('not-removed');
    expect(failures).toContain('ChaosError: hosts.inspect was throttled');
  });

  it('removes nobody whose scheduled restore could not be made, and settles the intent later', async () => {
    const { stage, failures, kinds } = await played(PLAN, ({ name }) => name === 'CreateSchedule');
    expect(stage.checker.removals).toEqual([]);
    expect(kinds).toContain('removal-abandoned');
    expect(failures).toContain('ChaosError: CreateSchedule was throttled');
  });

  it.each(['cases.archive', 'cases.drop'])('tries again to end a closed case when %s fails', async (step) => {
    let tries = 0;
    const plan = { ...PLAN, minutes: 22, happenings: [sicken(1, FIRST), operatorHolds(1, FIRST, 2)] };
    const { stage, failures } = await played(plan, ({ name }) => name === step && ++tries === 1);
    expect(failures).toContain(`ChaosError: ${step} was throttled`);
    expect(stage.records.closed().filter((incident) => incident.about === 'hold')).toHaveLength(1);
    expect(stage.records.open()).toEqual([]);
  });

  it('publishes an alert again that the topic did not take', async () => {
    let tries = 0;
    const { stage, failures } = await played(PLAN, ({ name }) => name === 'Publish' && ++tries === 1);
    expect(failures).toContain('ChaosError: Publish was throttled');
    const ids = stage.world.sns.published.map((message) => JSON.stringify(message.attributes));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(stage.checker.removals).toHaveLength(1);
  });

  it('leaves everything to another one that holds the lease of the stack', async () => {
    const { stage, failures } = await played({ ...PLAN, minutes: 6 }, ({ name }) => name === 'lease.acquire');
    expect(stage.checker.removals).toEqual([]);
    expect(failures).toContain('ChaosError: lease.acquire was throttled');
  });
});
