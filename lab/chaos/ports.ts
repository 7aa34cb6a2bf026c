/**
 * The ports of both pipelines over one invocation: the real adapters on the lab's world, the
 * records in memory, a simulated prober.
 */
import { ecsServices } from '../../lambda/aws/ecs';
import { killSwitch } from '../../lambda/aws/kill-switch';
import { owners } from '../../lambda/aws/owners';
import { registrations } from '../../lambda/aws/registrations';
import { scheduledRestores } from '../../lambda/aws/scheduled-restores';
import { scheduledStops } from '../../lambda/aws/scheduled-stops';
import { caseEvents } from '../../lambda/aws/case-events';
import { snsTopics } from '../../lambda/aws/topic';
import { instanceStates } from '../../lambda/aws/instance-states';
import { instances } from '../../lambda/aws/instances';
import { staticRegistration } from '../../lambda/aws/static';
import type { AddressRestorePorts } from '../../lambda/act/restore-address';
import { targetRefs } from '../../lambda/aws/network-interfaces';
import { loadBalancing } from '../../lambda/aws/load-balancing';
import { accessLogs } from '../../lambda/aws/access-logs';
import { balancerMetrics } from '../../lambda/aws/balancer-metrics';
import type { GuardPorts } from '../../lambda/delete-guard';
import type { Clock, LoadBalancing, RespondPorts, SweepPorts } from '../../lambda/ports';
import { membersOf } from './call-input';
import { clientsOver, operate } from './aws';
import type { Invocation } from './invocation';
import { RESTORE_FUNCTION, SWITCH } from './plan';
import type { Stage } from './roles';
import { readService, SERVICE_READS } from './service-reads';

const SCHEDULED_RESTORES = {
  roleArn: 'arn:aws:iam::123456789012:role/way-back',
  dlqArn: 'arn:aws:sqs:us-east-1:123456789012:way-back-dead',
  restoreFunctionArn: RESTORE_FUNCTION,
};

/** How long a round of probes and an inspection take. */
const PROBING_MS = 5_000;
const INSPECTING_MS = 3_000;

export function respondPorts(stage: Stage, invocation: Invocation): RespondPorts {
  const clients = awsClients(stage, invocation);
  const { records } = stage;
  return {
    clock: clockOf(invocation),
    log: () => undefined,
    metrics: () => undefined,
    loadBalancing: readable(clients),
    balancerMetrics: balancerMetrics(clients.cloudWatch),
    ...(stage.config.accessLogs === undefined
      ? {}
      : { accessLogs: accessLogs(clients.logs, clockOf(invocation), stage.config.accessLogs) }),
    hosts: hosts(stage, invocation),
    taskHosts: taskHosts(stage, invocation),
    rounds: { latest: (arn, limit) => invocation.call('rounds.latest', arn, () => records.latestRounds(arn, limit)) },
    cases: {
      open: () => invocation.call('cases.open', undefined, () => records.open()),
      closedSince: (at) => invocation.call('cases.closedSince', at, () => records.closedSince(at)),
      put: (incident) => invocation.call('cases.put', incident, () => records.put(incident)),
      archive: (incident) => invocation.call('cases.archive', incident, () => records.archive(incident)),
      drop: (incident) => invocation.call('cases.drop', incident, () => records.drop(incident)),
    },
    lease: {
      acquire: (holder, now, untilAt) => invocation.call('lease.acquire', holder, () => records.acquire(holder, now, untilAt)),
      release: (lease) => invocation.call('lease.release', lease, () => records.release(lease)),
    },
    scheduledRestores: scheduledRestores(clients.scheduler, { ...SCHEDULED_RESTORES, group: stage.scheduleGroup }),
    owners: owners(clients.autoScaling, clients.elb, targetRefs(clients.ec2)),
    targetRefs: targetRefs(clients.ec2),
    instanceStates: instanceStates(clients.ec2),
    ecs: ecsServices({ read: clients.ecs, change: clients.ecs, changeLoadBalancing: clients.elb }, clockOf(invocation)),
    scheduledStops: scheduledStops(clients.scheduler, { ...SCHEDULED_RESTORES, group: stage.scheduleGroup }),
    registrations: registrations({
      changeLoadBalancing: clients.elb,
      changeAutoScaling: clients.autoScaling,
      readAutoScaling: clients.autoScaling,
      instanceStates: instanceStates(clients.ec2),
      targetRefs: targetRefs(clients.ec2),
    }),
    topic: snsTopics(clients.sns, { page: stage.topicArn, notify: stage.topicArn }),
    caseEvents: caseEvents(clients.events),
    deployment: {},
    killSwitch: killSwitch(clients.ssm, SWITCH),
  };
}

export function sweepPorts(stage: Stage, invocation: Invocation): SweepPorts {
  const { records, fleet } = stage;
  const clients = awsClients(stage, invocation);
  return {
    clock: clockOf(invocation),
    log: () => undefined,
    metrics: () => undefined,
    loadBalancing: readable(clients),
    instances: instances(clients.ec2),
    targetRefs: targetRefs(clients.ec2),
    prober: {
      probe: async (plan) => {
        const startedAt = invocation.now();
        await invocation.sleep(PROBING_MS);
        return invocation.call('prober.probe', plan, () => ({
          ...fleet.report(plan, startedAt),
          clients: (plan.clients ?? []).flatMap(({ groupArn, samples }) => stage.clientView(groupArn, samples) ?? []),
        }));
      },
    },
    ...(stage.plan.secondProber === true ? { secondProber: secondProber(stage, invocation) } : {}),
    // The load balancer of the plans is an internal one: the prober samples it.
    clients: { sample: async (probe) => ({ groupArn: probe.groupArn, samples: [] }) },
    rounds: {
      latest: (arn, limit) => invocation.call('rounds.latest', arn, () => records.latestRounds(arn, limit)),
      append: (round) => invocation.call('rounds.append', round, () => records.appendRound(round)),
      begin: (arns, at) => invocation.call('rounds.begin', arns, () => records.begin(arns, at)),
      begun: (after, before) => invocation.call('rounds.begun', after, () => records.begun(after, before)),
    },
    cases: { open: () => invocation.call('cases.open', undefined, () => records.open()) },
    responder: { wake: () => invocation.call('responder.wake', undefined, () => stage.functions.wakeResponder()) },
  };
}

function secondProber(stage: Stage, invocation: Invocation): SweepPorts['prober'] {
  return {
    probe: async (plan) => {
      const startedAt = invocation.now();
      await invocation.sleep(PROBING_MS);
      return invocation.call('secondProber.probe', plan, () => stage.fleet.report(plan, startedAt, true));
    },
  };
}

function clockOf(invocation: Invocation): Clock {
  return { now: () => invocation.now(), sleep: (ms) => invocation.sleep(ms) };
}

/** What CloudFormation asks before a deletion: nothing goes wrong with it. */
export function guardPorts({ world, records }: Stage): GuardPorts {
  const clients = clientsOver(async (operation, input) => operate(world, operation, input));
  return { cases: { open: async () => records.open() }, casesTable: 'Cases', loadBalancing: readable(clients), log: () => undefined };
}

/** Of the function that restores addresses: it has nothing else. */
export function restorerPorts(stage: Stage, invocation: Invocation): AddressRestorePorts {
  const { ec2, elb } = awsClients(stage, invocation);
  return { registration: staticRegistration(elb, instanceStates(ec2), targetRefs(ec2)), log: () => undefined };
}

function awsClients(stage: Stage, invocation: Invocation) {
  return clientsOver((operation, input) =>
    invocation.call(operation, input, (fault) => {
      if (operation === 'DescribeInstances' && fault === 'empty') return { Reservations: [] };
      if (operation === 'DescribeNetworkInterfaces' && fault === 'empty') return { NetworkInterfaces: [] };
      if (operation === 'PutEvents' && fault === 'empty') stage.world.eventBus.failing = 1;
      if (operation === 'DescribeAutoScalingInstances' && fault === 'empty') return { AutoScalingInstances: [] };
      if (fault === 'stale' && operation.startsWith('DescribeAutoScaling'))
        return stage.staleReads.autoScaling(operation, input) ?? operate(stage.world, operation, input);
      if (SERVICE_READS.includes(operation)) return readService(stage, operation, input, fault);
      if (operation !== 'DescribeTargetHealth') return operate(stage.world, operation, input);
      if (fault === 'empty') return { TargetHealthDescriptions: [] };
      const { TargetGroupArn: arn = '' } = membersOf(input);
      return fault === 'stale' || fault === 'ancient' ? stage.staleReads.health(arn, fault) : operate(stage.world, operation, input);
    }),
  );
}

function hosts(stage: Stage, invocation: Invocation): RespondPorts['hosts'] {
  return {
    inspect: async (ids) => {
      await invocation.sleep(INSPECTING_MS);
      return invocation.call('hosts.inspect', ids, () => ids.map((id) => stage.tasks.capture(id)));
    },
  };
}

function taskHosts(stage: Stage, invocation: Invocation): RespondPorts['taskHosts'] {
  return {
    inspect: async (looks) => {
      await invocation.sleep(INSPECTING_MS);
      const ids = looks.map(({ instanceId }) => instanceId);
      return invocation.call('hosts.inspect', ids, () => looks.map((look) => stage.tasks.captureWithin(look)));
    },
  };
}

/**
 * One look at the configured groups is many AWS calls; the records of what was read want the health
 * alone.
 */
function readable(clients: ReturnType<typeof clientsOver>): LoadBalancing {
  return loadBalancing(clients.elb);
}
