import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '../world/clock';
import { AwsError } from '../world/aws-error';
import type { FunctionDescription } from './descriptions';
import { ExecutionEnvironment, type Ending } from './execution-environment';

/**
 * As Lambda's Invoke answers: `functionError` is set when the handler threw, ran out of time or
 * took its process down.
 */
export interface Answer {
  readonly payload?: unknown;
  readonly functionError?: 'Unhandled';
}

/**
 * An event that was accepted and never processed: what Lambda sends to the on-failure destination
 * (developer guide, "Capturing records").
 */
export interface FailedEvent {
  readonly functionName: string;
  /**
   * Undefined where the template names no destination: Lambda would drop the event without a trace.
   */
  readonly destinationArn: string | undefined;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly at: number;
  readonly requestPayload: unknown;
  readonly responsePayload?: unknown;
}

export interface LogLine {
  readonly at: number;
  readonly functionName: string;
  readonly line: string;
}

export interface Surroundings {
  readonly clock: Clock;
  /** Argv prefix into the function's network namespace. */
  readonly enter: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onLog: (line: LogLine) => void;
  readonly onFailure: (event: FailedEvent) => void;
}

const RETRY_MS = 60_000;

interface WaitingEvent {
  readonly payload: unknown;
  readonly qualifier: string | undefined;
  readonly giveUp: Cancel;
}

/**
 * One deployed function: as many execution environments as there are calls at once, used again
 * while they live.
 */
export class DeployedFunction {
  private readonly idle: ExecutionEnvironment[] = [];
  private readonly busy = new Set<ExecutionEnvironment>();
  private readonly waiting = new Set<WaitingEvent>();
  private enabled = true;
  private stopped = false;

  constructor(
    private readonly fn: FunctionDescription,
    private readonly around: Surroundings,
  ) {}

  /**
   * A synchronous invocation: the handler's answer.
   * @param qualifier an alias; its own name where the invoker gave none
   * @throws AwsError TooManyRequestsException while the function is disabled or has no concurrency
   * left, ResourceNotFoundException for an alias that there is not.
   */
  async invoke(payload: unknown, qualifier?: string): Promise<Answer> {
    this.know(qualifier);
    if (this.hasRoom() && !this.stopped) return this.run(payload, qualifier);
    throw new AwsError('TooManyRequestsException', `no concurrency is left to function ${this.fn.name}`);
  }

  /**
   * An asynchronous invocation: accepted at once, run at once, or within the maximum age when the
   * function is disabled meanwhile.
   */
  accept(payload: unknown, qualifier?: string): void {
    this.know(qualifier);
    if (this.stopped) return;
    if (this.hasRoom()) void this.deliver(payload, qualifier);
    else this.hold(payload, qualifier);
  }

  disable(): void {
    this.enabled = false;
  }

  /** Whether a call is under way. */
  get isBusy(): boolean {
    return this.busy.size > 0;
  }

  enable(): void {
    this.enabled = true;
    this.takeWaiting();
  }

  /** Calls beyond the reserved concurrency are refused, and events wait (developer guide). */
  private hasRoom(): boolean {
    return this.enabled && this.busy.size < (this.fn.reservedConcurrency ?? Infinity);
  }

  private takeWaiting(): void {
    for (const event of this.waiting) {
      if (!this.hasRoom()) return;
      this.forget(event);
      void this.deliver(event.payload, event.qualifier);
    }
  }

  /**
   * Ends every process of the function, also in the middle of a call, and waits until they are
   * gone.
   */
  async kill(): Promise<void> {
    await Promise.all([...this.idle.splice(0), ...this.busy].map((environment) => environment.stop()));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const event of this.waiting) this.forget(event);
    await this.kill();
  }

  private know(qualifier: string | undefined): void {
    if (qualifier === undefined || this.fn.aliases.includes(qualifier)) return;
    throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${this.fn.arn}:${qualifier}`);
  }

  /**
   * Again after one minute, and after two more, as often as the function wants it (developer guide,
   * "How Lambda handles errors and retries with asynchronous invocation").
   */
  private async deliver(payload: unknown, qualifier: string | undefined, failed = 0): Promise<void> {
    const answer = await this.run(payload, qualifier);
    if (answer.functionError === undefined || this.stopped) return;
    if (failed >= (this.fn.asyncConfig?.maximumRetryAttempts ?? 0)) this.fail('RetriesExhausted', payload, answer.payload);
    else this.around.clock.at(this.around.clock.now() + (failed + 1) * RETRY_MS, () => void this.deliver(payload, qualifier, failed + 1));
  }

  private hold(payload: unknown, qualifier: string | undefined): void {
    const maximumEventAgeS = this.fn.asyncConfig?.maximumEventAgeS ?? 0;
    const giveUp = this.around.clock.at(this.around.clock.now() + maximumEventAgeS * 1000, () => {
      this.waiting.delete(event);
      this.fail('EventAgeExceeded', payload);
    });
    const event: WaitingEvent = { payload, qualifier, giveUp };
    this.waiting.add(event);
  }

  private forget(event: WaitingEvent): void {
    event.giveUp();
    this.waiting.delete(event);
  }

  private fail(condition: FailedEvent['condition'], requestPayload: unknown, responsePayload?: unknown): void {
    if (this.stopped) return;
    const { name: functionName, asyncConfig } = this.fn;
    const at = this.around.clock.now();
    const destinationArn = asyncConfig?.onFailureArn;
    this.around.onFailure({ functionName, destinationArn, condition, at, requestPayload, responsePayload });
  }

  /** Never rejects. */
  private async run(payload: unknown, qualifier: string | undefined): Promise<Answer> {
    const environment = this.takeIdle() ?? this.start();
    this.busy.add(environment);
    const requestId = randomUUID();
    const deadlineAt = this.around.clock.now() + this.fn.timeoutS * 1000;
    let timedOut = false;
    const cancel = this.around.clock.at(deadlineAt, () => {
      timedOut = true;
      environment.kill();
    });
    const ending = await environment.run({
      eventJson: JSON.stringify(payload ?? null),
      context: this.context(requestId, qualifier),
      deadlineAt,
    });
    cancel();
    this.busy.delete(environment);
    if (environment.alive && !this.stopped) this.idle.push(environment);
    if (!this.stopped) this.takeWaiting();
    return timedOut ? this.timeOut(requestId) : answerOf(ending, requestId);
  }

  /** The one used last; one that ended by itself since then is passed over. */
  private takeIdle(): ExecutionEnvironment | undefined {
    for (let environment = this.idle.pop(); environment !== undefined; environment = this.idle.pop()) {
      if (environment.alive) return environment;
    }
    return undefined;
  }

  private start(): ExecutionEnvironment {
    const { enter, env, clock, onLog } = this.around;
    const functionName = this.fn.name;
    return new ExecutionEnvironment(enter, env, (line) => onLog({ at: clock.now(), functionName, line }));
  }

  private context(awsRequestId: string, qualifier: string | undefined): Readonly<Record<string, unknown>> {
    const { name, arn, memoryMb, logGroup } = this.fn;
    return {
      awsRequestId,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: qualifier === undefined ? arn : `${arn}:${qualifier}`,
      memoryLimitInMB: String(memoryMb),
      logGroupName: logGroup,
    };
  }

  private timeOut(requestId: string): Answer {
    return unhandled({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${this.fn.timeoutS.toFixed(2)} seconds`,
    });
  }
}

function answerOf(ending: Ending, requestId: string): Answer {
  if ('payloadJson' in ending) return { payload: JSON.parse(ending.payloadJson) };
  if ('error' in ending) return unhandled(ending.error);
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: ${ending.exit}`;
  return unhandled({ errorType: 'Runtime.ExitError', errorMessage });
}

function unhandled(payload: object): Answer {
  return { payload, functionError: 'Unhandled' };
}
