import type { AwsError } from '../world/aws-error';

/** One AWS call, as the log has it and as IAM would judge it. */
export interface AwsCall {
  /** Epoch milliseconds by the world's clock. */
  readonly at: number;
  readonly requestId: string;
  /** The role whose key signed the call; `unknown` for a key nobody registered. */
  readonly role: string;
  /** The IAM prefix: `elasticloadbalancing`, `ssm`. */
  readonly service: string;
  /** The IAM action: `elasticloadbalancing:DeregisterTargets`. */
  readonly action: string;
  /** ARN of what the call acts on; `*` where IAM has no resource for the action. */
  readonly resource: string;
  /** What else IAM judges the same action on: the instances of SendCommand. */
  readonly moreResources?: readonly string[];
  /** The role that the call hands over, for which IAM asks iam:PassRole as well. */
  readonly passesRole?: string;
  readonly mutating: boolean;
  /** Ids of the targets or instances that a mutation is about. */
  readonly subjects?: readonly string[];
  /** The code of the error it was answered with. */
  readonly error?: string;
}

/**
 * What becomes of a call: go on, close the connection without an answer, or answer with an error.
 */
export type Interception = 'continue' | 'drop' | { readonly error: AwsError };

export interface Interceptors {
  /** Runs before the operation: dropped or refused, it has no effect. */
  readonly before?: (call: AwsCall) => Promise<Interception>;
  /**
   * Runs when the operation took effect and was logged, before its answer is sent: dropped or
   * refused, the caller does not learn it.
   */
  readonly after?: (call: AwsCall) => Promise<Interception>;
}
