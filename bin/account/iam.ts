/** What a simulation says of a role's or user's permissions. Nothing is called by it. */
import { QueryRefused, signedQuery, type Signing } from './signed-query';

export type EvalDecision = 'allowed' | 'implicitDeny' | 'explicitDeny';

/** One action on one resource, `*` where none was named. */
export interface Evaluation {
  readonly action: string;
  readonly resource: string;
  readonly decision: EvalDecision;
}

export interface Iam {
  /**
   * What the policies of a role or user allow: identity policies, groups and the permissions
   * boundary. Policies of resources and of a session are not in it, and service control policies
   * only as far as IAM shows them (SimulatePrincipalPolicy, API reference).
   * @throws QueryRefused `AccessDenied` where the caller may not simulate.
   */
  simulate(principalArn: string, actions: readonly string[], resources?: readonly string[]): Promise<Evaluation[]>;
  /** A role's ARN with its path, which the ARN of a session does not show. */
  roleArn(name: string): Promise<string>;
  /**
   * What the account is called; undefined where it has no alias. There is one at most
   * (ListAccountAliases, API reference).
   */
  accountAlias(): Promise<string | undefined>;
}

/** Lower case letters, digits and hyphens, 3 to 63 (CreateAccountAlias, API reference). */
const ALIAS = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

const VERSION = ['Version', '2010-05-08'] as const;

/**
 * IAM has one endpoint in a partition (General reference, "AWS Identity and Access Management
 * endpoints and quotas").
 */
function placeOf(region: string, endpoint: string | undefined): { readonly region: string; readonly url: URL } {
  const [host, signed] = region.startsWith('cn-')
    ? ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1']
    : region.startsWith('us-gov-')
      ? ['iam.us-gov.amazonaws.com', 'us-gov-west-1']
      : ['iam.amazonaws.com', 'us-east-1'];
  return { region: signed, url: new URL(endpoint ?? `https://${host}`) };
}

export function iam(
  signing: Signing,
  region: string,
  endpoint = process.env['AWS_ENDPOINT_URL_IAM'] ?? process.env['AWS_ENDPOINT_URL'],
): Iam {
  const query: Query = (parameters) =>
    signedQuery({ signing, service: 'iam', ...placeOf(region, endpoint), parameters: [...parameters, VERSION] });
  return {
    simulate: (principalArn, actions, resources = []) => simulated(query, principalArn, actions, resources),
    roleArn: (name) => roleArn(query, name),
    accountAlias: () => accountAlias(query),
  };
}

type Parameters = readonly (readonly [string, string])[];
type Query = (parameters: Parameters) => Promise<string>;

function simulation(principalArn: string, actions: readonly string[], resources: readonly string[]): Parameters {
  return [
    ['Action', 'SimulatePrincipalPolicy'],
    ['PolicySourceArn', principalArn],
    ...actions.map((action, index) => [`ActionNames.member.${index + 1}`, action] as const),
    ...resources.map((resource, index) => [`ResourceArns.member.${index + 1}`, resource] as const),
  ];
}

async function simulated(
  query: Query,
  principalArn: string,
  actions: readonly string[],
  resources: readonly string[],
): Promise<Evaluation[]> {
  const base = simulation(principalArn, actions, resources);
  const found: Evaluation[] = [];
  let marker: string | undefined;
  do {
    const text = await query(marker === undefined ? base : [...base, ['Marker', marker]]);
    found.push(...evaluations(text));
    marker = valueOf(text, 'IsTruncated') === 'true' ? valueOf(text, 'Marker') : undefined;
  } while (marker !== undefined);
  return found;
}

async function roleArn(query: Query, name: string): Promise<string> {
  const text = await query([
    ['Action', 'GetRole'],
    ['RoleName', name],
  ]);
  const arn = valueOf(text, 'Arn');
  if (arn === undefined) throw new Error(`GetRole ${name}: an answer without an ARN`);
  return arn;
}

async function accountAlias(query: Query): Promise<string | undefined> {
  const text = await query([['Action', 'ListAccountAliases']]);
  // A page of something else, as a proxy's, is not an account without an alias.
  if (!text.includes('<AccountAliases')) throw new Error('ListAccountAliases: an answer without AccountAliases');
  const alias = valueOf(text, 'member');
  if (alias !== undefined && !ALIAS.test(alias))
    throw new Error(`ListAccountAliases: got ${JSON.stringify(alias.slice(0, 80))}, which is no alias`);
  return alias;
}

const DECISIONS: readonly string[] = ['allowed', 'implicitDeny', 'explicitDeny'] satisfies EvalDecision[];

/**
 * One evaluation for each `EvalActionName`, whose member holds no other one. What stands deeper, as
 * the results for single resources, has elements of other names (EvaluationResult, API reference:
 * `EvalResourceDecision`).
 */
function evaluations(text: string): Evaluation[] {
  const members = text.split('<member>').reduce<string[]>((all, part) => {
    // A nested list's member belongs to the evaluation that it stands in.
    if (part.includes('<EvalActionName>') || all.length === 0) return [...all, part];
    return [...all.slice(0, -1), `${all.at(-1) ?? ''}${part}`];
  }, []);
  return members.flatMap((member) => {
    const action = valueOf(member, 'EvalActionName');
    if (action === undefined) return [];
    const decision = valueOf(member, 'EvalDecision') ?? 'none';
    if (!DECISIONS.includes(decision))
      throw new Error(`a simulation of ${action}: got decision ${decision}; allowed: ${DECISIONS.join(', ')}`);
    return [{ action, resource: valueOf(member, 'EvalResourceName') ?? '*', decision: decision as EvalDecision }];
  });
}

function valueOf(text: string, element: string): string | undefined {
  return new RegExp(`<${element}>([^<]*)</${element}>`).exec(text)?.[1];
}

/**
 * Whom a simulation is about: the role of a session, which is what STS tells of it
 * (GetCallerIdentity). Undefined for the root user, which no policy limits.
 */
export async function principalOf(callerArn: string, { roleArn }: Pick<Iam, 'roleArn'>): Promise<string | undefined> {
  if (/:iam::\d+:root$/.test(callerArn)) return undefined;
  const [, partition, account, name] = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(callerArn) ?? [];
  if (partition === undefined || account === undefined || name === undefined) return callerArn;
  try {
    return await roleArn(name);
  } catch (error) {
    // Without iam:GetRole only a role without a path can be named.
    if (error instanceof QueryRefused) return `arn:${partition}:iam::${account}:role/${name}`;
    throw error;
  }
}
