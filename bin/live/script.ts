/** The inspection script as text that a plain shell runs, with its parameters before it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { INSPECTION_PARAMETERS, type InspectionParameter } from '../../lambda/inspect/document';

export type Parameters = Readonly<Partial<Record<InspectionParameter, string>>>;

/** Of the package, beside the bundled command line. */
const PACKAGED = path.join(__dirname, 'handlers/inspect.sh');

/** What every host runs: the script of the package, or put together from a checkout's sources. */
export function hostScript(): string {
  if (existsSync(PACKAGED)) return readFileSync(PACKAGED, 'utf8');
  // not at the top: in the package, which bundles it, it has no sources to put together
  const sources = require('../../scripts/inspection-script') as { inspectionScript(): string };
  return sources.inspectionScript();
}

/**
 * The script with its parameters as environment, as the document would give them. Every value has
 * to match the document's own pattern, none of which lets a quote or a line end through: between
 * single quotes such a value is data to every shell. The script checks it once more.
 * @throws Error for a value that does not match: options are checked when they are read
 */
export function scriptWith(script: string, parameters: Parameters): string {
  const [shebang = '', ...rest] = script.split('\n');
  const names = Object.keys(INSPECTION_PARAMETERS) as InspectionParameter[];
  const settings = names.flatMap((name) => {
    const value = parameters[name];
    return value === undefined ? [] : [`SSM_${name}='${bound(name, value)}'; export SSM_${name}`];
  });
  return [shebang, ...settings, ...rest].join('\n');
}

function bound(name: InspectionParameter, value: string): string {
  const { allowedPattern } = INSPECTION_PARAMETERS[name];
  if (!new RegExp(allowedPattern).test(value) || /['\\\r\n]/.test(value))
    throw new Error(`inspection parameter ${name}: got ${JSON.stringify(value)}; allowed: ${allowedPattern}`);
  return value;
}
