/**
 * `--profile` and `--region`, as the AWS CLI takes them, and what is missing when AWS cannot be
 * asked.
 */
import type { Command } from 'commander';

export interface AwsOptions {
  readonly profile?: string;
  readonly region?: string;
}

type Environment = Record<string, string | undefined>;

export function withAwsOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'a profile of your AWS configuration; otherwise AWS_PROFILE, otherwise the default chain')
    .option('--region <name>', "the Region; otherwise AWS_REGION, AWS_DEFAULT_REGION, otherwise the profile's");
}

/** As AWS names them: `eu-central-1`, `us-gov-west-1`. */
const REGION = /^[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}$/;

/** Variables with credentials: a named profile goes before them, as in the AWS CLI. */
const CREDENTIAL_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/**
 * Sets the environment from which every SDK client of this process is configured. An option goes
 * before a variable, and a variable before the profile's setting (AWS CLI user guide, "Configuring
 * environment variables for the AWS CLI", precedence of options). The SDK for JavaScript does not
 * read AWS_DEFAULT_REGION, the AWS CLI does.
 */
export function applyAwsOptions({ profile, region }: AwsOptions, env: Environment = process.env): void {
  if (profile !== undefined) {
    env['AWS_PROFILE'] = profile;
    for (const variable of CREDENTIAL_VARIABLES) delete env[variable];
  }
  const chosen = region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (chosen !== undefined && chosen !== '' && !REGION.test(chosen))
    throw new Error(`${region === undefined ? 'AWS_REGION' : '--region'}: got "${chosen}"; allowed: a Region such as eu-central-1`);
  if (chosen !== undefined && chosen !== '') env['AWS_REGION'] = chosen;
  // About later versions of the SDK: eight lines before each answer, and nothing for an operator.
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}

/** Whose credentials are used: `profile dev`. */
export function profileText(env: Environment = process.env): string {
  if (env['AWS_PROFILE'] !== undefined) return `profile ${env['AWS_PROFILE']}`;
  return env['AWS_ACCESS_KEY_ID'] === undefined ? 'profile default' : 'credentials of the environment';
}

/**
 * What was asked, for a message: `us-east-1, profile dev`. @param region as the SDK has it, where
 * that is known; it may stand in the profile alone
 */
export function placeText(region: string | undefined, env: Environment = process.env): string {
  return `${region ?? env['AWS_REGION'] ?? "the profile's Region"}, ${profileText(env)}`;
}

/** The part of an SDK client that says how it is configured. */
export interface Configured {
  readonly config: { readonly region: () => Promise<string>; readonly credentials: () => Promise<unknown> };
}

/** One line for each thing without which AWS cannot be asked; empty when nothing is missing. */
export async function missingFor({ config }: Configured): Promise<string[]> {
  const [region, credentials] = await Promise.allSettled([config.region(), config.credentials()]);
  if (credentials.status === 'rejected') {
    // The SDK takes longer to load than the command line: not for a help text.
    const { noSuchProfile } = require('./account/profile-names') as typeof import('./account/profile-names');
    const why = await noSuchProfile(process.env['AWS_PROFILE']);
    if (why !== undefined) return [why];
  }
  return [
    ...(region.status === 'fulfilled' && region.value !== ''
      ? []
      : [`no Region: AWS_REGION and AWS_DEFAULT_REGION are not set, and ${profileText()} has none; use --region NAME`]),
    ...(credentials.status === 'fulfilled'
      ? []
      : [`no credentials: ${profileText()} gave none (${reason(credentials.reason)}); use --profile NAME, or log in`]),
  ];
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, 160);
}
