/**
 * What each run of the responder has read last, in the order of its calls: removals are judged on
 * that, and not on what nobody could know.
 */
import { openIntent } from '../../core/case';
import { targetKey, type Case, type Round } from '../../core/model';
import { membersOf } from './call-input';
import type { Call } from './invocation';

/** Clocks may be half a minute apart, and a run takes a while. */
export const SLACK_MS = 90_000;

export interface TargetOfCall {
  readonly groupArn: string;
  readonly id: string;
  readonly port: number;
}

export function targetsOf(call: Pick<Call, 'input'>): TargetOfCall[] {
  const { TargetGroupArn = '', Targets = [] } = membersOf(call.input);
  return Targets.map(({ Id = '', Port = 0 }) => ({ groupArn: TargetGroupArn, id: Id, port: Port }));
}

/** Instances that a call puts on standby. */
export function standbyOf(call: Pick<Call, 'input'>): string[] {
  return [...(membersOf(call.input).InstanceIds ?? [])];
}

export interface HealthRead {
  readonly step: number;
  readonly states: ReadonlyMap<string, string>;
  /** A zonal shift is on, or Automatic Target Weights moves traffic. */
  readonly frozen: boolean;
  readonly shifted: boolean;
}

/** The Auto Scaling group as it was read last. */
export interface GroupRead {
  readonly step: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly tagged: boolean;
  readonly suspended: readonly string[];
  readonly lifecycles: ReadonlyMap<string, string>;
  /** Members in service by zone, the enabled ones without any included. */
  readonly zones: ReadonlyMap<string, readonly string[]>;
}

export class ReadLog {
  constructor(
    /** Whose run it is: the value of the tag that allows its removals. */
    private readonly stack: string,
  ) {}

  autoScaling: GroupRead | undefined;
  /** Instance refreshes under way. */
  refreshes: { readonly step: number; readonly count: number } | undefined;
  /** Launch hooks of the group. */
  hooks: { readonly step: number; readonly count: number } | undefined;
  readonly health = new Map<string, HealthRead>();
  /** The newest round of each target group. */
  readonly rounds = new Map<string, { readonly step: number; readonly round: Round | undefined }>();
  readonly tagged = new Map<string, boolean>();
  readonly ownersAsked = new Set<string>();
  readonly inAutoScaling = new Set<string>();
  /** Who had each address when it was asked for last, and the primary one of each interface. */
  readonly holders = new Map<string, { readonly step: number; readonly instanceId: string | undefined }>();
  /** When each schedule was last seen in Scheduler. */
  readonly schedules = new Map<string, number>();
  killSwitch: { readonly step: number; readonly value: string | undefined } | undefined;
  /** The stack's lease that this run was given. */
  holder: string | undefined;
  /** Records of open cases that this run could not read. */
  unreadable = 0;
  /** When the intent for a target was put on record, as `groupArn#key`. */
  readonly intents = new Map<string, number>();

  isTagged(tags: readonly { readonly Key?: string; readonly Value?: string }[]): boolean {
    return tags.some(({ Key, Value }) => Key === 'sickbay:enforce' && Value === this.stack);
  }

  note(call: Call, answer: unknown): void {
    const note = NOTES[call.name];
    note?.(this, call, answer as never);
  }
}

type Note = (readLog: ReadLog, call: Call, answer: never) => void;

interface HealthAnswer {
  readonly TargetHealthDescriptions?: readonly {
    readonly Target?: { readonly Id?: string; readonly Port?: number };
    readonly TargetHealth?: { readonly State?: string; readonly Reason?: string };
    readonly AdministrativeOverride?: { readonly State?: string };
    readonly AnomalyDetection?: { readonly MitigationInEffect?: string };
  }[];
}

interface TagsAnswer {
  readonly TagDescriptions?: readonly {
    readonly ResourceArn?: string;
    readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
  }[];
}

interface GroupsAnswer {
  readonly AutoScalingGroups?: readonly {
    readonly MinSize?: number;
    readonly MaxSize?: number;
    readonly AvailabilityZones?: readonly string[];
    readonly DesiredCapacity?: number;
    readonly Tags?: readonly { readonly Key?: string; readonly Value?: string }[];
    readonly SuspendedProcesses?: readonly { readonly ProcessName?: string }[];
    readonly Instances?: readonly { readonly InstanceId?: string; readonly LifecycleState?: string; readonly AvailabilityZone?: string }[];
  }[];
}

interface InterfacesAnswer {
  readonly NetworkInterfaces?: readonly { readonly PrivateIpAddress?: string; readonly Attachment?: { readonly InstanceId?: string } }[];
}

const NOTES: Readonly<Record<string, Note>> = {
  DescribeNetworkInterfaces: (readLog, call, answer: InterfacesAnswer) => {
    for (const { PrivateIpAddress = '', Attachment } of answer.NetworkInterfaces ?? [])
      readLog.holders.set(PrivateIpAddress, { step: call.number, instanceId: Attachment?.InstanceId });
  },
  DescribeTargetHealth: (readLog, call, answer: HealthAnswer) => {
    const { TargetGroupArn = '' } = membersOf(call.input);
    const registered = (answer.TargetHealthDescriptions ?? []).filter(
      ({ TargetHealth }) => TargetHealth?.Reason !== 'Target.NotRegistered',
    );
    const states = registered.map(
      ({ Target, TargetHealth }) => [targetKey({ id: Target?.Id ?? '', port: Target?.Port ?? 0 }), TargetHealth?.State ?? ''] as const,
    );
    const frozen = (answer.TargetHealthDescriptions ?? []).some(
      ({ AdministrativeOverride, AnomalyDetection }) =>
        (AdministrativeOverride?.State ?? 'no_override') !== 'no_override' || AnomalyDetection?.MitigationInEffect === 'yes',
    );
    const shifted = (answer.TargetHealthDescriptions ?? []).some(
      ({ AdministrativeOverride }) => (AdministrativeOverride?.State ?? 'no_override') !== 'no_override',
    );
    readLog.health.set(TargetGroupArn, { step: call.number, states: new Map(states), frozen, shifted });
  },
  DescribeTags: (readLog, _call, answer: TagsAnswer) => {
    for (const { ResourceArn = '', Tags = [] } of answer.TagDescriptions ?? []) readLog.tagged.set(ResourceArn, readLog.isTagged(Tags));
  },
  GetParameter: (readLog, call, answer: { readonly Parameter?: { readonly Value?: string } }) => {
    readLog.killSwitch = { step: call.number, value: answer.Parameter?.Value };
  },
  DescribeAutoScalingInstances: (
    readLog,
    call,
    answer: { readonly AutoScalingInstances?: readonly { readonly InstanceId?: string }[] },
  ) => {
    for (const id of membersOf(call.input).InstanceIds ?? []) readLog.ownersAsked.add(id);
    for (const { InstanceId = '' } of answer.AutoScalingInstances ?? []) readLog.inAutoScaling.add(InstanceId);
  },
  DescribeAutoScalingGroups: (readLog, call, answer: GroupsAnswer) => {
    const [group] = answer.AutoScalingGroups ?? [];
    if (group === undefined) return;
    const { MinSize = 0, MaxSize = 0, DesiredCapacity = 0, Tags = [], SuspendedProcesses = [], Instances = [] } = group;
    const serving = (zone: string) => Instances.filter((one) => one.AvailabilityZone === zone && one.LifecycleState === 'InService');
    const ids = (zone: string) => serving(zone).map(({ InstanceId = '' }) => InstanceId);
    readLog.autoScaling = {
      step: call.number,
      minSize: MinSize,
      maxSize: MaxSize,
      desired: DesiredCapacity,
      tagged: readLog.isTagged(Tags),
      suspended: SuspendedProcesses.map(({ ProcessName = '' }) => ProcessName),
      lifecycles: new Map(Instances.map(({ InstanceId = '', LifecycleState = '' }) => [InstanceId, LifecycleState])),
      zones: new Map((group.AvailabilityZones ?? []).map((zone) => [zone, ids(zone)])),
    };
  },
  DescribeInstanceRefreshes: (readLog, call, answer: { readonly InstanceRefreshes?: readonly { readonly Status?: string }[] }) => {
    readLog.refreshes = {
      step: call.number,
      count: (answer.InstanceRefreshes ?? []).filter(({ Status }) => Status === 'InProgress').length,
    };
  },
  GetSchedule: (readLog, call) => {
    readLog.schedules.set(membersOf(call.input).Name ?? '', call.number);
  },
  'rounds.latest': (readLog, call, answer: readonly Round[]) => {
    readLog.rounds.set(String(call.input), { step: call.number, round: answer[0] });
  },
  DescribeLifecycleHooks: (readLog, call, answer: { readonly LifecycleHooks?: readonly { readonly LifecycleTransition?: string }[] }) => {
    const launching = (answer.LifecycleHooks ?? []).filter(({ LifecycleTransition = '' }) => LifecycleTransition.endsWith('LAUNCHING'));
    readLog.hooks = { step: call.number, count: launching.length };
  },
  'lease.acquire': (readLog, _call, answer: { readonly holder: string } | undefined) => {
    readLog.holder = answer?.holder;
  },
  'cases.open': (readLog, _call, answer: readonly Case[]) => {
    readLog.unreadable = answer.filter(({ about }) => about === 'unreadable').length;
  },
  'cases.put': (readLog, call, answer: Case) => {
    const intent = openIntent(answer);
    if (intent !== undefined) readLog.intents.set(`${answer.groupArn}#${targetKey(intent.target)}`, call.number);
  },
};
