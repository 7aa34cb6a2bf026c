import type {
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  InstanceInformation,
  InstanceInformationStringFilter,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  PingStatus,
  SendCommandRequest,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import type { Ids } from './account';
import { AwsError } from './aws-error';
import type { Clock } from './clock';
import type { Instance, Instances } from './instances';
import { pageOf } from './paging';
import { hostCommand, parameterValues, parseDocument, RUN_SHELL_SCRIPT, type CommandDocument, type HostCommand } from './ssm-document';
import { finish, invocationResult, invocationSummary, setStatus, type HostShell, type Invocation } from './ssm-invocation';

export interface Agent {
  readonly pingStatus: PingStatus;
  readonly version: string;
  readonly platformType: 'Linux' | 'Windows';
}

export interface SsmSettings {
  /** For how long after SendCommand its invocations do not exist yet. */
  readonly invocationDelayMs: number;
}

/** A recent agent: interpolation into environment variables needs 3.3.2746.0 or later. */
const AGENT: Agent = { pingStatus: 'Online', version: '3.3.3050.0', platformType: 'Linux' };
const DEFAULT_DELIVERY_TIMEOUT_S = 3600;

/** Systems Manager: managed instances and Run Command. */
export class Ssm {
  private readonly agents = new Map<string, Agent>();
  private readonly documents = new Map<string, CommandDocument[]>([[RUN_SHELL_SCRIPT.name, [RUN_SHELL_SCRIPT]]]);
  private readonly invocations: Invocation[] = [];
  private readonly waiting = new Map<Invocation, HostCommand>();
  private readonly needed: { readonly key: string; readonly value: string; readonly document: RegExp }[] = [];

  constructor(
    private readonly ids: Ids,
    private readonly clock: Clock,
    private readonly instances: Instances,
    private readonly shell: HostShell,
    private readonly settings: SsmSettings = { invocationDelayMs: 200 },
  ) {}

  /**
   * Makes an instance a managed one, or changes its agent. An agent that comes back online starts
   * what still waits for it.
   */
  manage(instanceId: string, agent: Partial<Agent> = {}): void {
    const now: Agent = { ...(this.agents.get(instanceId) ?? AGENT), ...agent };
    this.agents.set(instanceId, now);
    if (now.pingStatus !== 'Online') return;
    for (const [invocation, command] of this.waiting) if (invocation.instanceId === instanceId) this.start(invocation, command);
  }

  /**
   * Registers a document from the `Content` of an AWS::SSM::Document; again for the same name: a
   * new version. Returns the version.
   */
  addDocument(name: string, content: unknown): string {
    const versions = this.documents.get(name) ?? [];
    const document = parseDocument(name, String(versions.length + 1), content);
    this.documents.set(name, [...versions, document]);
    return document.version;
  }

  /**
   * From now on the caller's policy has the condition `ssm:resourceTag/KEY` on instances, for
   * documents of such a name.
   */
  requireTag(key: string, value: string, document = /^/): void {
    this.needed.push({ key, value, document });
  }

  // ------------------------------------------------------------ the API

  describeInstanceInformation(input: DescribeInstanceInformationRequest): DescribeInstanceInformationResult {
    const size = input.MaxResults ?? 50;
    if (size < 5 || size > 50) throw new AwsError('ValidationException', `MaxResults: got ${size}, allowed 5 to 50`);
    const wanted = (input.Filters ?? []).map(instanceFilter);
    const managed = this.instances.all().filter((instance) => this.agents.has(instance.id) && wanted.every((is) => is(instance.id)));
    const page = pageOf(managed, input.NextToken, size, 'InvalidNextToken');
    return { InstanceInformationList: page.items.map((instance) => this.information(instance)), NextToken: page.next };
  }

  /**
   * Agents that are offline get the command when they come back, within `TimeoutSeconds`; until
   * then it stays InProgress.
   */
  sendCommand(input: SendCommandRequest): SendCommandResult {
    const instanceIds = checkInstanceIds(input.InstanceIds ?? []);
    this.authorise(input.DocumentName ?? '', instanceIds);
    const deliveryS = input.TimeoutSeconds ?? DEFAULT_DELIVERY_TIMEOUT_S;
    if (deliveryS < 30) throw new AwsError('ValidationException', `TimeoutSeconds: got ${deliveryS}, allowed 30 or more`);
    const document = this.document(input.DocumentName ?? '', input.DocumentVersion);
    const values = parameterValues(document, input.Parameters ?? {});
    const unmanaged = instanceIds.filter((id) => !this.agents.has(id) || !this.instances.running(id));
    if (unmanaged.length > 0) throw new AwsError('InvalidInstanceId', 'Instances not in a valid state for account');
    const commandId = this.ids.uuid();
    for (const instanceId of instanceIds) {
      const command = hostCommand(document, values, this.agents.get(instanceId)?.version ?? AGENT.version);
      this.send(commandId, instanceId, document, command, deliveryS, input.Comment ?? '');
    }
    return {
      Command: {
        CommandId: commandId,
        DocumentName: document.name,
        DocumentVersion: document.version,
        InstanceIds: instanceIds,
        Parameters: input.Parameters,
        RequestedDateTime: new Date(this.clock.now()),
        Status: 'Pending',
        StatusDetails: 'Pending',
        TargetCount: instanceIds.length,
        TimeoutSeconds: deliveryS,
      },
    };
  }

  getCommandInvocation(input: GetCommandInvocationRequest): GetCommandInvocationResult {
    const found = this.visible().find((one) => one.commandId === input.CommandId && one.instanceId === input.InstanceId);
    if (!found) throw new AwsError('InvocationDoesNotExist', 'the command ID and instance ID combination does not match an invocation');
    return invocationResult(found);
  }

  listCommandInvocations(input: ListCommandInvocationsRequest): ListCommandInvocationsResult {
    const found = this.visible().filter(
      (one) =>
        (input.CommandId === undefined || one.commandId === input.CommandId) &&
        (input.InstanceId === undefined || one.instanceId === input.InstanceId),
    );
    const page = pageOf(found, input.NextToken, input.MaxResults ?? 50, 'InvalidNextToken');
    return { CommandInvocations: page.items.map(invocationSummary), NextToken: page.next };
  }

  // ------------------------------------------------------------ inside

  /**
   * IAM evaluates the condition for each instance that a call names, and denies the whole call for
   * one that does not meet it.
   */
  private authorise(documentName: string, instanceIds: readonly string[]): void {
    const needed = this.needed.filter(({ document }) => document.test(documentName));
    const lacks = (id: string): boolean => needed.some(({ key, value }) => this.instances.find(id)?.tags[key] !== value);
    const denied = instanceIds.find(lacks);
    if (denied !== undefined)
      throw new AwsError('AccessDeniedException', `not authorized to perform: ssm:SendCommand on resource: instance/${denied}`);
  }

  private information(instance: Instance): InstanceInformation {
    const agent = this.agents.get(instance.id) ?? AGENT;
    return {
      InstanceId: instance.id,
      PingStatus: agent.pingStatus,
      LastPingDateTime: new Date(this.clock.now()),
      AgentVersion: agent.version,
      PlatformType: agent.platformType,
      PlatformName: agent.platformType === 'Linux' ? 'Amazon Linux' : 'Microsoft Windows Server',
      ResourceType: 'EC2Instance',
      IPAddress: instance.address,
      ComputerName: instance.hostname,
    };
  }

  /**
   * A document of this account may be named by its ARN; `$LATEST`, `$DEFAULT` (here the first) or a
   * number choose the version.
   */
  private document(nameOrArn: string, version = '$DEFAULT'): CommandDocument {
    const versions = this.documents.get(nameOrArn.replace(/^arn:aws:ssm:[^:]+:\d+:document\//, ''));
    if (!versions) throw new AwsError('InvalidDocument', `Document with name ${nameOrArn} does not exist.`);
    const found = version === '$LATEST' ? versions.at(-1) : versions[version === '$DEFAULT' ? 0 : Number(version) - 1];
    if (!found) throw new AwsError('InvalidDocumentVersion', `The document version ${version} is not valid or does not exist.`);
    return found;
  }

  private visible(): Invocation[] {
    return this.invocations.filter((one) => this.clock.now() >= one.sentAt + this.settings.invocationDelayMs);
  }

  private send(
    commandId: string,
    instanceId: string,
    document: CommandDocument,
    command: HostCommand,
    deliveryS: number,
    comment: string,
  ): void {
    const invocation: Invocation = {
      commandId,
      instanceId,
      documentName: document.name,
      documentVersion: document.version,
      comment,
      sentAt: this.clock.now(),
      startedAt: undefined,
      endedAt: undefined,
      status: 'InProgress',
      statusDetails: 'InProgress',
      exitCode: -1,
      stdout: '',
      stderr: '',
    };
    this.invocations.push(invocation);
    if (this.agents.get(instanceId)?.pingStatus === 'Online') return this.start(invocation, command);
    this.waiting.set(invocation, command);
    this.clock.at(invocation.sentAt + deliveryS * 1000, () => this.giveUp(invocation, command.timeoutS));
  }

  /**
   * Past its delivery time-out a command is never started; it is shown as timed out after the total
   * time-out (delivery plus execution).
   */
  private giveUp(invocation: Invocation, executionS: number): void {
    if (!this.waiting.delete(invocation)) return;
    this.clock.at(this.clock.now() + executionS * 1000, () => {
      setStatus(invocation, 'TimedOut', 'Delivery Timed Out');
      invocation.endedAt = this.clock.now();
    });
  }

  private start(invocation: Invocation, command: HostCommand): void {
    this.waiting.delete(invocation);
    invocation.startedAt = this.clock.now();
    const end = (result: Awaited<ReturnType<HostShell['run']>>): void => finish(invocation, result, this.clock.now());
    void this.shell
      .run(invocation.instanceId, command)
      .then(end, (cause: unknown) => end({ stdout: '', stderr: `failed to run commands: ${String(cause)}`, exitCode: 1, timedOut: false }));
  }
}

function checkInstanceIds(instanceIds: string[]): string[] {
  if (instanceIds.length < 1 || instanceIds.length > 50) {
    throw new AwsError('ValidationException', `InstanceIds: got ${instanceIds.length}, allowed 1 to 50`);
  }
  if (new Set(instanceIds).size < instanceIds.length) throw new AwsError('DuplicateInstanceId', 'an instance ID was given twice');
  return instanceIds;
}

function instanceFilter(filter: InstanceInformationStringFilter): (id: string) => boolean {
  if (filter.Key !== 'InstanceIds') throw new AwsError('InvalidFilterKey', `filter key: got ${filter.Key}, the lab knows InstanceIds`);
  const values = new Set(filter.Values);
  return (id) => values.has(id);
}
