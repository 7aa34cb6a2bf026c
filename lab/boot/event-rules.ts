import type { AwsEvent } from '../world/cloudwatch-alarms';
import { matchesPattern } from '../world/event-pattern';
import { functionName, type InvokePort } from '../wire/service-lambda';
import type { RuleDescription } from './descriptions';

/**
 * What EventBridge does: each rule that matches starts its function. Where the rule says nothing
 * else it is given the event itself. Resolves when every function has taken it.
 */
export async function deliverEvent(rules: readonly RuleDescription[], invoke: InvokePort, event: AwsEvent): Promise<void> {
  const matching = rules.filter(({ pattern, state }) => state === 'ENABLED' && matchesPattern(pattern, event));
  await Promise.all(
    matching.map(({ targetArn, input }) => invoke(functionName(targetArn), input === undefined ? event : JSON.parse(input), 'Event')),
  );
}
