import { Token } from 'aws-cdk-lib';
import { ConfigError, accountOf, parseConfig, type Config, type ConfigMistake } from '../core/config';
import { pathText } from '../core/config/mistakes';
import type { DeployTimeValue } from '../lambda/deploy-time';

/** A name or ARN of a construct: CDK's word, whether it is known at synth or only when deployed. */
export class OfConstruct {
  constructor(readonly value: string) {}
}

/** Where a value stands in the configuration. */
type Path = readonly (string | number)[];

/** A value that cannot be checked at synth, and where it stands. */
interface Later {
  readonly path: Path;
  readonly value: string;
  readonly isRead: boolean;
}

/** The configuration as the construct uses it, and as the handlers get it. */
export interface Checked {
  /** With every default filled in; values that are known only when deployed are tokens. */
  readonly config: Config;
  readonly handed: HandedConfig;
}

export interface HandedConfig {
  /** What config.json holds. */
  readonly written: unknown;
  /** Tokens, in the order in which `written` names them; empty where everything is known. */
  readonly values: readonly string[];
}

interface Kind {
  readonly at: RegExp;
  /** Well formed, and different for each `n`. `place` is Region and account of the named groups. */
  readonly standIn: (n: number, place: string) => string;
  /** Whether a handler reads it. */
  readonly isRead?: true;
}

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

/**
 * What may be known only when deployed. All else is used at synth: in conditions of IAM, in names
 * and limits. Of the subnets a handler reads how many there are, and of the others nothing.
 */
const KINDS: readonly Kind[] = [
  {
    at: /^targetGroups\[\d+\]\.arn$/,
    standIn: (n, place) => `arn:aws:elasticloadbalancing:${place}:targetgroup/known-when-deployed/${hex(n, 16)}`,
    isRead: true,
  },
  { at: /^network\.subnetIds\[\d+\]$/, standIn: (n) => `subnet-${hex(n, 17)}` },
  { at: /^network\.(securityGroupIds\[\d+\]|admittedBy\[\d+\]\.securityGroupId)$/, standIn: (n) => `sg-${hex(n, 17)}` },
  { at: /^alarmNames\[\d+\]$/, standIn: (n) => `known-when-deployed-${n}` },
  { at: /^latencyAlarms\[\d+\]\.loadBalancer$/, standIn: (n) => `app/known-when-deployed/${hex(n, 16)}` },
  { at: /^operators\[\d+\]$/, standIn: (n) => `arn:aws:iam::000000000000:role/known-when-deployed-${n}` },
];

/**
 * The values go to the functions in their environment, which holds 4 KB (Lambda quotas,
 * "Environment variables"). The responder's other variables have under 1.6 KB, and an ARN of a
 * target group up to 124 characters.
 */
const VALUES_AT_MOST = 19;

/**
 * Checks what can be checked at synth. In place of a value that is known only when deployed a
 * well-formed stand-in is checked; the handlers check the value itself when they start, and refuse
 * to run.
 * @throws ConfigError with one line a mistake.
 */
export function checkedConfig(input: unknown): Checked {
  const later: Later[] = [];
  const mistakes: ConfigMistake[] = [];
  const place = accountOf(literalArn(input)) ?? 'us-east-1:000000000000';
  const visit = (value: unknown, path: Path): unknown => {
    if (value instanceof OfConstruct || (typeof value === 'string' && Token.isUnresolved(value))) {
      const kind = KINDS.find(({ at }) => at.test(pathText(path)));
      if (kind !== undefined) {
        later.push({ path, value: typeof value === 'string' ? value : value.value, isRead: kind.isRead === true });
        return kind.standIn(later.length, place);
      }
    }
    if (Token.isUnresolved(value)) {
      mistakes.push({ path: pathText(path), got: 'a value that is known only when it is deployed', allowed: 'one that is known at synth' });
      return undefined;
    }
    if (Array.isArray(value)) return value.map((item, index) => visit(item, [...path, index]));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, [...path, key])]));
  };
  const standing = visit(input, []);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const parsed = parseConfig(standing);
  return { config: later.reduce((config, { path, value }) => withValue(config, path, value), parsed), handed: handedOver(parsed, later) };
}

/**
 * Beside a handler stands, in place of each value that it reads and that is known only when
 * deployed, where that is in the environment; in place of one that no handler reads the stand-in.
 */
function handedOver(parsed: Config, later: readonly Later[]): HandedConfig {
  const read = later.filter(({ isRead, value }) => isRead || !Token.isUnresolved(value));
  const values = read.map(({ value }) => value).filter((value) => Token.isUnresolved(value));
  if (values.length > VALUES_AT_MOST) throw new ConfigError([tooMany(values.length)]);
  const written = read.reduce<unknown>((config, { path, value }) => {
    const place: DeployTimeValue | string = Token.isUnresolved(value) ? { deployTime: values.indexOf(value) } : value;
    return withValue(config, path, place);
  }, parsed);
  return { written, values };
}

function tooMany(count: number): ConfigMistake {
  const got = `${count} target groups whose ARNs are known only when they are deployed`;
  return { path: 'targetGroups', got, allowed: `${VALUES_AT_MOST} of those; select more by a tag` };
}

/** A copy with `value` at `path`. */
function withValue<Whole>(whole: Whole, [key, ...rest]: Path, value: unknown): Whole {
  if (key === undefined) return value as Whole;
  const copy = (Array.isArray(whole) ? [...(whole as unknown[])] : { ...whole }) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy as Whole;
}

/** The first ARN of a target group that is known at synth, in what may not be a configuration. */
function literalArn(input: unknown): string | undefined {
  const { targetGroups } = (input ?? {}) as { readonly targetGroups?: unknown };
  const arns = Array.isArray(targetGroups) ? targetGroups.map((group: { readonly arn?: unknown } | null) => group?.arn) : [];
  return arns.find((arn) => typeof arn === 'string' && !Token.isUnresolved(arn)) as string | undefined;
}

/**
 * A value as a part of a construct's id: its place in its list where it is known only when
 * deployed.
 */
export function partOfId(value: string, index: number): string {
  return Token.isUnresolved(value) ? String(index) : value;
}
