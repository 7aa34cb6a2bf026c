/** Which target groups a sweep is about, and how they are probed. */
import { paginateDescribeTargetGroups, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ConfigError, parseConfig, type Config } from '../../core/config';
import { placeOfForeign } from '../account/foreign-arn';
import { chosenConfig } from '../chosen-config';
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
  /** Its deployed configuration, in place of a file. */
  readonly stack?: string;
}

/** How the reader may say what to look at. */
const WAYS = '--target-group NAME|ARN or --config FILE';

/** What a sweep or an audit is about. */
export interface Subjects {
  readonly config: Config;
  /** What the configuration is called, where nobody named its file. */
  readonly from?: string;
}

/**
 * The groups that were named, with the probes of a configuration that was named beside them;
 * otherwise those of the configuration.
 * @throws CommandError for a group that is not there, and for a value that may not be
 */
export async function subjects(client: ElasticLoadBalancingV2Client, options: SubjectOptions): Promise<Subjects> {
  const { targetGroup: names, config: file, stack } = options;
  const chosen =
    names === undefined || file !== undefined || stack !== undefined ? await chosenConfig({ config: file, stack }, WAYS) : undefined;
  const from = chosen === undefined || file !== undefined ? {} : { from: chosen.from };
  if (names === undefined && chosen !== undefined) return { config: withProbe(chosen.config, options), ...from };
  const arns = await arnsOf(client, names ?? []);
  const known = chosen?.config.targetGroups ?? [];
  return { config: withProbe(unwatched(arns.map((arn) => known.find((group) => group.arn === arn) ?? { arn })), options), ...from };
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
    throw inOptions(error);
  }
}

/** A mistake of the configuration that an option made, told by the name of the option. */
function inOptions(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  const [mistake] = error.mistakes;
  const key = /\.probe\.(\w+)$/.exec(mistake?.path ?? '')?.[1];
  if (mistake === undefined || key === undefined) return error;
  return new CommandError(`--${flagOf(key)}: got ${mistake.got}; allowed: ${mistake.allowed}`, EXIT.usage, { cause: error });
}

function flagOf(key: string): string {
  return key === 'timeoutMs' ? 'timeout-ms' : key;
}

/** Groups told in the message about one that is not there. */
const TOLD = 20;

interface NamedGroup {
  readonly arn: string;
  readonly name: string;
}

async function namedGroups(client: ElasticLoadBalancingV2Client): Promise<NamedGroup[]> {
  const there: NamedGroup[] = [];
  for await (const page of paginateDescribeTargetGroups({ client, pageSize: 400 }, {}))
    for (const { TargetGroupArn: arn, TargetGroupName: name } of page.TargetGroups ?? [])
      if (arn !== undefined && name !== undefined) there.push({ arn, name });
  return there;
}

async function arnsOf(client: ElasticLoadBalancingV2Client, names: readonly string[]): Promise<string[]> {
  const there = await namedGroups(client);
  const listed = there.map(({ name }) => name).sort();
  const more = listed.length > TOLD ? ` and ${listed.length - TOLD} more` : '';
  const arns = names.map((wanted) => {
    const found = there.find(({ arn, name }) => arn === wanted || name === wanted);
    if (found !== undefined) return found.arn;
    const elsewhere = placeOfForeign(wanted, there[0]?.arn);
    throw new CommandError(
      `--target-group: got ${JSON.stringify(wanted)}; allowed, in this account and Region: ${listed.slice(0, TOLD).join(', ') || 'there is none'}${more}${elsewhere}`,
      EXIT.usage,
    );
  });
  return [...new Set(arns)];
}
