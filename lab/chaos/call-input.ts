/** What a chaos run reads of the inputs of AWS calls, whatever the operation. */

/** Members of the SDK's inputs, under the SDK's names; each has one type in every operation. */
interface InputMembers {
  readonly TargetGroupArn?: string;
  readonly Targets?: readonly { readonly Id?: string; readonly Port?: number }[];
  readonly InstanceIds?: readonly string[];
  readonly AutoScalingGroupName?: string;
  readonly AutoScalingGroupNames?: readonly string[];
  readonly ShouldDecrementDesiredCapacity?: boolean;
  readonly Name?: string;
  readonly ScheduleExpression?: string;
  /** ECS has names in lower case; a universal target of Scheduler is written in either. */
  readonly task?: string;
  readonly Task?: string;
  readonly tasks?: readonly string[];
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

/** @throws for what is no AWS call's input. */
export function membersOf(input: unknown): InputMembers {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw new Error(`no input of an AWS call: ${String(input)}`);
  return input;
}
