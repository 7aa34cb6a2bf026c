import type { Json } from '../boot/intrinsics';

/**
 * Whether EventBridge would give an event to a rule with this pattern: each list names the values
 * that its field may have, and fields that the pattern leaves out may be anything (EventBridge user
 * guide, "Event patterns").
 * @throws for a content filter, such as a prefix: the lab compares values only.
 */
export function matchesPattern(pattern: Json, event: unknown): boolean {
  if (pattern === null || typeof pattern !== 'object')
    throw new Error(`an event pattern has lists and objects; got ${JSON.stringify(pattern)}`);
  if (Array.isArray(pattern)) return pattern.some((allowed: Json) => literal(allowed) === event);
  if (event === null || typeof event !== 'object') return false;
  const fields = new Map<string, unknown>(Object.entries(event));
  return Object.entries(pattern).every(([key, inner]) => matchesPattern(inner, fields.get(key)));
}

function literal(allowed: Json): Json {
  if (allowed !== null && typeof allowed === 'object')
    throw new Error(`content filters are unknown to the lab: ${JSON.stringify(allowed)}`);
  return allowed;
}
