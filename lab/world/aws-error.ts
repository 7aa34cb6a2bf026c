/**
 * An error as a service answers it. `code` is the code on the wire (`TargetGroupNotFound`, not the
 * SDK's class name); `httpStatus` is only needed where the service's own schema does not say it.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  constructor(
    readonly code: string,
    message: string,
    readonly httpStatus?: number,
  ) {
    super(message);
  }
}
