import { AwsError } from '../world/aws-error';
import type { AwsCall, Interception, Interceptors } from './calls';

/** A call that was understood: what the log says of it, and how to carry it out. */
export interface Understood<T> {
  readonly call: AwsCall;
  /** Rejects with the AwsError that the service answers. */
  readonly effect: () => Promise<T>;
  /** The error code in an answer that was passed on from elsewhere. */
  readonly errorOf?: (result: T) => string | undefined;
}

/** The caller gets no answer. */
export class Dropped extends Error {
  override readonly name = 'Dropped';
}

export interface Observers {
  /** Gets every call once, when it took effect or was refused, before it is answered. */
  readonly onCall?: (call: AwsCall) => void;
  readonly intercept?: Interceptors;
  /** Gets errors of the lab itself, which callers see as InternalFailure. Default: printed. */
  readonly onFault?: (error: unknown) => void;
}

type Outcome<T> = { readonly result: T; readonly code: string | undefined } | { readonly error: AwsError | Dropped; readonly code: string };

/**
 * Carries a call out between the two interceptors and logs it once.
 * @throws AwsError that the service answers. @throws Dropped when an interceptor drops the call.
 */
export async function perform<T>(understood: Understood<T>, observers: Observers): Promise<T> {
  const { before, after } = observers.intercept ?? {};
  const held = await stop(before, understood.call);
  const outcome: Outcome<T> = held ? { error: held, code: codeOf(held) } : await carryOut(understood, observers);
  const logged = outcome.code === undefined ? understood.call : { ...understood.call, error: outcome.code };
  observers.onCall?.(logged);
  const lost = held ? undefined : await stop(after, logged);
  if (lost) throw lost;
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}

async function carryOut<T>({ effect, errorOf }: Understood<T>, { onFault = printFault }: Observers): Promise<Outcome<T>> {
  try {
    const result = await effect();
    return { result, code: errorOf?.(result) };
  } catch (error) {
    if (error instanceof AwsError) return { error, code: error.code };
    onFault(error);
    const told = new AwsError('InternalFailure', String(error), 500);
    return { error: told, code: told.code };
  }
}

async function stop(interceptor: Interceptors['before'], call: AwsCall): Promise<AwsError | Dropped | undefined> {
  const verdict: Interception = (await interceptor?.(call)) ?? 'continue';
  if (verdict === 'continue') return undefined;
  return verdict === 'drop' ? new Dropped(`${call.action} was dropped`) : verdict.error;
}

function codeOf(error: AwsError | Dropped): string {
  return error instanceof AwsError ? error.code : error.name;
}

export function printFault(error: unknown): void {
  console.error('[aws endpoint]', error);
}
