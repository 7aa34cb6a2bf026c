/**
 * Rules of order that are taken away: what is on record, what is in place and what is read before
 * the one call that removes.
 */
import { openIntent } from '../../core/case';
import type { Case } from '../../core/model';
import type { RespondPorts } from '../../lambda/ports';
import { BASE_PLANS, operatorDeregisters, sicken } from './base-plans';
import type { Alteration, Mutation } from './mutation';
import { onePlan } from './mutations-config';
import { groupArn, hostNames } from './plan';

type Cases = RespondPorts['cases'];

/** Older than any difference of clocks. */
const LONG_AGO_MS = 600_000;

function withCases(change: (cases: Cases, ports: RespondPorts) => Partial<Cases>): () => Alteration {
  return () => (ports, config) => ({ ports: { ...ports, cases: { ...ports.cases, ...change(ports.cases, ports) } }, config });
}

/** Intents are not stored; what is stored later carries the revision that the records expect. */
export function intentsLost(isIntent = (incident: Case) => openIntent(incident) !== undefined): Alteration {
  const lost = new Map<string, number>();
  return (ports, config) => {
    const put = async <Incident extends Case>(incident: Incident): Promise<Incident> => {
      const behind = lost.get(incident.id) ?? 0;
      if (!isIntent(incident)) {
        const stored = await ports.cases.put({ ...incident, rev: incident.rev - behind });
        return { ...stored, rev: stored.rev + behind };
      }
      lost.set(incident.id, behind + 1);
      return { ...incident, rev: incident.rev + 1 };
    };
    return { ports: { ...ports, cases: { ...ports.cases, put } }, config };
  };
}

/** What was read first in a run is taken for true until its end. */
export function readOnce<Answer>(read: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (key) => {
    const answer = answers.get(key) ?? read(key);
    answers.set(key, answer);
    return answer;
  };
}

/** What is marked as sent is stored as it was before: with its text, and to be sent again. */
function neverSent(): Alteration {
  const texts = new Map<string, string>();
  const again = <Incident extends Case>(incident: Incident): Incident => {
    for (const { id, body, sentAt } of incident.outbox) if (sentAt === undefined) texts.set(id, body);
    return {
      ...incident,
      outbox: incident.outbox.map(({ sentAt: _sentAt, ...entry }) => ({ ...entry, body: texts.get(entry.id) ?? entry.body })),
    };
  };
  return (ports, config) => ({
    ports: { ...ports, cases: { ...ports.cases, put: (incident) => ports.cases.put(again(incident)) } },
    config,
  });
}

const [FIRST = ''] = hostNames(1);

/**
 * The kill switch goes on between the decision and the last look, and an operator takes the target
 * out a minute later.
 */
const CALLED_OFF: Pick<Mutation, 'plan' | 'chaos'> = {
  plan: onePlan({}, { happenings: [sicken(1, FIRST), operatorDeregisters(6, groupArn('checkout'), FIRST)], minutes: 12 }),
  chaos: {
    meddle: (call, stage) => {
      if (call.name === 'CreateSchedule') stage.setKillSwitch('on');
    },
  },
};

/** Of each run of the responder the first read of target health is older than every bound. */
function firstReadAncient(): NonNullable<Mutation['chaos']> {
  const read = new WeakSet<object>();
  return {
    faultAt: ({ name, by }) => {
      if (name !== 'DescribeTargetHealth' || by.kind !== 'respond' || read.has(by)) return undefined;
      read.add(by);
      return 'ancient';
    },
  };
}

/** Within this time a second read gets the answer of the first. */
const SAME_LOOK_MS = 5_000;

/** What was read a moment ago is taken for the answer. */
function lookedAMomentAgo(): Alteration {
  return (ports, config) => {
    const seen = new Map<string, { readonly at: number; readonly view: ReturnType<RespondPorts['loadBalancing']['health']> }>();
    const health: RespondPorts['loadBalancing']['health'] = (arn) => {
      const before = seen.get(arn);
      const now = ports.clock.now();
      if (before !== undefined && now - before.at < SAME_LOOK_MS) return before.view;
      const view = ports.loadBalancing.health(arn);
      seen.set(arn, { at: now, view });
      return view;
    };
    return { ports: { ...ports, loadBalancing: { ...ports.loadBalancing, health } }, config };
  };
}

/**
 * In each run of the responder EC2 knows no instance when it is asked first, and when it is asked
 * next.
 */
function forgetfulTwice(): NonNullable<Mutation['chaos']> {
  const asked = new WeakMap<object, number>();
  return {
    faultAt: ({ name, by }) => {
      if (name !== 'DescribeInstances' || by.kind !== 'respond') return undefined;
      asked.set(by, (asked.get(by) ?? 0) + 1);
      return (asked.get(by) ?? 0) <= 2 ? 'empty' : undefined;
    },
  };
}

/** What stood in the way of a restore a moment ago is taken for the answer. */
function triedAMomentAgo(): Alteration {
  let before: { readonly at: number; readonly error: unknown } | undefined;
  return (ports, config) => {
    const { asg, static: direct } = ports.registrations;
    const restore: typeof direct.restore = async (arn, removal) => {
      const now = ports.clock.now();
      if (before !== undefined && now - before.at < SAME_LOOK_MS) throw before.error;
      await direct.restore(arn, removal).catch((error: unknown) => {
        before = { at: now, error };
        throw error;
      });
    };
    return { ports: { ...ports, registrations: { asg, static: { ...direct, restore } } }, config };
  };
}

/** What was cancelled is there still, and is not shown. */
function notCancelled(): ReturnType<Mutation['alter']> {
  const cancelled = new Set<string>();
  return (ports, config) => {
    const scheduledRestores = {
      ...ports.scheduledRestores,
      cancel: async (name: string) => void cancelled.add(name),
      exists: async (name: string) => !cancelled.has(name) && ports.scheduledRestores.exists(name),
    };
    return { ports: { ...ports, scheduledRestores }, config };
  };
}

const STOPPED = BASE_PLANS.filter((plan) => plan.name === 'stopped');
const RECOVERS = BASE_PLANS.filter((plan) => plan.name === 'recovers');

export const ORDER: readonly Mutation[] = [
  {
    name: 'intent before removal',
    takenAway: 'intents are not stored',
    expected: 'intent-first',
    plan: onePlan(),
    alter: () => intentsLost(),
  },
  {
    name: 'scheduled restore before removal',
    takenAway: 'it is not created, and not looked for',
    expected: 'restore-first',
    plan: onePlan(),
    alter: () => (ports, config) => ({
      ports: {
        ...ports,
        scheduledRestores: {
          ...ports.scheduledRestores,
          create: async () => undefined,
          move: async () => undefined,
          exists: async () => true,
        },
      },
      config,
    }),
  },
  {
    name: 'exact identity on the restore',
    takenAway: 'the port is left to its default',
    expected: 'restore-first',
    plan: onePlan(),
    alter: () => (ports, config) => ({
      ports: {
        ...ports,
        scheduledRestores: {
          ...ports.scheduledRestores,
          create: (name, at, arn, removal) =>
            ports.scheduledRestores.create(name, at, arn, { ...removal, target: { ...removal.target, port: 80 } }),
        },
      },
      config,
    }),
  },
  ...BASE_PLANS.filter((plan) => plan.name === 'operator-gives-up').map((plan): Mutation => ({
    name: 'what is given up has no scheduled restore',
    takenAway: 'it is not cancelled, and looks so',
    expected: 'uninvited',
    plan,
    alter: notCancelled,
  })),
  {
    name: 'a removal that is called off leaves no scheduled restore',
    takenAway: 'it is not cancelled',
    expected: 'uninvited',
    ...CALLED_OFF,
    alter: () => (ports, config) => ({
      ports: { ...ports, scheduledRestores: { ...ports.scheduledRestores, cancel: async () => undefined } },
      config,
    }),
  },
  ...RECOVERS.map((plan): Mutation => ({
    name: 'target health is read again before anything is cancelled',
    takenAway: 'the second look gets the answer of the first',
    expected: 'restore-kept',
    plan,
    chaos: firstReadAncient(),
    alter: lookedAMomentAgo,
  })),
  ...STOPPED.map((plan): Mutation => ({
    name: 'what has vanished is asked for twice',
    takenAway: 'the second attempt gets the answer of the first',
    expected: 'restore-kept',
    plan,
    chaos: forgetfulTwice(),
    alter: triedAMomentAgo,
  })),
  {
    name: 'scheduled restore kept while it is out',
    takenAway: 'cancelled once the target is out',
    expected: 'restore-kept',
    plan: onePlan(),
    alter: withCases((cases, { scheduledRestores }) => ({
      put: async (incident) => {
        const stored = await cases.put(incident);
        const name = stored.ejections.at(-1)?.scheduleName;
        if (stored.state === 'out' && name !== undefined) await scheduledRestores.cancel(name);
        return stored;
      },
    })),
  },
  {
    name: 'kill switch right before the call',
    takenAway: 'it is read once a run',
    expected: 'kill-switch',
    plan: onePlan(),
    alter: () => (ports, config) => {
      const read = readOnce(() => ports.killSwitch.read());
      return { ports: { ...ports, killSwitch: { read: () => read('') } }, config };
    },
  },
  {
    name: 'target health right before the call',
    takenAway: 'it is read once a run',
    expected: 'fresh-look',
    plan: onePlan(),
    alter: () => (ports, config) => {
      const health = readOnce((arn) => ports.loadBalancing.health(arn));
      return { ports: { ...ports, loadBalancing: { ...ports.loadBalancing, health } }, config };
    },
  },
  {
    name: 'one responder at a time',
    takenAway: 'the lease is given to all',
    expected: 'one-responder',
    plan: onePlan(),
    chaos: { faultAt: (call) => (call.name === 'hosts.inspect' && call.number < 100 ? 'crash-after' : undefined) },
    alter: () => (ports, config) => {
      const acquire: RespondPorts['lease']['acquire'] = async (holder, now, untilAt) =>
        (await ports.lease.acquire(holder, now, untilAt)) ?? { holder, untilAt };
      return { ports: { ...ports, lease: { ...ports.lease, acquire } }, config };
    },
  },
  {
    name: 'no removal towards the end of the lease',
    takenAway: 'it ends at once, and the responder takes it for long',
    expected: 'one-responder',
    plan: onePlan(),
    alter: () => (ports, config) => {
      const acquire: RespondPorts['lease']['acquire'] = async (holder, now, untilAt) => {
        const lease = await ports.lease.acquire(holder, now - LONG_AGO_MS, now - LONG_AGO_MS + 1);
        return lease === undefined ? undefined : { ...lease, untilAt };
      };
      return { ports: { ...ports, lease: { ...ports.lease, acquire } }, config };
    },
  },
  {
    name: 'alerts are published',
    takenAway: 'the topic takes them and loses them',
    expected: 'alert-told',
    plan: onePlan(),
    alter: () => (ports, config) => ({ ports: { ...ports, topic: { ...ports.topic, publish: async () => undefined } }, config }),
  },
  {
    name: 'events are emitted',
    takenAway: 'EventBridge gets none',
    expected: 'alert-told',
    plan: onePlan(),
    alter: () => (ports, config) => ({ ports: { ...ports, caseEvents: { emit: async () => undefined } }, config }),
  },
  {
    name: 'an event that EventBridge did not take is emitted again',
    takenAway: 'its answer is not looked at',
    expected: 'alert-told',
    plan: onePlan(),
    chaos: { faultAt: (call) => (call.name === 'PutEvents' ? 'empty' : undefined) },
    alter: () => (ports, config) => ({
      ports: { ...ports, caseEvents: { emit: (event) => ports.caseEvents.emit(event).catch(() => undefined) } },
      config,
    }),
  },
  {
    name: 'alerts are on record before they are sent',
    takenAway: 'the outbox is not stored',
    expected: 'alert-told',
    plan: onePlan(),
    chaos: { faultAt: (call) => (call.name === 'Publish' ? 'throttled' : undefined) },
    alter: withCases((cases) => ({
      put: async (incident) => ({ ...(await cases.put({ ...incident, outbox: [] })), outbox: incident.outbox }),
    })),
  },
  ...RECOVERS.map((plan): Mutation => ({
    name: 'repeated wake-ups',
    takenAway: 'alerts are never marked as sent',
    expected: 'repeat-changes-nothing',
    plan,
    options: { repeats: true },
    alter: neverSent,
  })),
];
