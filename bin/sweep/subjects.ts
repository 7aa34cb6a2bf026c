/** Which target groups a sweep is about, and how they are probed. */
import { paginateDescribeTargetGroups, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ConfigError, parseConfig, type Config } from '../../core/config';
import { DEFAULT_CONFIG_FILE, readConfigFile } from '../config-file';
import { CommandError, EXIT } from '../exit';

/** What is asked of each target. Undefined: what the target group itself says. */
export interface ProbeOptions {
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly matcher?: string;
  readonly samples?: number;
  readonly timeoutMs?: number;
}

export interface SubjectOptions extends ProbeOptions {
  /** Names or ARNs. */
  readonly targetGroup?: readonly string[];
  readonly config?: string;
}

/**
 * The configuration that the sweep runs with: of the file, or of the groups that were named.
 * @throws CommandError for a group that is not there, and for a value that may not be
 */
export async function subjects(client: ElasticLoadBalancingV2Client, options: SubjectOptions, hasDefault: boolean): Promise<Config> {
  const { targetGroup: names, config: file } = options;
  if (names === undefined) {
    const chosen = file ?? (hasDefault ? DEFAULT_CONFIG_FILE : undefined);
    if (chosen === undefined)
      throw new CommandError(
        `no target group was named; allowed: --target-group NAME|ARN, --config FILE, or a ${DEFAULT_CONFIG_FILE} in this folder`,
        EXIT.usage,
      );
    return withProbe(readConfigFile(chosen), options);
  }
  const arns = await arnsOf(client, names);
  const known = file === undefined ? [] : readConfigFile(file).targetGroups;
  return withProbe(unwatched(arns.map((arn) => known.find((group) => group.arn === arn) ?? { arn })), options);
}

/**
 * Nothing is deployed: the network is nobody's, and no step of a sweep from here reads it but for
 * whether IPv6 may be tried.
 */
function unwatched(targetGroups: readonly object[]): Config {
  return parseConfig({
    mode: 'observe',
    targetGroups,
    network: { subnetIds: ['subnet-00000000'], securityGroupIds: ['sg-00000000'], ipv6: true },
  });
}

function withProbe(config: Config, { path, host, port, matcher, samples, timeoutMs }: ProbeOptions): Config {
  const given = Object.fromEntries(
    Object.entries({ path, host, port, matcher, samples, timeoutMs }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(given).length === 0) return config;
  if (path === undefined && config.targetGroups.some(({ probe }) => probe === undefined))
    throw new CommandError(`--${flagOf(Object.keys(given)[0] ?? '')}: a page has to be named with it; give --path /PAGE`, EXIT.usage);
  try {
    return parseConfig({
      ...config,
      targetGroups: config.targetGroups.map((group) => ({ ...group, probe: { ...group.probe, ...given } })),
    });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [mistake] = error.mistakes;
    const key = /\.probe\.(\w+)$/.exec(mistake?.path ?? '')?.[1];
    if (mistake === undefined || key === undefined) throw error;
    throw new CommandError(`--${flagOf(key)}: got ${mistake.got}; allowed: ${mistake.allowed}`, EXIT.usage, { cause: error });
  }
}

function flagOf(key: string): string {
  return key === 'timeoutMs' ? 'timeout-ms' : key;
}

/** Groups told in the message about one that is not there. */
const TOLD = 20;

async function arnsOf(client: ElasticLoadBalancingV2Client, names: readonly string[]): Promise<string[]> {
  const there: { readonly arn: string; readonly name: string }[] = [];
  for await (const page of paginateDescribeTargetGroups({ client, pageSize: 400 }, {}))
    for (const { TargetGroupArn: arn, TargetGroupName: name } of page.TargetGroups ?? [])
      if (arn !== undefined && name !== undefined) there.push({ arn, name });
  const listed = there.map(({ name }) => name).sort();
  const more = listed.length > TOLD ? ` and ${listed.length - TOLD} more` : '';
  const arns = names.map((wanted) => {
    const found = there.find(({ arn, name }) => arn === wanted || name === wanted);
    if (found !== undefined) return found.arn;
    throw new CommandError(
      `--target-group: got ${JSON.stringify(wanted)}; allowed, in this account and Region: ${listed.slice(0, TOLD).join(', ') || 'there is none'}${more}`,
      EXIT.usage,
    );
  });
  return [...new Set(arns)];
}
