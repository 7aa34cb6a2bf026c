/**
 * The inspection document on the sick host and its peers at once, over SSM Run Command, with a
 * bounded wait. A host that does not answer is evidence and not an error: it comes back as
 * `notInspectable` with the reason. Everything is redacted a second time before it leaves here.
 */
import {
  GetCommandInvocationCommand,
  InvocationDoesNotExist,
  SendCommandCommand,
  type GetCommandInvocationResult,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { redactInspection, redactText } from '../../core/diagnose/redact';
import type { HostCapture } from '../../core/model';
import { describeInstances, type ManagedInstance } from './managed-instances';
import { errorFields, log } from './log';
import type { Clock, Hosts, Log, TaskHosts, TaskLook } from '../ports';
import { MIN_AGENT_FOR_PARAMETERS } from '../inspect/document';
import { labelled, newSeal } from '../inspect/hidden-values';

/** SendCommand: "Minimum value of 30" seconds for the delivery to an agent. */
const DELIVERY_TIMEOUT_S = 30;
const POLL_MS = 500;
/** SendCommand takes at most 50 instance ids. */
const MOST_HOSTS = 50;

const RUNNING = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

/** Names of the two documents. */
export interface Documents {
  /** Takes parameters, as environment variables. */
  readonly full: string;
  /**
   * Takes none and looks at less: for agents that would write a parameter into the script's text.
   */
  readonly basic: string;
}

/** What Run Command is asked to run: a document, its version and its parameters. */
export interface Order {
  readonly document: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, string[]>>;
}

/** One order for agents that hand parameters over as environment, and one for older agents. */
export interface Orders {
  readonly recent: Order;
  readonly dated: Order;
}

export interface Inspector {
  readonly client: SSMClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Is told of each host as its inspection ends, before anything is labelled. */
  readonly tell?: (capture: HostCapture) => void;
}

export function managedHosts(client: SSMClient, documents: Documents, clock: Clock): Hosts {
  return {
    inspect: (ids, parameters, waitMs) =>
      inspectManaged(
        { client, clock, log },
        ids.slice(0, MOST_HOSTS),
        (digestKey) => byDocuments(documents, parameters, digestKey),
        waitMs,
      ),
  };
}

export function managedTaskHosts(client: SSMClient, documents: Documents, clock: Clock): TaskHosts {
  return { inspect: (looks, waitMs) => inspectTasks({ client, clock, log }, looks.slice(0, MOST_HOSTS), documents, waitMs) };
}

/**
 * One command for each task, since their parameters differ: an agent runs five at once by default
 * (amazon-ssm-agent.json, CommandWorkersLimit). Sealed and labelled together, so that values of one
 * task compare with those of another.
 */
async function inspectTasks(
  inspector: Inspector,
  looks: readonly TaskLook[],
  documents: Documents,
  waitMs: number,
): Promise<HostCapture[]> {
  const managed = await describeInstances(inspector.client, [...new Set(looks.map(({ instanceId }) => instanceId))]);
  const seal = await newSeal();
  const captures = looks.map(async ({ instanceId: id, parameters }): Promise<HostCapture> => {
    const why = whyNot(managed.get(id)) ?? whyNoTask(managed.get(id));
    const order = byDocuments(documents, parameters, seal.publicKey).recent;
    const [seen] = why === undefined ? await inspectWith(inspector, order, [id], waitMs) : [];
    return seen ?? notInspectable(inspector, id, why ?? 'no answer');
  });
  return labelled(await Promise.all(captures), seal).map(redacted);
}

/** Without a parameter nobody says which of the tasks of a host is meant. */
function whyNoTask(instance: ManagedInstance | undefined): string | undefined {
  if (takesParameters(instance?.agentVersion)) return undefined;
  return `its SSM agent is too old to be told which task to look into; ${MIN_AGENT_FOR_PARAMETERS} can`;
}

function byDocuments({ full, basic }: Documents, parameters: Order['parameters'], digestKey: string): Orders {
  const sealing = 'digestKey' in parameters ? { ...parameters, digestKey: [digestKey] } : parameters;
  return { recent: { document: full, version: '1', parameters: sealing }, dated: { document: basic, version: '1', parameters: {} } };
}

/**
 * Captures of all ids (at most 50), each redacted here again. `ordersFor` gets the public key that
 * seals digests.
 * @throws what the SDK throws where managed instances cannot be listed
 */
export async function inspectManaged(
  inspector: Inspector,
  ids: readonly string[],
  ordersFor: (digestKey: string) => Orders,
  waitMs: number,
): Promise<HostCapture[]> {
  const managed = await describeInstances(inspector.client, ids);
  const reachable = ids.filter((id) => whyNot(managed.get(id)) === undefined);
  const modern = reachable.filter((id) => takesParameters(managed.get(id)?.agentVersion));
  const dated = reachable.filter((id) => !modern.includes(id));
  const seal = await newSeal();
  const orders = ordersFor(seal.publicKey);
  const captures = await Promise.all([
    inspectWith(inspector, orders.recent, modern, waitMs),
    inspectWith(inspector, orders.dated, dated, waitMs),
  ]);
  const silent = ids.filter((id) => !reachable.includes(id)).map((id) => notInspectable(inspector, id, whyNot(managed.get(id)) ?? ''));
  return [...labelled(captures.flat(), seal).map(redacted), ...silent];
}

function redacted(capture: HostCapture): HostCapture {
  return 'stdout' in capture ? { ...capture, stdout: redactInspection(capture.stdout) } : capture;
}

/**
 * Whether the agent is recent enough to hand parameters over as environment. An unknown version is
 * taken for an old one.
 */
function takesParameters(agentVersion: string | undefined): boolean {
  if (agentVersion === undefined || !/^\d+(\.\d+)*$/.test(agentVersion)) return false;
  return agentVersion.localeCompare(MIN_AGENT_FOR_PARAMETERS, 'en', { numeric: true }) >= 0;
}

/**
 * What one order prints on each of these hosts, not yet redacted: only for an order that prints
 * nothing but its own numbers.
 */
export async function inspectWith(inspector: Inspector, order: Order, ids: readonly string[], waitMs: number): Promise<HostCapture[]> {
  if (ids.length === 0) return [];
  const sent = await send(inspector, order, ids);
  if ('commandId' in sent) return Promise.all(ids.map((id) => collect(inspector, sent.commandId, id, waitMs)));
  if (!sent.oneForAll || ids.length === 1) return ids.map((id) => notInspectable(inspector, id, sent.refused));
  const alone = await Promise.all(ids.map((id) => inspectWith(inspector, order, [id], waitMs)));
  return alone.flat();
}

/**
 * Why a host cannot be inspected; undefined when it can. One offline host would otherwise fail the
 * command for all.
 */
function whyNot(instance: ManagedInstance | undefined): string | undefined {
  if (instance === undefined) return 'not known to Systems Manager';
  if (!instance.online) return 'its SSM agent is offline';
  return instance.platform === undefined || instance.platform === 'Linux'
    ? undefined
    : `platform ${instance.platform}; only Linux is inspected`;
}

/** `oneForAll`: the refusal may be about one of the hosts, and says nothing about the others. */
type Sent = { readonly commandId: string } | { readonly refused: string; readonly oneForAll: boolean };

/**
 * Errors of one host that refuse the command for all: the policy's tag condition is evaluated for
 * each instance that the call names (IAM user guide, "Policy evaluation logic"; Systems Manager
 * user guide, "Restricting Run Command access based on tags"), and an instance that is not managed
 * any more is `InvalidInstanceId` (SendCommand, API reference).
 */
const OF_ONE_HOST: Readonly<Record<string, string>> = {
  AccessDeniedException: 'not allowed; does the instance carry the inspection tag?',
  InvalidInstanceId: 'not a managed instance any more',
};

async function send(inspector: Inspector, { document, version, parameters }: Order, ids: readonly string[]): Promise<Sent> {
  const command = { DocumentName: document, DocumentVersion: version, Parameters: { ...parameters }, TimeoutSeconds: DELIVERY_TIMEOUT_S };
  try {
    const answer = await inspector.client.send(new SendCommandCommand({ ...command, InstanceIds: [...ids] }));
    const commandId = answer.Command?.CommandId;
    return commandId === undefined ? { refused: 'the inspection was sent and got no id', oneForAll: false } : { commandId };
  } catch (error) {
    // Without findings the alert still goes out, and says so: capacity stays unknown and nothing is
    // ejected.
    inspector.log('inspection-not-sent', errorFields(error));
    const name = error instanceof Error ? error.name : String(error);
    const hint = OF_ONE_HOST[name];
    return { refused: `the inspection could not be sent: ${name}${hint === undefined ? '' : ` (${hint})`}`, oneForAll: hint !== undefined };
  }
}

async function collect(inspector: Inspector, commandId: string, id: string, waitMs: number): Promise<HostCapture> {
  const deadlineAt = inspector.clock.now() + waitMs;
  while (inspector.clock.now() < deadlineAt) {
    await inspector.clock.sleep(POLL_MS);
    const answer = await invocation(inspector, commandId, id);
    if (answer !== undefined && !RUNNING.has(answer.Status ?? 'Pending')) return capture(inspector, id, answer);
  }
  return notInspectable(inspector, id, `no answer within ${waitMs / 1000} s`);
}

async function invocation(inspector: Inspector, commandId: string, id: string): Promise<GetCommandInvocationResult | undefined> {
  try {
    return await inspector.client.send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: id }));
  } catch (error) {
    // Right after SendCommand the invocation is not there yet.
    if (error instanceof InvocationDoesNotExist) return undefined;
    throw error;
  }
}

/**
 * What a script printed before it failed or was stopped is used; nothing at all is not inspectable.
 */
function capture(inspector: Inspector, id: string, answer: GetCommandInvocationResult): HostCapture {
  const stdout = answer.StandardOutputContent ?? '';
  if (stdout.trim() === '') return notInspectable(inspector, id, `the inspection ended as ${answer.Status} with no output${said(answer)}`);
  const seen: HostCapture = { host: id, stdout, capturedAt: inspector.clock.now() };
  inspector.tell?.(seen);
  return seen;
}

/** As much of standard error as is looked at, and as much of it as is told. */
const STDERR_READ = 2_000;
const STDERR_TOLD = 200;

/**
 * The first line of standard error as one line of printable ASCII: a host's error text is as
 * hostile as its output.
 */
function said(answer: GetCommandInvocationResult): string {
  const [first = ''] = (answer.StandardErrorContent ?? '')
    .slice(0, STDERR_READ)
    .trim()
    .split(/[\r\n]/);
  const text = redactText(first).slice(0, STDERR_TOLD);
  return text === '' ? '' : `: ${text}`;
}

function notInspectable(inspector: Inspector, host: string, why: string): HostCapture {
  const unseen: HostCapture = { host, notInspectable: why, capturedAt: inspector.clock.now() };
  inspector.tell?.(unseen);
  return unseen;
}
