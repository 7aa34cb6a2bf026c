/**
 * The world of one run: four sick hosts in three groups, their cases, the people, the load
 * balancer, and what else a stop rests on. Facts change while proposals wait.
 */
import { parseConfig, type Config } from '../../core/config';
import type { Case, Culprit, Round, Stop, TargetCase } from '../../core/model';
import type { Random } from '../chaos/random';
import { drawConditions, type Conditions } from './conditions';
import { ARGUMENTS, EXECUTABLE, Host, VITAL, type Traits, commandOf } from './host';

const START = 1_800_000_000_000;
const MINUTE_MS = 60_000;

export interface Incident {
  readonly id: string;
  readonly groupArn: string;
  readonly host: Host;
  readonly culprit: Culprit;
  closedAt?: number;
  /** The job was last seen by the responder. */
  isCausePresent: boolean;
  /** The responder cannot tell whether the job is there. */
  readonly isUnseen: boolean;
  /** Its probes are clean although the job runs: nobody uses a target that is out. */
  readonly isIdle: boolean;
}

interface Schedule {
  readonly at: number;
  readonly hostId: string;
  readonly caseId: string;
}

export class World {
  now = START;
  isSwitchOn = false;
  isCalendarOpen = true;
  readonly hosts: Host[] = [];
  readonly incidents: Incident[] = [];
  readonly untagged = new Set<string>();
  /** Targets that serve although their case says that they are out. */
  readonly serving = new Set<string>();
  readonly onPeers = new Set<string>();
  readonly offGroups = new Set<string>();
  readonly schedules = new Map<string, Schedule>();
  readonly stops = new Map<string, Stop>();
  readonly unreadable = new Set<string>();
  /** Of the function's runs: who holds it, and until when. */
  lease: { readonly holder: string; readonly untilAt: number } | undefined;
  readonly published: { readonly id: string; readonly severity: string; readonly subject: string }[] = [];
  /** Is told of each scheduled undo that fires. */
  onFired: (schedule: string) => void = () => undefined;
  readonly conditions: Conditions;
  readonly config: Config;

  constructor(readonly random: Random) {
    this.conditions = drawConditions(random);
    for (let number = 1; number <= 4; number++) this.addHost(number);
    this.config = this.configOf();
  }

  host(id: string): Host {
    const host = this.hosts.find((one) => one.id === id);
    if (host === undefined) throw new Error(`no host ${id}`);
    return host;
  }

  private addHost(number: number): void {
    const { random, conditions } = this;
    const { against, groups } = conditions;
    const id = `i-0000000${number}`;
    const groupArn = groupArnOf(groups[number - 1] ?? 'cart');
    const host = new Host(id, number, random.pick([1, 2, 5, 60, 43_200]) * MINUTE_MS, traitsOf(random, against));
    host.start(this.now - random.integer(1, 90) * MINUTE_MS);
    this.hosts.push(host);
    const { pid, startedAt } = host.process ?? { pid: 0, startedAt: 0 };
    // The finding may be of a process that ended since, whose pid another one has.
    const isStale = random.chance(0.08 * against);
    if (isStale) host.reusePid(this.now - MINUTE_MS, random.pick(['report', 'other'] as const));
    const culprit: Culprit = {
      pid,
      command: commandOf(number),
      user: 'reports',
      startedAt,
      cron: '* * * * * report',
      cronFile: '/etc/cron.d/report',
      ...(host.traits.inContainer ? { container: 'shop (docker)' } : {}),
    };
    this.incidents.push({
      id: `case-${number}`,
      groupArn,
      host,
      culprit,
      isCausePresent: true,
      isUnseen: random.chance(0.3),
      isIdle: random.chance(0.3),
    });
    if (random.chance(0.06 * against)) this.untagged.add(id);
    if (random.chance(0.06 * against)) this.serving.add(id);
    if (random.chance(0.06 * against)) this.onPeers.add(id);
    if (number > 2 && random.chance(0.1 * against)) this.offGroups.add(groupArn);
  }

  private configOf(): Config {
    const allowed = (executable: string) => ({ executable, user: 'reports', arguments: ARGUMENTS, parent: 'cron' });
    const stop = { mode: 'propose', allow: [EXECUTABLE, VITAL].map(allowed) };
    const arns = [...new Set(this.incidents.map(({ groupArn }) => groupArn))];
    return parseConfig({
      mode: 'enforce',
      targetGroups: arns.map((arn) => ({ arn, ...(this.offGroups.has(arn) ? {} : { stop }) })),
      network: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
      stop: { approvers: ['arn:aws:iam::123456789012:role/oncall'] },
    });
  }

  // -------------------------------------------------------------- time

  /** One minute: cron, schedules, the responder. */
  minute(): void {
    this.now += MINUTE_MS;
    for (const host of this.hosts) host.tick(this.now);
    for (const [name, { at, hostId, caseId }] of this.schedules) if (this.now >= at) this.fire(name, hostId, caseId);
    if (this.now % (3 * MINUTE_MS) === 0) this.respond();
  }

  /** Scheduler tries again for an hour, and then gives up: the entry is gone either way. */
  private fire(name: string, hostId: string, caseId: string): void {
    const host = this.host(hostId);
    this.onFired(name);
    if (host.isReachable) host.undo(caseId);
    this.schedules.delete(name);
  }

  /** The cause is looked for, and a target whose cause is gone comes back after a while. */
  private respond(): void {
    for (const incident of this.incidents) {
      if (incident.closedAt !== undefined) continue;
      const { host } = incident;
      incident.isCausePresent = host.process?.kind === 'report';
      if (!incident.isCausePresent && this.random.chance(0.2)) {
        incident.closedAt = this.now;
        this.serving.add(host.id);
      }
    }
  }

  // -------------------------------------------------------------- records that the function reads

  cases(): Case[] {
    return this.incidents.filter(({ closedAt }) => closedAt === undefined).map((incident) => this.caseOf(incident));
  }

  closed(since: number): Case[] {
    return this.incidents.filter(({ closedAt }) => closedAt !== undefined && closedAt >= since).map((incident) => this.caseOf(incident));
  }

  private caseOf({ id, groupArn, host, culprit, isCausePresent, isUnseen, closedAt }: Incident): TargetCase {
    const finding = { cause: 'pool-starvation' as const, confidence: 0.95, culprit, evidence: [], against: [] };
    const other = { ...finding, culprit: { ...culprit, pid: culprit.pid + 1 } };
    const target = { id: host.id, port: 8080 };
    return {
      v: 1,
      id,
      rev: 1,
      groupArn,
      about: 'target',
      state: closedAt === undefined ? 'out' : 'closed',
      openedAt: START,
      updatedAt: this.now,
      target,
      diagnosis: {
        findings: host.traits.twoCulprits ? [finding, other] : [finding],
        differences: [],
        notInspectable: [],
        pools: [],
        cpu: [],
        notes: [],
      },
      causeStatus: isUnseen ? 'unknown' : isCausePresent ? 'present' : 'gone',
      ejections: [
        {
          owner: 'static',
          intentAt: START,
          target,
          scheduleName: 's',
          leaseS: 900,
          leaseEndsAt: START,
          originalCount: 4,
          confirmedAt: START,
        },
      ],
      events: [],
      outbox: [],
      ...(closedAt === undefined ? {} : { closedAt, because: 'recovered' as const }),
    };
  }

  round(groupArn: string): Round {
    const { cases, now } = { cases: this.incidents.filter((one) => one.groupArn === groupArn), now: this.now };
    const verdicts = cases.map(({ host, isIdle }) => ({
      key: `${host.id}:8080`,
      verdict: host.process?.kind === 'report' && !isIdle ? ('suspect' as const) : ('clean' as const),
      evidenceNats: 0,
      neededNats: 14,
      bad: { k: 0, n: 10 },
      cold: false,
      everReached: true,
      healthNats: 9,
      healthNeededNats: 5,
      cleanRounds: 5,
      says: '',
    }));
    const group = {
      arn: groupArn,
      name: 'g',
      protocol: 'HTTP',
      port: 80,
      targetType: 'instance',
      tags: {},
      attributes: {},
      loadBalancers: [],
      healthCheck: { protocol: 'HTTP', port: 'traffic-port', path: '/', timeoutS: 5, intervalS: 30 },
    };
    return {
      v: 1,
      groupArn,
      startedAt: now - 20_000,
      endedAt: now - 10_000,
      trigger: 'schedule',
      group,
      lbView: [],
      addresses: {},
      samples: {},
      fleet: 'none',
      says: '',
      verdicts,
      record: '',
      notes: [],
    };
  }
}

function groupArnOf(name: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/0123456789abcdef`;
}

/** Most hosts have nothing that speaks against a stop: otherwise none would ever be made. */
function traitsOf(random: Random, against: number): Traits {
  const is = (probability: number): boolean => random.chance(probability);
  return {
    listens: is(0.04 * against),
    sharesApplication: is(0.04 * against),
    vital: is(0.04 * against),
    unlisted: is(0.04 * against),
    writable: is(0.04 * against),
    managed: is(0.04 * against),
    starterUnknown: is(0.04 * against),
    unsupported: is(0.04 * against),
    inContainer: is(0.04 * against),
    twoCulprits: is(0.04 * against),
    stubborn: is(0.3),
    otherPath: is(0.25),
    liesAboutTheEnd: is(0.5),
  };
}
