import type { Account } from './account';
import { AwsError } from './aws-error';

export interface Evaluation {
  readonly EvalActionName: string;
  readonly EvalResourceName: string;
  readonly EvalDecision: 'allowed' | 'implicitDeny' | 'explicitDeny';
}

/** Results on a page without MaxItems: soon, so that nobody reads the first page alone. */
const PAGE = 20;

/** IAM: roles, and what a simulation says of them. It enforces nothing: interceptors do. */
export class Iam {
  private readonly roles = new Map<string, string>();
  private alias: string | undefined;
  private readonly denied = new Map<string, Evaluation['EvalDecision']>();

  constructor(private readonly account: Account) {}

  /** A role, of which a session's ARN does not tell the path. Returns its ARN. */
  addRole(name: string, path = '/'): string {
    const made = `arn:aws:iam::${this.account.accountId}:role${path}${name}`;
    this.roles.set(name, made);
    return made;
  }

  /** From now on a simulation of this role denies the action. */
  deny(roleName: string, action: string, decision: Evaluation['EvalDecision'] = 'implicitDeny'): void {
    this.denied.set(`${roleName} ${action}`, decision);
  }

  /** An account has one alias at most: this one takes its place. */
  setAlias(alias: string): void {
    this.alias = alias;
  }

  listAccountAliases(): object {
    return { AccountAliases: this.alias === undefined ? [] : [this.alias], IsTruncated: false };
  }

  getRole({ RoleName = '' }: { readonly RoleName?: string }): object {
    return { Role: { RoleName, Arn: this.arnOf(RoleName) } };
  }

  /**
   * Each action on each resource. The source is a user, group or role: the ARN of a session is
   * refused (SimulatePrincipalPolicy, API reference; the code InvalidInput is an inference (I)).
   */
  simulatePrincipalPolicy(input: {
    readonly PolicySourceArn?: string;
    readonly ActionNames?: readonly string[];
    readonly ResourceArns?: readonly string[];
    readonly Marker?: string;
  }): object {
    const source = input.PolicySourceArn ?? '';
    if (!source.startsWith('arn:aws:iam:'))
      throw new AwsError('InvalidInput', `Invalid Entity Arn: ${source} does not clearly define entity type and name.`);
    const name = source.split('/').pop() ?? '';
    if (this.arnOf(name) !== source) throw noSuchRole(name);
    const all = (input.ActionNames ?? []).flatMap((action) =>
      (input.ResourceArns ?? ['*']).map((resource) => ({
        EvalActionName: action,
        EvalResourceName: resource,
        EvalDecision: this.denied.get(`${name} ${action}`) ?? 'allowed',
      })),
    );
    const start = Number(input.Marker ?? 0);
    const next = start + PAGE;
    const more = next < all.length;
    return { EvaluationResults: all.slice(start, next), IsTruncated: more, ...(more ? { Marker: String(next) } : {}) };
  }

  private arnOf(name: string): string {
    const known = this.roles.get(name);
    if (known === undefined) throw noSuchRole(name);
    return known;
  }
}

function noSuchRole(name: string): AwsError {
  return new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
}
