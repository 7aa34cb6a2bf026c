/**
 * Which target groups an Application Load Balancer sends a request to: its rules in order, the
 * first that matches (Application Load Balancers guide, "Listener rules" and "Condition types for
 * listener rules"). What cannot be evaluated here is unknown, and never taken for a match.
 */

export interface RoutedRequest {
  /** As the Host header has it. */
  readonly host: string;
  /** A gRPC call is a POST. */
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** With its query. */
  readonly path: string;
}

/** One condition of a rule: met by any one of its values. */
export interface RuleCondition {
  readonly field: string;
  readonly values: readonly string[];
  /** For `query-string`: a key, where one is asked for, and a value. */
  readonly pairs: readonly { readonly key?: string; readonly value: string }[];
}

export interface ListenerRule {
  readonly conditions: readonly RuleCondition[];
  /**
   * Weight by target group, where the rule forwards and does nothing else; undefined for a
   * redirect, a fixed answer, a login, a rewritten URL.
   */
  readonly forwards: readonly { readonly groupArn: string; readonly weight: number }[] | undefined;
}

/** Yes, no, or that it cannot be told from here. */
type Match = boolean | undefined;

/**
 * Whether each request of this kind reaches this target group, and no other: a rule that splits its
 * traffic shows the client two groups at once.
 * @param rules of one listener, in the order of their priority, the default rule last.
 */
export function reachesAlone(rules: readonly ListenerRule[], request: RoutedRequest, groupArn: string): boolean {
  for (const rule of rules) {
    const match = matches(rule, request);
    if (match === false) continue;
    if (!forwardsTo(rule, groupArn)) return false;
    if (match === true) return true;
    // It may match or not: what it would do is what is wanted, and so must be what comes after it.
  }
  return false;
}

function forwardsTo({ forwards = [] }: ListenerRule, groupArn: string): boolean {
  const served = forwards.filter(({ weight }) => weight > 0);
  return served.length > 0 && served.every((entry) => entry.groupArn === groupArn);
}

/** All conditions have to be met. */
function matches({ conditions }: ListenerRule, request: RoutedRequest): Match {
  const met = conditions.map((condition) => isMet(condition, request));
  if (met.includes(false)) return false;
  return met.includes(undefined) ? undefined : true;
}

type Condition = (condition: RuleCondition, request: RoutedRequest) => Match;

/**
 * Host names are compared without case, without a port (I); paths with case and without their
 * query; queries without case.
 */
const CONDITIONS: Readonly<Record<string, Condition>> = {
  'host-header': ({ values }, { host }) => some(values, (value) => fits(value.toLowerCase(), host.toLowerCase().replace(/:\d+$/, ''))),
  'path-pattern': ({ values }, { path }) => some(values, (value) => fits(value, path.split('?')[0] ?? '')),
  'http-request-method': ({ values }, { method }) => some(values, (value) => value === method),
  'query-string': ({ pairs }, { path }) => some(pairs, (pair) => queryOf(path).some((entry) => isPair(pair, entry))),
};

/**
 * A condition without a value that we know (a regular expression), and one of another kind, is
 * unknown.
 */
function isMet(condition: RuleCondition, request: RoutedRequest): Match {
  return CONDITIONS[condition.field]?.(condition, request);
}

function some<Value>(values: readonly Value[], is: (value: Value) => boolean): Match {
  return values.length === 0 ? undefined : values.some(is);
}

/** `*` is any number of characters, `?` is one; a backslash takes the next one as it is. */
function fits(pattern: string, text: string): boolean {
  const parts = pattern.match(/\\.|[\s\S]/g) ?? [];
  const source = parts.map((part) =>
    part === '*' ? '.*' : part === '?' ? '.' : part.replace(/^\\(?=.)/, '').replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
  );
  return new RegExp(`^${source.join('')}$`, 's').test(text);
}

function queryOf(path: string): { readonly key: string; readonly value: string }[] {
  const [, query = ''] = /\?(.*)$/s.exec(path) ?? [];
  return query
    .split('&')
    .filter(Boolean)
    .map((part) => {
      const [key = '', ...value] = part.toLowerCase().split('=');
      return { key, value: value.join('=') };
    });
}

function isPair(
  wanted: { readonly key?: string; readonly value: string },
  entry: { readonly key: string; readonly value: string },
): boolean {
  const { key, value } = wanted;
  return (key === undefined || fits(key.toLowerCase(), entry.key)) && fits(value.toLowerCase(), entry.value);
}
