/**
 * Guards of Standby that are taken away: what the responder is told of the Auto Scaling group is
 * not what Auto Scaling said.
 */
import type { AttachedGroup, AutoScalingView, ObservedOwner } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import { heal, maximumLowered, operatorDeregisters, processSuspended, refreshStarts, sicken } from './base-plans';
import type { Alteration, Mutation } from './mutation';
import type { Plan } from './happenings';
import { AUTO_SCALING_GROUP, groupArn, hostNames, STACK, type GroupPlan } from './plan';
import type { Stage } from './roles';

const HOSTS = hostNames(5);
const [FIRST = '', SECOND = ''] = HOSTS;
const CHECKOUT = groupArn('checkout');
const INTERNAL = groupArn('internal');

/** One sick instance of five behind two target groups, of which the second is not configured. */
function standbyPlan(more: Partial<Plan> = {}, internal: Partial<GroupPlan> = {}): Plan {
  return {
    name: 'mutation',
    groups: [
      { name: 'checkout', hosts: HOSTS, owner: 'asg' },
      { name: 'internal', hosts: HOSTS, owner: 'asg', configured: false, ...internal },
    ],
    autoScaling: { minSize: 0 },
    minutes: 9,
    happenings: [sicken(1, FIRST)],
    ...more,
  };
}

function aboutAutoScaling(change: (view: AutoScalingView) => AutoScalingView): () => Alteration {
  const lie = (seen: ObservedOwner): ObservedOwner =>
    seen.owner === 'asg' ? { owner: 'asg', autoScaling: change(seen.autoScaling) } : seen;
  return () => (ports, config) => {
    const observe: RespondPorts['owners']['observe'] = async (group, targets) =>
      new Map([...(await ports.owners.observe(group, targets))].map(([id, seen]) => [id, lie(seen)]));
    return { ports: { ...ports, owners: { observe } }, config };
  };
}

/** What the first look of a run said is taken for true until its end. */
function lookedOnce(): Alteration {
  return (ports, config) => {
    const answers = new Map<string, ReturnType<RespondPorts['owners']['observe']>>();
    const observe: RespondPorts['owners']['observe'] = (group, targets) => {
      const answer = answers.get(group.arn) ?? ports.owners.observe(group, targets);
      answers.set(group.arn, answer);
      return answer;
    };
    return { ports: { ...ports, owners: { observe } }, config };
  };
}

function withoutDeadLetters({ scheduleGroup, world }: Stage, name: string): void {
  const { Target, ...given } = world.scheduler.getSchedule({ GroupName: scheduleGroup, Name: name });
  const { DeadLetterConfig: _queue, Arn, RoleArn, ...kept } = Target ?? { Arn: undefined, RoleArn: undefined };
  world.scheduler.updateSchedule({
    Name: name,
    GroupName: scheduleGroup,
    ScheduleExpression: given.ScheduleExpression,
    FlexibleTimeWindow: given.FlexibleTimeWindow,
    ActionAfterCompletion: given.ActionAfterCompletion,
    Target: { ...kept, Arn, RoleArn },
  });
}

const withoutDraining = (group: AttachedGroup): AttachedGroup => ({
  ...group,
  lbView: group.lbView.filter((entry) => entry.state !== 'draining'),
});

/** An operator has the first instance on standby, and registered it by hand all the same. */
const standbyAndRegistered: Plan['happenings'][number] = {
  atMinute: 0,
  summary: `an operator puts ${FIRST} on standby and registers it by hand`,
  happen: (stage) => {
    stage.world.autoScaling.enterStandby({
      AutoScalingGroupName: AUTO_SCALING_GROUP,
      InstanceIds: [FIRST],
      ShouldDecrementDesiredCapacity: true,
    });
    stage.register(CHECKOUT, FIRST);
    stage.register(INTERNAL, FIRST);
    stage.contestedStandby.add(FIRST);
  },
};

export const STANDBY: readonly Mutation[] = [
  {
    name: 'minimum of the Auto Scaling group',
    takenAway: 'it looks like 0',
    expected: 'asg-minimum',
    plan: standbyPlan({ autoScaling: { minSize: 5 } }),
    alter: aboutAutoScaling((view) => ({ ...view, minSize: 0 })),
  },
  {
    name: 'enforce tag of the Auto Scaling group',
    takenAway: 'every group looks tagged',
    expected: 'mode',
    plan: standbyPlan({ autoScaling: { minSize: 0, tagged: false } }),
    alter: aboutAutoScaling((view) => ({ ...view, tags: { 'sickbay:enforce': STACK } })),
  },
  {
    name: 'zones stay balanced',
    takenAway: 'there seems to be one zone only',
    expected: 'zone-balance',
    plan: standbyPlan({ happenings: [sicken(1, SECOND)] }),
    alter: aboutAutoScaling((view) => ({
      ...view,
      zones: [{ zone: 'a', units: Object.fromEntries(view.zones.flatMap(({ units }) => Object.entries(units))) }],
    })),
  },
  {
    name: 'room under the maximum',
    takenAway: 'it looks like 100',
    expected: 'restore-open',
    plan: standbyPlan({ autoScaling: { minSize: 0, maxSize: 5 } }),
    alter: aboutAutoScaling((view) => ({ ...view, maxSize: 100 })),
  },
  {
    name: 'no launch hook',
    takenAway: 'hooks are not seen',
    expected: 'restore-open',
    plan: standbyPlan({ autoScaling: { minSize: 0, hooks: [{ name: 'ready', defaultResult: 'ABANDON', heartbeatS: 300 }] } }),
    alter: aboutAutoScaling((view) => ({ ...view, launchHooks: [] })),
  },
  {
    name: 'what cannot come back is told',
    takenAway: 'its page is not stored',
    expected: 'alert-told',
    plan: { ...standbyPlan({ minutes: 16, happenings: [sicken(1, FIRST), maximumLowered(5), heal(6, FIRST)] }) },
    alter: () => (ports, config) => ({
      ports: {
        ...ports,
        cases: {
          ...ports.cases,
          put: (incident) => ports.cases.put({ ...incident, outbox: incident.outbox.filter((entry) => !entry.id.includes('/page/')) }),
        },
      },
      config,
    }),
  },
  {
    name: 'what is refused for good without a controller is told',
    takenAway: 'its scheduled restore has no dead-letter queue',
    expected: 'restore-kept',
    plan: standbyPlan({ minutes: 8, calmMinutes: 75, goneFromMinute: 5, happenings: [sicken(1, FIRST), maximumLowered(5)] }),
    alter: () => (ports, config, stage) => ({
      ports: {
        ...ports,
        scheduledRestores: {
          ...ports.scheduledRestores,
          create: async (name, at, arn, removal) => {
            await ports.scheduledRestores.create(name, at, arn, removal);
            withoutDeadLetters(stage, name);
          },
        },
      },
      config,
    }),
  },
  {
    name: 'instance refresh freezes',
    takenAway: 'refreshes are not seen',
    expected: 'frozen',
    plan: standbyPlan({ happenings: [refreshStarts(0), sicken(1, FIRST)] }),
    alter: aboutAutoScaling((view) => ({ ...view, refreshes: [] })),
  },
  {
    name: 'suspended process freezes',
    takenAway: 'it is not seen',
    expected: 'frozen',
    plan: standbyPlan({ happenings: [processSuspended(0, 'Terminate'), sicken(1, FIRST)] }),
    alter: aboutAutoScaling((view) => ({ ...view, suspendedProcesses: [] })),
  },
  {
    name: 'targets that somebody else moves freeze',
    takenAway: 'what drains is not seen',
    expected: 'frozen',
    plan: standbyPlan({ happenings: [sicken(1, FIRST), operatorDeregisters(2, INTERNAL, SECOND)] }),
    alter: aboutAutoScaling((view) => ({ ...view, attached: view.attached.map(withoutDraining) })),
  },
  {
    name: 'floor of every attached group',
    takenAway: "the case's own group alone is looked at",
    expected: 'floor',
    plan: standbyPlan({}, { attributes: { 'target_group_health.dns_failover.minimum_healthy_targets.count': '5' } }),
    alter: aboutAutoScaling((view) => ({ ...view, attached: [] })),
  },
  {
    name: 'an attached group that cannot be read blocks',
    takenAway: 'it is left out',
    expected: 'fresh-look',
    plan: standbyPlan(),
    chaos: { faultAt: (call) => (JSON.stringify(call.input ?? null).includes(INTERNAL) ? 'throttled' : undefined) },
    alter: aboutAutoScaling((view) => ({ ...view, unread: [] })),
  },
  {
    name: 'Auto Scaling right before the call',
    takenAway: 'it is read once a run',
    expected: 'fresh-look',
    plan: standbyPlan(),
    alter: lookedOnce,
  },
  {
    name: 'only an instance in service goes on standby',
    takenAway: 'it looks in service',
    expected: 'fresh-look',
    plan: standbyPlan({ happenings: [standbyAndRegistered, sicken(2, FIRST)] }),
    alter: aboutAutoScaling((view) => ({ ...view, lifecycle: 'InService', suspendedProcesses: ['AZRebalance'] })),
  },
  {
    name: 'Standby and not deregistration',
    takenAway: 'members are deregistered',
    expected: 'owner',
    plan: standbyPlan(),
    alter: () => (ports, config) => ({
      ports: { ...ports, registrations: { ...ports.registrations, asg: ports.registrations.static } },
      config,
    }),
  },
  {
    name: 'the scheduled restore of its owner',
    takenAway: 'it would register the target and leave it on standby',
    expected: 'restore-first',
    plan: standbyPlan(),
    alter: () => (ports, config) => ({
      ports: {
        ...ports,
        scheduledRestores: {
          ...ports.scheduledRestores,
          create: (name, at, arn, removal) => ports.scheduledRestores.create(name, at, arn, { ...removal, owner: 'static' }),
        },
      },
      config,
    }),
  },
];
