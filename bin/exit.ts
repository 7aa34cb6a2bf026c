/** How a command ends: docs/runbook.md has the table. */
import { placeText } from './aws-options';

export const EXIT = { fine: 0, findings: 1, usage: 2, lacking: 3, aws: 4 } as const;

/** Ends the command with a message and nothing else. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    message: string,
    readonly exitCode: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Errors of the SDK that say that this machine lacks credentials or a Region. */
const LACKING = /CredentialsProviderError|TokenProviderError|Region is missing|Region not accepted|no credentials/;

/** Whether the SDK could not even ask: credentials or a Region are missing. */
export function isLacking(error: unknown): boolean {
  return error instanceof Error && LACKING.test(`${error.name}: ${error.message}`);
}

/**
 * What is known about an error, as the way a command ends. An error that is neither ours nor AWS's
 * is returned as it is.
 */
export function ending(error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const text = `${error.name}: ${error.message}`;
  const place = placeText(undefined);
  if (isLacking(error)) return new CommandError(`${text} (${place})`, EXIT.lacking, { cause: error });
  const isAws = '$metadata' in error || 'code' in error || error.name === 'TimeoutError';
  return isAws ? new CommandError(`${text} (${place})`, EXIT.aws, { cause: error }) : error;
}
