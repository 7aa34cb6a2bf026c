/**
 * Whether the profile that was asked for is there at all: the SDK says only that it gave nothing.
 */
import { loadSharedConfigFiles } from '@smithy/core/config';
import { CommandError, EXIT } from '../exit';

/**
 * @throws CommandError with the profile's name and those that there are, where `AWS_PROFILE` (which
 * `--profile` sets) names none of them.
 */
export async function requireProfile(env: Readonly<Record<string, string | undefined>> = process.env): Promise<void> {
  const name = env['AWS_PROFILE'];
  if (name === undefined || name === '') return;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  // Sections of other kinds have a name of their kind (`sso-session.NAME`).
  const names = [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])].filter((one) => !one.includes('.')).sort();
  if (names.includes(name)) return;
  throw new CommandError(
    `profile "${name}" is not in your AWS configuration; allowed: ${names.join(', ') || 'none, there are no profiles'}`,
    EXIT.lacking,
  );
}
