import { loadSharedConfigFiles } from '@smithy/core/config';

/** The profiles of the caller's AWS configuration, in order. */
export async function profileNames(): Promise<string[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  // Sections of other kinds have a name of their kind (`sso-session.NAME`).
  return [...new Set([...Object.keys(configFile), ...Object.keys(credentialsFile)])].filter((one) => !one.includes('.')).sort();
}

/**
 * That there is no such profile, and which there are; undefined where there is, or none was asked
 * for: the SDK says only that it gave nothing.
 */
export async function noSuchProfile(name: string | undefined): Promise<string | undefined> {
  if (name === undefined || name === '') return undefined;
  const names = await profileNames();
  if (names.includes(name)) return undefined;
  return `profile "${name}" is not in your AWS configuration; allowed: ${names.join(', ') || 'none, there are no profiles'}`;
}
