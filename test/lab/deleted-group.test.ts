/**
 * An operator deletes a target group and leaves the configuration as it is: the real sweeper and
 * responder on the lab's world.
 */
import { groupDeleted, sicken } from '../../lab/chaos/base-plans';
import type { Plan } from '../../lab/chaos/happenings';
import { groupArn, hostNames, SCHEDULE_GROUP, type GroupPlan } from '../../lab/chaos/plan';
import { runChaos, type RunResult } from '../../lab/chaos/run';

jest.setTimeout(60_000);

const CHECKOUT = groupArn('checkout');
const [FIRST = ''] = hostNames(5);
const [OTHER = ''] = hostNames(5, 11);

const groups: GroupPlan[] = [
  { name: 'checkout', hosts: hostNames(5) },
  { name: 'search', hosts: hostNames(5, 11) },
];

const play = (plan: Partial<Plan>, seed = 1): Promise<RunResult> =>
  runChaos({ name: 'deleted', groups, minutes: 14, happenings: [], ...plan }, { faultAt: () => undefined }, { seed });

const alertsOn = ({ stage }: RunResult, what: string) =>
  stage.world.sns.published.map(({ subject = '' }) => subject).filter((subject) => subject.includes(what));

const closedIn = ({ stage }: RunResult, groupArnOf: string) =>
  stage.records.closed().filter((incident) => incident.groupArn === groupArnOf);

describe('a configured target group that was deleted', () => {
  let result: RunResult;
  beforeAll(async () => {
    result = await play({ happenings: [groupDeleted(1, CHECKOUT), sicken(3, OTHER)] });
  });

  it('breaks no promise and fails no run', () => {
    expect([result.violations, result.failures]).toEqual([[], []]);
  });

  it('costs the other groups nothing: their sick target is taken out', () => {
    expect(closedIn(result, groupArn('search')).flatMap((incident) => incident.ejections)).toHaveLength(1);
  });

  it('is told once, to people, until it is taken out of the configuration', () => {
    expect(alertsOn(result, 'does not exist')).toEqual(['[checkout] The target group does not exist; it is not measured']);
    expect(closedIn(result, CHECKOUT).map(({ about, because }) => [about, because])).toEqual([['missing', 'operator']]);
  });
});

describe('a target that is out when its group is deleted', () => {
  it('is told as vanished, and nothing is left that would bring it back', async () => {
    const result = await play({ happenings: [sicken(2, FIRST), groupDeleted(7, CHECKOUT)] });
    expect([result.violations, result.failures]).toEqual([[], []]);
    expect(closedIn(result, CHECKOUT).filter(({ about }) => about === 'target')).toMatchObject([{ because: 'vanished' }]);
    expect(alertsOn(result, `Closed: the target is gone (${FIRST})`)).toHaveLength(1);
    expect(result.stage.world.scheduler.listSchedules({ GroupName: SCHEDULE_GROUP }).Schedules).toEqual([]);
  });

  it('leaves standby before its case is closed: it serves in the other groups of its Auto Scaling group', async () => {
    const hosts = hostNames(5);
    const attached: GroupPlan[] = ['checkout', 'internal'].map((name) => ({ name, hosts, owner: 'asg' }));
    const plan = { groups: attached, autoScaling: { minSize: 3 }, happenings: [sicken(2, FIRST), groupDeleted(7, CHECKOUT)] };
    const result = await play(plan);
    expect([result.violations, result.failures]).toEqual([[], []]);
    expect(result.stage.autoScaling.lifecycle(FIRST)).toBe('InService');
    expect(result.stage.registered(groupArn('internal'))).toContain(`${FIRST}:8080`);
  });
});
