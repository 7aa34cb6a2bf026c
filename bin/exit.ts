/** How a command ends: docs/runbook.md has the table. */

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

/**
 * What is known about an error, as the way a command ends. An error that is neither ours nor AWS's
 * is returned as it is.
 */
export function ending(error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const text = `${error.name}: ${error.message}`;
  if (LACKING.test(text))
    return new CommandError(`${text}\nset AWS_REGION and AWS_PROFILE, or what else the AWS CLI takes`, EXIT.lacking, { cause: error });
  if ('$metadata' in error || 'code' in error || error.name === 'TimeoutError') return new CommandError(text, EXIT.aws, { cause: error });
  return error;
}
