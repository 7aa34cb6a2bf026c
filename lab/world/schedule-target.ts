import type { Target } from '@aws-sdk/client-scheduler';
import { AwsError } from './aws-error';

/** What a schedule's target asks for. */
export type TargetCall =
  { readonly kind: 'function'; readonly functionArn: string } | { readonly kind: 'api'; readonly service: string; readonly action: string };

/** Services of universal targets that the world can call, by their name in the ARN. */
const SERVICES = ['elasticloadbalancingv2', 'autoscaling', 'ecs', 'ssm'];

/**
 * Reads the target's ARN: a Lambda function, or a universal target
 * `arn:aws:scheduler:::aws-sdk:<service>:<apiAction>`. Universal targets cannot be read-only
 * actions (Scheduler user guide, universal targets).
 * @throws AwsError ValidationException for anything else.
 */
export function parseTarget(target: Target | undefined): TargetCall {
  const targetArn = target?.Arn ?? '';
  if (!target?.RoleArn) throw new AwsError('ValidationException', 'Target.RoleArn: required');
  if (/^arn:aws[a-z-]*:lambda:[^:]+:\d+:function:/.test(targetArn)) return { kind: 'function', functionArn: targetArn };
  const [, service = '', action = ''] = /^arn:aws[a-z-]*:scheduler:::aws-sdk:([^:]+):([a-z]\w*)$/.exec(targetArn) ?? [];
  if (!SERVICES.includes(service))
    throw new AwsError('ValidationException', `Provided Arn is not in correct format or not in the lab: ${targetArn}`);
  if (/^(get|describe|list)/.test(action)) throw new AwsError('ValidationException', `read-only actions are not supported: ${action}`);
  checkJson(target.Input);
  return { kind: 'api', service, action };
}

function checkJson(input: string | undefined): void {
  try {
    JSON.parse(input ?? '');
  } catch (cause) {
    throw new AwsError('ValidationException', `Input: has to be the API's parameters in JSON: ${String(cause)}`);
  }
}

/** Context attributes a target's input may name (Scheduler user guide, context attributes). */
export function fillContext(input: string, context: Readonly<Record<string, string>>): string {
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => context[name] ?? whole);
}

/**
 * The input of a universal target of ECS, whose API has names in lower case. Public schedules that
 * call `aws-sdk:ecs:stopTask` have both `Cluster` and `cluster`; the user guide names the API
 * reference. The lab takes both (I).
 */
export function withLowerCaseNames<T>(input: T): T {
  const entries = Object.entries(input as object).map(
    ([name, value]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, value] as const,
  );
  return Object.fromEntries(entries) as T;
}
