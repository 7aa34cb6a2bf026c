/**
 * The inspection document on the sick host and its peers at once, over SSM Run Command, with a bounded wait. A host that does not answer
 * is evidence and not an error: it comes back as `notInspectable` with the reason. Everything is redacted a second time before it leaves here.
 */
import {
  GetCommandInvocationCommand,
  InvocationDoesNotExist,
  SendCommandCommand,
  type GetCommandInvocationResult,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { redact } from '../../core/diagnose/redact';
import type { HostCapture } from '../../core/model';
import { describeInstances } from '../discover/hosts';
import { errorFields, log } from '../aws/log';
import type { Clock, Hosts, ManagedInstance } from '../ports';

/** SendCommand: "Minimum value of 30" seconds for the delivery to an agent. */
const DELIVERY_TIMEOUT_S = 30;
const POLL_MS = 500;
/** SendCommand takes at most 50 instance ids. */
const MOST_HOSTS = 50;

const RUNNING = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

export function managedHosts(client: SSMClient, document: string, clock: Clock): Hosts {
  return {
    describe: (ids) => describeInstances(client, ids),
    inspect: (ids, parameters, waitMs) => inspect({ client, document, clock }, ids.slice(0, MOST_HOSTS), parameters, waitMs),
  };
}

interface Inspector {
  readonly client: SSMClient;
  readonly document: string;
  readonly clock: Clock;
}

async function inspect(
  inspector: Inspector,
  ids: readonly string[],
  parameters: Readonly<Record<string, string[]>>,
  waitMs: number,
): Promise<HostCapture[]> {
  const managed = await describeInstances(inspector.client, ids);
  const unreachable = new Map(
    ids.flatMap((id): [string, string][] => (whyNot(managed.get(id)) === undefined ? [] : [[id, whyNot(managed.get(id)) ?? '']])),
  );
  const reachable = ids.filter((id) => !unreachable.has(id));
  const commandId = await send(inspector, reachable, parameters, unreachable);
  const captures = commandId === undefined ? [] : await Promise.all(reachable.map((id) => collect(inspector, commandId, id, waitMs)));
  const silent = ids.flatMap((id): HostCapture[] =>
    unreachable.has(id) ? [notInspectable(inspector, id, unreachable.get(id) ?? '')] : [],
  );
  return [...captures, ...silent];
}

/** Why a host cannot be inspected; undefined when it can. One offline host would otherwise fail the command for all. */
function whyNot(instance: ManagedInstance | undefined): string | undefined {
  if (instance === undefined) return 'not known to Systems Manager';
  if (!instance.online) return 'its SSM agent is offline';
  return instance.platform === undefined || instance.platform === 'Linux'
    ? undefined
    : `platform ${instance.platform}; only Linux is inspected`;
}

async function send(
  inspector: Inspector,
  ids: readonly string[],
  parameters: Readonly<Record<string, string[]>>,
  unreachable: Map<string, string>,
): Promise<string | undefined> {
  if (ids.length === 0) return undefined;
  try {
    const answer = await inspector.client.send(
      new SendCommandCommand({
        DocumentName: inspector.document,
        DocumentVersion: '1',
        InstanceIds: [...ids],
        Parameters: { ...parameters },
        TimeoutSeconds: DELIVERY_TIMEOUT_S,
      }),
    );
    return answer.Command?.CommandId;
  } catch (error) {
    // Without findings the alert still goes out, and says so: capacity stays unknown and nothing is ejected.
    log('inspection-not-sent', errorFields(error));
    for (const id of ids) unreachable.set(id, `the inspection could not be sent: ${error instanceof Error ? error.name : String(error)}`);
    return undefined;
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

/** What a script printed before it failed or was stopped is used; nothing at all is not inspectable. */
function capture(inspector: Inspector, id: string, answer: GetCommandInvocationResult): HostCapture {
  const stdout = answer.StandardOutputContent ?? '';
  if (stdout.trim() === '') return notInspectable(inspector, id, `the inspection ended as ${answer.Status} with no output${said(answer)}`);
  return { host: id, stdout: redact(stdout), capturedAt: inspector.clock.now() };
}

function said(answer: GetCommandInvocationResult): string {
  const first = (answer.StandardErrorContent ?? '').trim().split('\n')[0] ?? '';
  return first === '' ? '' : `: ${redact(first).slice(0, 200)}`;
}

function notInspectable(inspector: Inspector, host: string, why: string): HostCapture {
  return { host, notInspectable: why, capturedAt: inspector.clock.now() };
}
