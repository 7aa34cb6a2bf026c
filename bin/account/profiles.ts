/** Whether the profile that was asked for is there at all. */
import { CommandError, EXIT } from '../exit';
import { noSuchProfile } from './profile-names';

/**
 * @throws CommandError with the profile's name and those that there are, where `AWS_PROFILE` (which
 * `--profile` sets) names none of them.
 */
export async function requireProfile(env: Readonly<Record<string, string | undefined>> = process.env): Promise<void> {
  const why = await noSuchProfile(env['AWS_PROFILE']);
  if (why !== undefined) throw new CommandError(why, EXIT.lacking);
}
