/** A person's yes or no to a proposal, with the person's own credentials. */
import { InvalidAutomationSignalException, SendAutomationSignalCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Stop } from '../../core/model';
import { utc } from '../../core/report/text';
import { CommandError, EXIT } from '../exit';
import { isOpen, stateText } from './show';

export interface Answer {
  readonly type: 'Approve' | 'Reject';
  /** What was read in the dry run. A denial may leave it out. */
  readonly digest?: string;
  readonly reason?: string;
}

/**
 * Whether the answer is one to this proposal.
 * @throws CommandError: another digest is told with both, for whoever approves must have read this
 * dry run and no other.
 */
export function checkAnswer(stop: Stop, { type, digest }: Answer, now: number): string {
  if (digest !== undefined && digest !== stop.plan.digest)
    throw new CommandError(
      `the digest is not the proposal's, and nothing was sent\n  given     ${digest}\n  proposal  ${stop.plan.digest}`,
      EXIT.usage,
    );
  if (stop.state === 'proposed' && stop.cancelling === undefined && now >= stop.expiresAt)
    throw new CommandError(`the proposal expired at ${utc(stop.expiresAt)}, and nothing was sent; a new one may follow`, EXIT.findings);
  if (!isOpen(stop, now)) throw new CommandError(`nothing was sent: the stop is ${stateText(stop, now)}`, EXIT.findings);
  if (stop.executionId === undefined)
    throw new CommandError(
      `the execution is not started yet, and nothing was sent; ${type === 'Approve' ? 'approve' : 'deny'} again in a moment`,
      EXIT.findings,
    );
  return stop.executionId;
}

/** @throws CommandError for whoever is not one of the approvers, or may not send signals at all. */
export async function sendAnswer(
  client: Pick<SSMClient, 'send'>,
  executionId: string,
  { type, reason }: Answer,
  who: () => Promise<string>,
): Promise<void> {
  const Payload = reason === undefined ? {} : { Payload: { Comment: [reason.slice(0, 500)] } };
  try {
    await client.send(new SendAutomationSignalCommand({ AutomationExecutionId: executionId, SignalType: type, ...Payload }));
  } catch (error) {
    throw await refusal(error, who);
  }
}

/**
 * What AWS answers whom the step does not name is not documented; this code stands for a signal
 * that is not valid now as well (API reference, SendAutomationSignal) (I): its own words are told.
 */
async function refusal(error: unknown, who: () => Promise<string>): Promise<unknown> {
  if (!(error instanceof Error)) return error;
  const identity = await identityText(who);
  if (error instanceof InvalidAutomationSignalException)
    return new CommandError(
      `nothing was approved or denied: ${error.message}\n  you are ${identity}; the approvers are "stop.approvers" of the configuration. Someone else may have answered already.`,
      EXIT.lacking,
      { cause: error },
    );
  if (error.name !== 'AccessDeniedException') return error;
  return new CommandError(
    `nothing was approved or denied: ${error.message}\n  you are ${identity}, and need ssm:SendAutomationSignal in a policy of your own`,
    EXIT.lacking,
    { cause: error },
  );
}

async function identityText(who: () => Promise<string>): Promise<string> {
  try {
    return await who();
  } catch (error) {
    return `somebody (identity not known: ${(error instanceof Error ? error.message : String(error)).slice(0, 100)})`;
  }
}
