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
 * Codes of AWS about credentials (common errors; error codes of IAM and of EC2, API references).
 */
const EXPIRED = /^(ExpiredToken|ExpiredTokenException)$/;
const NOT_ACCEPTED =
  /^(InvalidClientTokenId|UnrecognizedClientException|AuthFailure|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException)$/;

/** Codes of Node where nobody answered: a name that is not there, and a host that is not. */
const NO_SUCH_NAME = /^(ENOTFOUND|EAI_AGAIN)$/;
const NO_ANSWER = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_\w+)$/;

/**
 * What is known about an error, as the way a command ends. An error that is neither ours nor AWS's
 * nor a file's is returned as it is.
 */
export function ending(error: unknown): unknown {
  if (error instanceof CommandError || !(error instanceof Error)) return error;
  const known = told(error);
  return known === undefined ? error : new CommandError(known.text, known.exitCode, { cause: error });
}

function told(error: Error): { readonly text: string; readonly exitCode: number } | undefined {
  const text = `${error.name}: ${error.message}`;
  const place = placeText(undefined);
  if (isLacking(error)) return { text: `${text} (${place})`, exitCode: EXIT.lacking };
  if (EXPIRED.test(error.name)) return { text: `the credentials have expired (${place}): log in again`, exitCode: EXIT.lacking };
  if (NOT_ACCEPTED.test(error.name))
    return { text: `AWS does not accept the credentials (${place}): ${text}; use --profile NAME, or log in`, exitCode: EXIT.lacking };
  // fetch wraps what it failed with.
  const { code, path, message } = (
    error.message === 'fetch failed' && error.cause instanceof Error ? error.cause : error
  ) as NodeJS.ErrnoException;
  if (NO_SUCH_NAME.test(code ?? ''))
    return { text: `AWS cannot be reached (${place}): ${message}; check the Region and the network`, exitCode: EXIT.aws };
  if (NO_ANSWER.test(code ?? '')) return { text: `AWS cannot be reached (${place}): ${message}`, exitCode: EXIT.aws };
  if (error.name === 'TimeoutError') return { text: `AWS did not answer in time (${place}): ${message}`, exitCode: EXIT.aws };
  if (path !== undefined) return { text: message, exitCode: EXIT.usage };
  const isAws = '$metadata' in error || code !== undefined;
  return isAws ? { text: `${text} (${place})`, exitCode: EXIT.aws } : undefined;
}
