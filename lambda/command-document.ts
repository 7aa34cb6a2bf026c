/**
 * A Command document around one script (Systems Manager user guide, "Data elements and parameters",
 * schema 2.2). Each parameter is bound by a pattern and reaches the script as an environment
 * variable, `SSM_<name>` (agent >= 3.3.2746.0): a value is data, never text of the script.
 */

export interface CommandScript {
  readonly description: string;
  /** By name: what CreateDocument takes of a parameter, beside its type. */
  readonly parameters: Readonly<Record<string, object>>;
  /** Name of the one step. */
  readonly step: string;
  /** After which the agent ends the script, seconds. */
  readonly timeoutS: number;
  /** Elements of `runCommand`, which the agent runs as one script; each may have many lines. */
  readonly elements: readonly string[];
}

/**
 * The document as YAML, in which a script stands as it is: in JSON each of its quotes and line ends
 * takes two bytes of the 64 KB. All else is written as JSON, which YAML is a superset of (YAML 1.2,
 * 1.3).
 */
export function commandDocument({ description, parameters, step, timeoutS, elements }: CommandScript): string {
  const json = (value: unknown): string => JSON.stringify(value);
  const bound = Object.entries(parameters).map(([name, shape]) => [name, { type: 'String', ...shape, interpolationType: 'ENV_VAR' }]);
  return [
    'schemaVersion: "2.2"',
    `description: ${json(description)}`,
    `parameters: ${json(Object.fromEntries(bound))}`,
    'mainSteps:',
    '-',
    ' action: aws:runShellScript',
    ` name: ${step}`,
    ` precondition: ${json({ StringEquals: ['platformType', 'Linux'] })}`,
    ' inputs:',
    `  timeoutSeconds: ${json(String(timeoutS))}`,
    '  runCommand:',
    ...elements.flatMap((text) => ['  - |1-', ...text.split('\n').map((line) => (line === '' ? '' : `   ${line}`))]),
    '',
  ].join('\n');
}
