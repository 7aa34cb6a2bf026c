/** Guards on targets that are addresses, each taken away. */
import type { RespondPorts } from '../../lambda/ports';
import { heal, sicken, takenOver, takeOver } from './base-plans';
import type { Plan } from './happenings';
import { aboutGroups, lying } from './lies';
import type { Mutation } from './mutation';
import { onePlan } from './mutations-config';
import { groupArn, hostNames } from './plan';

const [FIRST = ''] = hostNames(1);
const STRANGER = 'i-60000001';
const DELAY = 'deregistration_delay.timeout_seconds';
const ELB = { listsDrainedMs: 0, showsInstanceZones: false, hidesAddressZones: true } as const;

function addressPlan(more: Partial<Plan> = {}, delayS = 60): Plan {
  return onePlan({ addresses: true, attributes: { [DELAY]: String(delayS) } }, { elb: ELB, minutes: 14, ...more });
}

/** The first answer of a run, again and again. */
function askedOnce({ targetRefs }: RespondPorts): RespondPorts['targetRefs'] {
  let first: ReturnType<typeof targetRefs.of> | undefined;
  return { of: (group, targets) => (first ??= targetRefs.of(group, targets)) };
}

export const ADDRESSES: readonly Mutation[] = [
  {
    name: 'who has the address is asked right before the call',
    takenAway: 'a run asks once, and a stranger has it since',
    expected: 'other-holder',
    plan: addressPlan(),
    chaos: {
      meddle: (call, stage) => {
        if (call.by.kind === 'respond' && call.name === 'CreateSchedule') takeOver(stage, FIRST, STRANGER);
      },
    },
    alter: lying((ports) => ({ targetRefs: askedOnce(ports) })),
  },
  {
    name: 'the scheduled restore of an address looks who has it',
    takenAway: 'it is a call of Scheduler by itself, and the controller is gone',
    expected: 'other-holder',
    plan: addressPlan({ happenings: [sicken(1, FIRST), takenOver(7, groupArn('checkout'), FIRST, STRANGER, false)], goneFromMinute: 6 }),
    alter: () => (ports, config, stage) => ({
      config,
      ports: {
        ...ports,
        scheduledRestores: {
          ...ports.scheduledRestores,
          move: async () => undefined,
          create: async (Name, at, TargetGroupArn, { target }) => {
            stage.world.scheduler.createSchedule({
              Name,
              GroupName: stage.scheduleGroup,
              ScheduleExpression: `at(${new Date(at).toISOString().slice(0, 19)})`,
              FlexibleTimeWindow: { Mode: 'OFF' },
              ActionAfterCompletion: 'DELETE',
              Target: {
                Arn: 'arn:aws:scheduler:::aws-sdk:elasticloadbalancingv2:registerTargets',
                RoleArn: 'arn:aws:iam::123456789012:role/way-back',
                Input: JSON.stringify({ TargetGroupArn, Targets: [{ Id: target.id, Port: target.port }] }),
              },
            });
          },
        },
      },
    }),
  },
  {
    name: 'a lease outlasts the deregistration delay of an address',
    takenAway: 'it seems to drain at once',
    expected: 'back-in-time',
    plan: addressPlan({ minutes: 28, happenings: [sicken(1, FIRST), heal(5, FIRST)] }, 3000),
    alter: aboutGroups((group) => ({ ...group, attributes: { ...group.attributes, [DELAY]: '0' } })),
  },
];
