/** What is wrong with a configuration, in words. */
import type * as z from 'zod/mini';

/** One mistake: where, what was there, what may stand there. */
export interface ConfigMistake {
  readonly path: string;
  readonly got: string;
  readonly allowed: string;
}

/** Thrown by `parseConfig`; its message has one line a mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly mistakes: readonly ConfigMistake[]) {
    super(mistakes.map((mistake) => `${mistake.path}: got ${mistake.got}; allowed: ${mistake.allowed}`).join('\n'));
  }
}

/** One mistake for each unknown key, or for the value. */
export function mistakesOf(issue: z.core.$ZodIssue, input: unknown): ConfigMistake[] {
  const keys: readonly PropertyKey[] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (keys.length === 0) return [{ path: pathText(issue.path), got: shown(valueAt(input, issue.path)), allowed: issue.message }];
  return keys.map((key) => unknownKey(pathText([...issue.path, key]), issue.message));
}

/** Keys of earlier versions: their reader wants to know that nothing is lost with them. */
const NO_LONGER_NEEDED: ReadonlySet<string> = new Set(['network.vpcId']);

function unknownKey(path: string, allowed: string): ConfigMistake {
  if (NO_LONGER_NEEDED.has(path)) return { path, got: 'a key that is no longer needed', allowed: 'nothing: delete it' };
  return { path, got: 'an unknown key', allowed };
}

/** `targetGroups[0].arn` */
export function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'configuration';
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value !== null && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[part] : undefined),
    input,
  );
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value) ?? typeof value;
  return json.length > 120 ? `${json.slice(0, 117)}...` : json;
}
