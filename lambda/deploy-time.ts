/**
 * Values of the configuration that are known only when the stack is deployed: ARNs and ids that
 * CloudFormation gives. The configuration beside a handler names each by its place in a list, and
 * the list is in the function's environment.
 */

/** Stands in config.json in place of a value. */
export interface DeployTimeValue {
  readonly deployTime: number;
}

function isDeployTimeValue(value: unknown): value is DeployTimeValue {
  return value !== null && typeof value === 'object' && Object.keys(value).length === 1 && 'deployTime' in value;
}

/**
 * The configuration as it was written, each value in its place. It still has to be checked.
 * @throws when one is missing: then nothing is known of what the stack watches.
 */
export function withDeployTimeValues(written: string, list: string | undefined): unknown {
  const values: unknown = JSON.parse(list ?? '[]');
  if (!Array.isArray(values)) throw new Error(`the values known at deploy time are no list: ${list}`);
  return JSON.parse(written, (_, value: unknown) => (isDeployTimeValue(value) ? valueOf(values, value) : value)) as unknown;
}

function valueOf(values: readonly unknown[], { deployTime }: DeployTimeValue): string {
  const value = values[deployTime];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`value ${JSON.stringify(deployTime)} of ${values.length} known at deploy time is missing; the construct sets them`);
}
