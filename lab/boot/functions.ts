/**
 * The deployed functions: the bundled handlers as processes, with the environment and the roles of
 * the template.
 */
import type { Clock } from '../world/clock';
import { AwsError } from '../world/aws-error';
import type { InvokePort } from '../wire/service-lambda';
import { DeployedFunction, type FailedEvent, type LogLine } from './deployed-function';
import type { Assembly, FunctionDescription } from './descriptions';
import { functionEnvironment } from './function-environment';

/** Lines of log kept of each function. */
const LOG_LINES = 2_000;

export interface FunctionsOptions {
  /** URL of the front door. */
  readonly endpoint: string;
  /** The access key by which the front door knows a role. */
  readonly accessKeyOf: (roleArn: string) => string;
  /** Argv prefix that runs a command in the network namespace of a function. */
  readonly enter: (functionName: string) => readonly string[];
  readonly clock: Clock;
  readonly onLog?: (line: LogLine) => void;
}

export interface Functions {
  /**
   * As Lambda's Invoke. A function that failed is an answer with a `functionError`. @throws
   * AwsError for an unknown or a disabled function.
   */
  readonly invoke: InvokePort;
  /**
   * Asynchronous events that were never processed, as they would lie in the on-failure destination.
   */
  readonly failures: readonly FailedEvent[];
  /** The last lines that a function wrote, oldest first. */
  logs(functionName: string): readonly LogLine[];
  /** Ends a function's processes, also in the middle of a call. */
  kill(functionName: string): Promise<void>;
  /**
   * From now on calls are refused and events wait until their maximum age, as with a reserved
   * concurrency of 0.
   */
  disable(functionName: string): void;
  enable(functionName: string): void;
  /** Whether a call is under way: `disable` lets it go on. */
  isBusy(functionName: string): boolean;
  /** Ends every process and waits until they are gone. */
  stop(): Promise<void>;
}

/**
 * Deploys every function of the template; their processes start with the first calls.
 * @throws when the template asks Lambda for asynchronous retries, which the lab does not carry out.
 */
export function startFunctions(assembly: Assembly, options: FunctionsOptions): Functions {
  for (const fn of assembly.functions) refuseDefaultRetries(fn);
  const logs = new Map<string, LogLine[]>();
  const failures: FailedEvent[] = [];
  const onLog = (line: LogLine): void => {
    keep(logs, line);
    options.onLog?.(line);
  };
  const onFailure = (event: FailedEvent): void => void failures.push(event);
  const functions = new Map(assembly.functions.map((fn) => [fn.name, deploy(fn, assembly.region, options, { onLog, onFailure })]));
  const named = (name: string): DeployedFunction => {
    const found = functions.get(name);
    if (found === undefined)
      throw new AwsError('ResourceNotFoundException', `Function not found: ${name}; deployed: ${[...functions.keys()].join(', ')}`);
    return found;
  };
  return {
    invoke: async (name, payload, type, qualifier) => {
      if (type === 'RequestResponse') return named(name).invoke(payload, qualifier);
      named(name).accept(payload, qualifier);
      return {};
    },
    failures,
    logs: (name) => logs.get(name) ?? [],
    kill: (name) => named(name).kill(),
    disable: (name) => named(name).disable(),
    enable: (name) => named(name).enable(),
    isBusy: (name) => named(name).isBusy,
    stop: async () => void (await Promise.all([...functions.values()].map((fn) => fn.stop()))),
  };
}

function deploy(
  fn: FunctionDescription,
  region: string,
  options: FunctionsOptions,
  hear: { onLog: (line: LogLine) => void; onFailure: (event: FailedEvent) => void },
): DeployedFunction {
  const env = functionEnvironment(fn, { endpoint: options.endpoint, accessKeyId: options.accessKeyOf(fn.roleArn), region });
  return new DeployedFunction(fn, { clock: options.clock, enter: options.enter(fn.name), env, ...hear });
}

/** Lambda's default of two is nobody's choice. */
function refuseDefaultRetries({ name, asyncConfig }: FunctionDescription): void {
  if (asyncConfig === undefined) throw new Error(`asynchronous retries of ${name}: got the default of 2; the template has to say how many`);
}

function keep(logs: Map<string, LogLine[]>, line: LogLine): void {
  const lines = logs.get(line.functionName) ?? [];
  lines.push(line);
  logs.set(line.functionName, lines.slice(-LOG_LINES));
}
