import { OPERATOR_ALIAS, type RespondEvent } from './contract';

/**
 * An event as it may be obeyed. What people ask for is taken through the alias for operators alone:
 * the sweeper and the schedules, which may invoke the function itself, cannot ask for it.
 * @param invokedArn as the runtime has it: it says whether the invoker named a version or an alias
 * (Lambda developer guide, "Using the Lambda context object")
 * @throws when a request came by another way: it is not carried out, and the failed run is told.
 */
export function obeyed(event: RespondEvent, invokedArn: string): RespondEvent {
  const { wish: request } = event;
  if (request === undefined || request.kind === 'check-topics' || isThroughOperatorAlias(invokedArn)) return event;
  throw new Error(`a request (${request.kind}) is taken through the alias "${OPERATOR_ALIAS}" alone; this came through ${invokedArn}`);
}

/** Whether people asked: the alias has a list of its own of who may use it. */
export function isThroughOperatorAlias(invokedArn: string): boolean {
  return qualifierOf(invokedArn) === OPERATOR_ALIAS;
}

/**
 * What stands behind the name: `arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER` (service
 * authorization reference, Lambda).
 */
function qualifierOf(functionArn: string): string | undefined {
  return functionArn.split(':')[7];
}
