import { AwsError } from './aws-error';

export interface RunbookStep {
  readonly name: string;
  readonly action: string;
  readonly timeoutS: number;
  readonly isEnd: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** An Automation runbook (schema 0.3), as far as the lab plays one. */
export interface Runbook {
  readonly name: string;
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, { readonly allowedPattern?: string; readonly default?: string }>>;
  readonly steps: readonly RunbookStep[];
}

/** Steps that the lab can play. */
const ACTIONS = ['aws:approve', 'aws:assertAwsResourceProperty', 'aws:executeAwsApi', 'aws:runCommand'];

/**
 * aws:approve waits seven days unless told otherwise (Systems Manager user guide, "aws:approve").
 */
const APPROVE_TIMEOUT_S = 604_800;
/** Of the other actions, an hour (I). */
const STEP_TIMEOUT_S = 3_600;

interface Content {
  readonly schemaVersion?: string;
  readonly assumeRole?: string;
  readonly parameters?: Readonly<Record<string, { readonly type?: string; readonly allowedPattern?: string; readonly default?: string }>>;
  readonly mainSteps?: readonly {
    readonly name?: string;
    readonly action?: string;
    readonly timeoutSeconds?: number;
    readonly onFailure?: string;
    readonly isEnd?: boolean;
    readonly inputs?: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * Reads a runbook's content.
 * @throws AwsError InvalidDocumentContent for what the lab does not play: another schema, action,
 * or step that goes on after a failure.
 */
export function parseRunbook(name: string, content: unknown): Runbook {
  const { schemaVersion, assumeRole = '', parameters = {}, mainSteps = [] } = content as Content;
  const invalid = (what: string): AwsError => new AwsError('InvalidDocumentContent', `${name}: ${what}`);
  if (schemaVersion !== '0.3') throw invalid(`schemaVersion: got ${schemaVersion}, allowed 0.3`);
  if (mainSteps.length === 0) throw invalid('mainSteps: got none');
  const steps = mainSteps.map((step): RunbookStep => {
    const { action = '', onFailure = 'Abort' } = step;
    if (!ACTIONS.includes(action)) throw invalid(`action: got ${action}, the lab plays ${ACTIONS.join(', ')}`);
    if (onFailure !== 'Abort') throw invalid(`onFailure: got ${onFailure}, the lab plays Abort`);
    const timeoutS = step.timeoutSeconds ?? (action === 'aws:approve' ? APPROVE_TIMEOUT_S : STEP_TIMEOUT_S);
    return { name: step.name ?? '', action, timeoutS, isEnd: step.isEnd === true, inputs: step.inputs ?? {} };
  });
  return { name, assumeRole, parameters, steps };
}

/**
 * The value of every parameter, defaults filled in.
 * @throws AwsError InvalidAutomationExecutionParametersException for an unknown or a missing name,
 * several values, or one that the pattern does not match.
 */
export function executionValues({ name, parameters }: Runbook, given: Readonly<Record<string, string[]>>): Record<string, string> {
  const invalid = (what: string): AwsError => new AwsError('InvalidAutomationExecutionParametersException', `${name}: ${what}`);
  const unknown = Object.keys(given).filter((one) => !(one in parameters));
  if (unknown.length > 0) throw invalid(`unknown parameters ${unknown.join(', ')}`);
  return Object.fromEntries(
    Object.entries(parameters).map(([key, { allowedPattern, default: otherwise }]) => {
      const values = given[key] ?? (otherwise === undefined ? [] : [otherwise]);
      const [value] = values;
      if (value === undefined || values.length > 1) throw invalid(`parameter ${key}: got ${values.length} values`);
      if (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value))
        throw invalid(`parameter ${key}: got '${value}', allowed pattern ${allowedPattern}`);
      return [key, value];
    }),
  );
}

/**
 * `{{ NAME }}` anywhere in the inputs is replaced by a value. @throws Error for a name there is no
 * value of: a runbook that names one would fail there.
 */
export function filled(inputs: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof inputs === 'string')
    return inputs.replace(/\{\{\s*([A-Za-z0-9:_.]+)\s*\}\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`nothing is known of {{ ${name} }}`);
      return value;
    });
  if (Array.isArray(inputs)) return inputs.map((one) => filled(one, values));
  if (inputs === null || typeof inputs !== 'object') return inputs;
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, filled(value, values)]));
}
