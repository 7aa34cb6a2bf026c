/**
 * Where the command line finds a deployed Sickbay: a parameter of Systems Manager with the names of
 * its parts. The construct writes it, bin/find-stack.ts reads it; no function does.
 */

/** Below it stands one parameter for each Sickbay of an account and Region. */
export const STACK_RECORDS = '/sickbay/stacks';

/**
 * Its parameter's name. `stack` is `Config.stack`, which names one Sickbay of its account and
 * Region.
 */
export const stackRecordName = (stack: string): string => `${STACK_RECORDS}/${stack}`;

export const STACK_RECORD_VERSION = 1;

/** Names by which the parts are called: of functions, tables, documents and topics (ARNs). */
export interface StackRecord {
  readonly v: typeof STACK_RECORD_VERSION;
  readonly stack: string;
  readonly responder: string;
  readonly cases: string;
  readonly rounds: string;
  readonly sweeper: string;
  readonly prober: string;
  readonly killSwitch: string;
  readonly pageTopic: string;
  readonly notifyTopic: string;
  readonly inspectionDocument: string;
  readonly basicInspectionDocument: string;
  /** The function that stops, its table and its switch, where a target group says `stop`. */
  readonly stopper?: string;
  readonly stops?: string;
  readonly stopSwitch?: string;
}

/**
 * @throws Error that says what is wrong with the value: not JSON, of a later version, or without
 * one of the names.
 */
export function parseStackRecord(text: string): StackRecord {
  const value = JSON.parse(text) as Partial<Record<keyof StackRecord, unknown>> | null;
  if (value === null || typeof value !== 'object') throw new Error('no object');
  if (value.v !== STACK_RECORD_VERSION)
    throw new Error(`version ${JSON.stringify(value.v)}; this command line reads ${STACK_RECORD_VERSION}`);
  const lacking = NAMES.filter((name) => typeof value[name] !== 'string' || value[name] === '');
  if (lacking.length > 0) throw new Error(`no ${lacking.join(', ')}`);
  return value as StackRecord;
}

const NAMES = [
  'stack',
  'responder',
  'cases',
  'rounds',
  'sweeper',
  'prober',
  'killSwitch',
  'pageTopic',
  'notifyTopic',
  'inspectionDocument',
  'basicInspectionDocument',
] as const satisfies readonly Exclude<keyof StackRecord, 'v' | 'stopper' | 'stops' | 'stopSwitch'>[];
