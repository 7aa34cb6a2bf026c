/** The plans whose crash points are tried exhaustively. */
import { unreadableCase } from '../../core/unreadable';
import type { ProbePath } from './fleet';
import type { Happening, Plan } from './happenings';
import { AUTO_SCALING_GROUP, groupArn, hostNames, PORT } from './plan';
import type { Stage } from './roles';

const CHECKOUT = groupArn('checkout');
const HOSTS = hostNames(5);
const [FIRST = '', SECOND = '', THIRD = ''] = HOSTS;
const GROUPS = [{ name: 'checkout', hosts: HOSTS }];

function at(atMinute: number, summary: string, happen: (stage: Stage) => void): Happening {
  return { atMinute, summary, happen };
}

export function sicken(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} becomes slow`, (stage) => stage.fleet.sicken(id));
}

export function fails(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} begins to fail requests`, (stage) => stage.fleet.sicken(id, { failing: true }));
}

/** The host is well, and whatever is between it and our prober is not. */
export function misread(atMinute: number, id: string, is = true): Happening {
  return at(atMinute, `${id} ${is ? 'is reached by users alone' : 'is reached by our probes again'}`, ({ fleet }) => {
    if (is) fleet.misread.add(id);
    else fleet.misread.delete(id);
  });
}

/** So many connections of a host's pool are in use from now on, while it serves. */
export function loaded(atMinute: number, id: string, inUse: number, size?: number): Happening {
  return at(atMinute, `${id} has ${inUse} connections in use`, (stage) => stage.fleet.load(id, inUse, size));
}

/** The load balancer's own checks fail on a host, or pass again: without requests it is idle. */
export function failsChecks(atMinute: number, id: string, fails = true): Happening {
  return at(atMinute, `the load balancer's checks of ${id} ${fails ? 'fail' : 'pass again'}`, ({ failingChecks }) => {
    if (fails) failingChecks.add(id);
    else failingChecks.delete(id);
  });
}

/** The host is well, and our probes alone find it slow. */
export function slowPath(atMinute: number, id: string, path: ProbePath, is = true): Happening {
  return at(atMinute, `${id} ${is ? `is slow to our probes alone: ${path}` : 'is no longer slow to our probes'}`, ({ fleet }) =>
    fleet.setSlowPath(id, is ? path : undefined),
  );
}

export function heal(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} is well again`, (stage) => stage.fleet.heal(id));
}

/** It answers fast again, and only because nobody uses it: what made it slow is still there. */
export function idle(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} answers fast, its disk still full`, ({ fleet }) => {
    if (!fleet.isSick(id)) return;
    fleet.keepCause(id);
    fleet.heal(id);
  });
}

export function causeEnds(atMinute: number, id: string): Happening {
  return at(atMinute, `the disk of ${id} has room again`, ({ fleet }) => fleet.endCause(id));
}

export function operatorRegisters(atMinute: number, arn: string, id: string): Happening {
  return at(atMinute, `an operator registers ${id}`, (stage) => {
    if (stage.world.instances.running(id) === undefined || isRefused(stage, arn, id)) return;
    stage.checker.contest(arn, `${stage.targetIdIn(arn, id)}:${PORT}`);
    stage.register(arn, id);
  });
}

/** ELB takes no address before its deregistration delay is over. */
function isRefused(stage: Stage, arn: string, id: string): boolean {
  const target = stage.targetIdIn(arn, id);
  return target !== id && stage.hasGroup(arn) && stage.world.elb.drainedAt(arn, [target]) > stage.clock.now();
}

/** The instance is terminated, and the next one gets its address; somebody may register it. */
export function takenOver(atMinute: number, arn: string, id: string, by: string, registers: boolean): Happening {
  return at(atMinute, `${id} is terminated, and ${by} gets its address${registers ? ' and is registered' : ''}`, (stage) =>
    takeOver(stage, id, by, registers ? arn : undefined),
  );
}

export function takeOver(stage: Stage, id: string, by: string, registeredIn?: string): void {
  const { instances } = stage.world;
  const address = instances.find(id)?.address;
  if (instances.stateOf(id) === 'terminated' || instances.find(by) !== undefined || address === undefined) return;
  instances.terminate(id);
  stage.launch(by, address);
  if (registeredIn !== undefined) stage.register(registeredIn, by);
  stage.look();
}

export function operatorDeregisters(atMinute: number, arn: string, id: string): Happening {
  return at(atMinute, `an operator deregisters ${id}`, (stage) => stage.deregister(arn, id));
}

const ASKED = { by: 'chaos', reason: 'drawn' };

/** An operator holds a target, by `sickbay hold`. */
export function operatorHolds(atMinute: number, id: string, forMinutes: number): Happening {
  return at(atMinute, `an operator holds ${id} for ${forMinutes} min`, (stage) =>
    stage.functions.ask({ kind: 'hold', subject: id, forS: forMinutes * 60, ...ASKED }),
  );
}

/** An operator wants a target back, out or not, by `sickbay restore`. */
export function operatorWantsBack(atMinute: number, id: string): Happening {
  return at(atMinute, `an operator wants ${id} back`, (stage) =>
    stage.functions.ask({ kind: 'restore', subject: id, forS: 300, ...ASKED }),
  );
}

/** An operator leaves a target out for good, by `sickbay give-up`. */
export function operatorGivesUp(atMinute: number, id: string): Happening {
  return at(atMinute, `an operator gives ${id} up`, (stage) => stage.functions.ask({ kind: 'give-up', subject: id, ...ASKED }));
}

/** The instance is terminated, as by hand, and another takes its place. */
export function replaced(atMinute: number, arn: string, id: string, by: string): Happening {
  return at(atMinute, `${id} is replaced by ${by}`, (stage) => {
    stage.deregister(arn, id);
    stage.world.instances.terminate(id);
    stage.launch(by);
    stage.register(arn, by);
  });
}

/**
 * Somebody stops the instance, to work on it. One in service in an Auto Scaling group would be
 * ended by it: people do not.
 */
export function stopped(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} is stopped`, (stage) => {
    if (stage.autoScaling.lifecycle(id) === undefined || stage.autoScaling.lifecycle(id) === 'Standby') stage.stop(id);
  });
}

export function started(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} is started again`, (stage) => stage.start(id));
}

/** Terminated by hand, and soon unknown to EC2; nothing takes its place. */
export function terminated(atMinute: number, id: string): Happening {
  return at(atMinute, `${id} is terminated and forgotten`, (stage) => {
    if (stage.autoScaling.lifecycle(id) !== undefined) return;
    stage.world.instances.terminate(id);
    stage.world.instances.forget(id);
    stage.look();
  });
}

/** The group ends an instance itself; one that was in service is replaced. */
export function replacedByItsGroup(atMinute: number, id: string, by: string): Happening {
  return at(atMinute, `${id} is ended by its Auto Scaling group`, (stage) => {
    const lifecycle = stage.autoScaling.lifecycle(id);
    if (lifecycle === undefined) return;
    stage.world.autoScaling.terminate(AUTO_SCALING_GROUP, id);
    if (lifecycle === 'InService' || lifecycle === 'Pending') {
      stage.launch(by);
      stage.world.autoScaling.join(AUTO_SCALING_GROUP, by);
    }
    stage.look();
  });
}

export function operatorExitsStandby(atMinute: number, id: string): Happening {
  return at(atMinute, `an operator lets ${id} out of standby`, (stage) => {
    if (stage.autoScaling.lifecycle(id) !== 'Standby') return;
    for (const arn of stage.autoScaling.attachedArns()) stage.checker.contest(arn, `${id}:${PORT}`, 'exited');
    stage.world.autoScaling.exitStandby({ AutoScalingGroupName: AUTO_SCALING_GROUP, InstanceIds: [id] });
    stage.look();
  });
}

/** A scaling policy, or a person, wants more instances in service than now, or fewer. */
export function scaledBy(atMinute: number, instances: number): Happening {
  return at(atMinute, `the group is scaled by ${instances}`, (stage) =>
    stage.autoScaling.resize({ desiredCapacity: stage.autoScaling.sizes().desiredCapacity + instances }),
  );
}

/** What serves now is all that there may be: nothing on standby fits in any more. */
export function maximumLowered(atMinute: number): Happening {
  return at(atMinute, 'the maximum is lowered to what is desired', (stage) =>
    stage.autoScaling.resize({ maxSize: stage.autoScaling.sizes().desiredCapacity }),
  );
}

export function refreshStarts(atMinute: number): Happening {
  return at(atMinute, 'an instance refresh starts', ({ world }) => void world.autoScaling.startInstanceRefresh(AUTO_SCALING_GROUP));
}

export function refreshEnds(atMinute: number): Happening {
  return at(atMinute, 'the instance refresh ends', ({ world }) => world.autoScaling.endInstanceRefresh(AUTO_SCALING_GROUP));
}

export function processSuspended(atMinute: number, process: string): Happening {
  return at(atMinute, `${process} is suspended`, ({ world }) => world.autoScaling.setSuspended(AUTO_SCALING_GROUP, process, true));
}

export function killSwitchSet(atMinute: number, value: string): Happening {
  return at(atMinute, `the kill switch is set to ${value}`, (stage) => stage.setKillSwitch(value));
}

export function everybodySlow(atMinute: number, slow: boolean): Happening {
  return at(atMinute, slow ? 'everybody becomes slow' : 'everybody is well again', (stage) => {
    stage.fleet.allSlow = slow;
  });
}

/** The operator deletes a target group, and leaves the configuration as it is. */
export function groupDeleted(atMinute: number, arn: string): Happening {
  return at(atMinute, `${arn} is deleted`, (stage) => stage.deleteGroup(arn));
}

/** The operator takes a group out of the configuration and deploys. */
export function groupDropped(atMinute: number, arn: string): Happening {
  return at(atMinute, `${arn} is dropped from the configuration`, (stage) => {
    stage.deployed = { ...stage.deployed, targetGroups: stage.deployed.targetGroups.filter((group) => group.arn !== arn) };
  });
}

/** Somebody deletes the scheduled restore of a target, or it was never delivered. */
export function scheduledRestoreLost(atMinute: number, arn: string, id: string): Happening {
  return at(atMinute, `the scheduled restore of ${id} is lost`, (stage) => stage.loseScheduledRestore(arn, id));
}

/** A later version of Sickbay wrote a case, and was rolled back. */
export function rolledBack(atMinute: number, arn: string): Happening {
  return at(atMinute, `a case of a later version is left in ${arn}`, ({ records }) => {
    records.unreadable = [unreadableCase({ id: 'later', groupArn: arn, version: '2' })];
  });
}

/**
 * Five instances of one Auto Scaling group behind two target groups, of which only the first is
 * configured.
 */
const ON_STANDBY: Pick<Plan, 'groups' | 'autoScaling'> = {
  groups: [
    { name: 'checkout', hosts: HOSTS, owner: 'asg' },
    { name: 'internal', hosts: HOSTS, owner: 'asg', configured: false },
  ],
  autoScaling: { minSize: 3 },
};

/** The same with both groups configured: each has a case of its own about the same instance. */
const IN_TWO_GROUPS: Pick<Plan, 'groups' | 'autoScaling'> = {
  groups: ON_STANDBY.groups.map(({ name, hosts, owner }) => ({ name, hosts, ...(owner === undefined ? {} : { owner }) })),
  autoScaling: { minSize: 3 },
};

/**
 * A scheduled restore that was perhaps under way when it was cancelled is waited for as long as it
 * may be retried.
 */
const RETRIES_MINUTES = 75;

export const BASE_PLANS: readonly Plan[] = [
  { name: 'recovers', groups: GROUPS, minutes: 12, happenings: [sicken(2, FIRST), heal(7, FIRST)] },
  {
    // Drained well before it comes back, and listed as unused for a while.
    name: 'drained',
    groups: [{ name: 'checkout', hosts: HOSTS, attributes: { 'deregistration_delay.timeout_seconds': '30' } }],
    elb: { listsDrainedMs: 90_000, showsInstanceZones: true },
    minutes: 12,
    happenings: [sicken(2, FIRST), heal(7, FIRST)],
  },
  {
    name: 'network-one-after-the-other',
    groups: [{ name: 'checkout', hosts: HOSTS, protocol: 'TCP', nlb: 'act', attributes: { 'load_balancing.cross_zone.enabled': 'true' } }],
    minutes: 20,
    happenings: [sicken(2, FIRST), heal(6, FIRST), sicken(6, SECOND), heal(16, SECOND)],
  },
  { name: 'stays-sick', groups: GROUPS, minutes: 13, happenings: [sicken(2, FIRST)] },
  { name: 'two-sick', groups: [{ name: 'checkout', hosts: hostNames(8) }], minutes: 13, happenings: [sicken(2, FIRST), sicken(2, THIRD)] },
  { name: 'all-slow', groups: GROUPS, minutes: 8, happenings: [everybodySlow(2, true), everybodySlow(6, false)] },
  {
    name: 'operator-registers',
    groups: GROUPS,
    minutes: 12,
    happenings: [sicken(2, FIRST), operatorRegisters(7, CHECKOUT, FIRST)],
  },
  { name: 'stopped', groups: GROUPS, minutes: 20, happenings: [sicken(2, FIRST), stopped(6, FIRST), heal(7, FIRST), started(17, FIRST)] },
  { name: 'terminated', groups: GROUPS, minutes: 12, happenings: [sicken(2, FIRST), terminated(6, FIRST)] },
  {
    name: 'dropped',
    groups: [...GROUPS, { name: 'search', hosts: hostNames(4, 101) }],
    minutes: 12,
    happenings: [sicken(2, FIRST), groupDropped(5, CHECKOUT), scheduledRestoreLost(6, CHECKOUT, FIRST), heal(7, FIRST)],
  },
  {
    name: 'operator-gives-up',
    groups: GROUPS,
    minutes: 14,
    calmMinutes: RETRIES_MINUTES,
    happenings: [sicken(2, FIRST), operatorGivesUp(5, FIRST), heal(7, FIRST)],
  },
  { name: 'operator-wants-back', groups: GROUPS, minutes: 12, happenings: [sicken(2, FIRST), operatorWantsBack(7, FIRST)] },
  {
    name: 'operator-deregisters',
    groups: GROUPS,
    minutes: 12,
    happenings: [sicken(2, FIRST), operatorDeregisters(4, CHECKOUT, SECOND), operatorDeregisters(7, CHECKOUT, FIRST)],
  },
  { name: 'group-deleted', groups: GROUPS, minutes: 12, happenings: [sicken(2, FIRST), groupDeleted(7, CHECKOUT)] },
  { ...ON_STANDBY, name: 'asg-recovers', minutes: 12, happenings: [sicken(2, FIRST), heal(7, FIRST)] },
  { ...ON_STANDBY, name: 'asg-stays-sick', minutes: 13, happenings: [sicken(2, FIRST)] },
  { ...ON_STANDBY, name: 'asg-operator-exits', minutes: 12, happenings: [sicken(2, FIRST), operatorExitsStandby(7, FIRST)] },
  { ...IN_TWO_GROUPS, name: 'asg-operator-exits-two-groups', minutes: 14, happenings: [sicken(2, FIRST), operatorExitsStandby(7, FIRST)] },
  { ...ON_STANDBY, name: 'asg-no-room', minutes: 14, happenings: [sicken(2, FIRST), maximumLowered(6), heal(7, FIRST)] },
  {
    ...ON_STANDBY,
    name: 'asg-operator-gives-up',
    minutes: 14,
    calmMinutes: RETRIES_MINUTES,
    happenings: [sicken(2, FIRST), operatorGivesUp(5, FIRST), heal(7, FIRST)],
  },
  {
    ...ON_STANDBY,
    name: 'asg-stopped',
    minutes: 20,
    happenings: [sicken(2, FIRST), stopped(6, FIRST), heal(7, FIRST), started(17, FIRST)],
  },
  { ...ON_STANDBY, name: 'asg-terminated', minutes: 12, happenings: [sicken(2, FIRST), replacedByItsGroup(7, FIRST, 'i-00000099')] },
];
