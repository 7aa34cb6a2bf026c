/**
 * What CloudFormation asks of a custom resource and how it is answered (CloudFormation user guide,
 * "Custom resource request objects" and "response objects").
 */

/** A request, as far as it matters here. */
export interface ResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes: a signed address that takes one PUT. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Of an update and a deletion: the id that was answered last. */
  readonly PhysicalResourceId?: string;
  /** As they stand in the template; every value is a text. */
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
}

/**
 * The answer. Another `PhysicalResourceId` than before makes CloudFormation ask for the deletion of
 * the one before.
 */
export interface ResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
}

/**
 * CloudFormation takes answers of at most 4,096 bytes (user guide, "Custom resource response
 * objects").
 */
const REASON_MAX = 2_000;

/** Agrees, or refuses where a reason is given. */
export function answer(request: ResourceRequest, physicalId: string, reason?: string): ResourceAnswer {
  const { StackId, RequestId, LogicalResourceId } = request;
  const common = { PhysicalResourceId: physicalId, StackId, RequestId, LogicalResourceId };
  return reason === undefined ? { Status: 'SUCCESS', ...common } : { Status: 'FAILED', Reason: reason.slice(0, REASON_MAX), ...common };
}

/**
 * @throws when CloudFormation does not take the answer; it then waits until the resource's
 * time-out.
 */
export async function send(request: ResourceRequest, answered: ResourceAnswer): Promise<void> {
  // The address is signed for a request without a content type.
  const taken = await fetch(request.ResponseURL, { method: 'PUT', body: JSON.stringify(answered), headers: { 'content-type': '' } });
  if (!taken.ok) throw new Error(`CloudFormation did not take the answer: ${taken.status} ${await taken.text()}`);
}
