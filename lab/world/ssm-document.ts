import { AwsError } from './aws-error';

interface DocumentParameter {
  readonly type: string;
  readonly default?: string;
  readonly allowedPattern?: string;
  readonly allowedValues?: readonly string[];
  readonly interpolationType?: string;
}

/** The part of a Command document (schema 2.2) that Run Command needs. */
export interface CommandDocument {
  readonly name: string;
  readonly version: string;
  readonly parameters: Readonly<Record<string, DocumentParameter>>;
  readonly script: string;
  /** `timeoutSeconds` of the step, which may name a parameter. */
  readonly timeoutSeconds: string;
}

/**
 * AWS's own document for any command: what it is given becomes the script's text (Systems Manager,
 * AWS-RunShellScript, version 1).
 */
export const RUN_SHELL_SCRIPT: CommandDocument = {
  name: 'AWS-RunShellScript',
  version: '1',
  parameters: {
    commands: { type: 'StringList' },
    workingDirectory: { type: 'String', default: '' },
    executionTimeout: { type: 'String', default: '3600', allowedPattern: '^[0-9]{1,6}$' },
  },
  script: '{{ commands }}',
  timeoutSeconds: '{{ executionTimeout }}',
};

interface DocumentContent {
  readonly schemaVersion?: string;
  readonly parameters?: Readonly<Record<string, DocumentParameter>>;
  readonly mainSteps?: readonly {
    readonly action?: string;
    readonly inputs?: { readonly runCommand?: readonly string[]; readonly timeoutSeconds?: string | number };
  }[];
}

/**
 * `timeoutSeconds` of aws:runShellScript when it is not given (Systems Manager user guide, plugin
 * reference).
 */
const DEFAULT_TIMEOUT_S = '3600';

/**
 * Reads a document's content: one aws:runShellScript step.
 * @throws AwsError InvalidDocumentContent for anything else: the world runs no other plugins.
 */
export function parseDocument(name: string, version: string, content: unknown): CommandDocument {
  const body = content as DocumentContent;
  const invalid = (what: string): AwsError => new AwsError('InvalidDocumentContent', `${name}: ${what}`);
  if (body.schemaVersion !== '2.2') throw invalid(`schemaVersion: got ${body.schemaVersion}, allowed 2.2`);
  const [step, ...more] = body.mainSteps ?? [];
  if (!step || more.length > 0) throw invalid(`mainSteps: got ${body.mainSteps?.length ?? 0} steps, the lab runs exactly 1`);
  if (step.action !== 'aws:runShellScript') throw invalid(`action: got ${step.action}, the lab runs aws:runShellScript`);
  const lines = step.inputs?.runCommand;
  if (!Array.isArray(lines)) throw invalid('inputs.runCommand: has to be a list of lines');
  const parameters = body.parameters ?? {};
  checkTypes(parameters, invalid);
  const timeoutSeconds = String(step.inputs?.timeoutSeconds ?? DEFAULT_TIMEOUT_S);
  return { name, version, parameters, script: lines.join('\n'), timeoutSeconds };
}

function checkTypes(parameters: CommandDocument['parameters'], invalid: (what: string) => AwsError): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    if (parameter.type !== 'String') throw invalid(`parameters.${name}.type: got ${parameter.type}, the lab knows String`);
  }
}

/**
 * The value of every parameter of the document, defaults filled in.
 * @throws AwsError InvalidParameters for an unknown name, a missing value, and a value outside
 * allowedPattern or allowedValues.
 */
export function parameterValues(document: CommandDocument, given: Readonly<Record<string, string[]>>): Record<string, string> {
  const unknown = Object.keys(given).filter((name) => !(name in document.parameters));
  if (unknown.length > 0) throw new AwsError('InvalidParameters', `parameters [${unknown.join(', ')}] are not defined in ${document.name}`);
  const values: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(document.parameters)) {
    const value = (parameter.type === 'StringList' ? given[name]?.join('\n') : given[name]?.[0]) ?? parameter.default;
    if (value === undefined) throw new AwsError('InvalidParameters', `parameter ${name} requires a value`);
    checkValue(name, parameter, value);
    values[name] = value;
  }
  return values;
}

function checkValue(name: string, parameter: DocumentParameter, value: string): void {
  if (parameter.allowedValues && !parameter.allowedValues.includes(value)) {
    throw new AwsError('InvalidParameters', `parameter ${name}: got '${value}', allowed ${parameter.allowedValues.join(', ')}`);
  }
  if (parameter.allowedPattern !== undefined && !new RegExp(parameter.allowedPattern).test(value)) {
    throw new AwsError('InvalidParameters', `parameter ${name}: got '${value}', allowed pattern ${parameter.allowedPattern}`);
  }
}

/** What the agent runs. */
export interface HostCommand {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutS: number;
}

/**
 * The first agent that knows `interpolationType: ENV_VAR` (AWS Cloud Operations blog, announcement
 * of the feature).
 */
const FIRST_WITH_ENV_VAR = [3, 3, 2746, 0];

/**
 * A parameter with `interpolationType: ENV_VAR` reaches the script as the environment variable
 * `SSM_<name>` and nothing else; every other one is put into the script's *text* (Systems Manager
 * user guide, data elements and parameters). The second is the injection trap, so the world has it
 * too. An agent older than the feature substitutes them all (I).
 */
export function hostCommand(document: CommandDocument, values: Readonly<Record<string, string>>, agentVersion: string): HostCommand {
  const knowsEnvVar = isAtLeast(agentVersion, FIRST_WITH_ENV_VAR);
  const env: Record<string, string> = {};
  let script = document.script;
  for (const [name, value] of Object.entries(values)) {
    if (knowsEnvVar && document.parameters[name]?.interpolationType === 'ENV_VAR') env[`SSM_${name}`] = value;
    else script = substitute(script, name, value);
  }
  const timeout = Object.entries(values).reduce((text, [name, value]) => substitute(text, name, value), document.timeoutSeconds);
  const timeoutS = Number(timeout);
  if (!Number.isInteger(timeoutS) || timeoutS < 1)
    throw new AwsError('InvalidParameters', `timeoutSeconds: got '${timeout}', allowed whole seconds`);
  return { script, env, timeoutS };
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  const different = least.findIndex((part, index) => part !== (parts[index] ?? 0));
  return different < 0 || (parts[different] ?? 0) > (least[different] ?? 0);
}

function substitute(text: string, name: string, value: string): string {
  return text.replace(new RegExp(`{{\\s*${name}\\s*}}`, 'g'), () => value);
}
