import type { Log } from '../ports';

/**
 * One JSON object a line and nothing else. Lambda's console.log writes the time and the request's
 * id before it, and CloudWatch reads metrics only out of lines that are an object from end to end
 * (embedded metric format specification).
 */
export function writeLine(object: object): void {
  process.stdout.write(`${JSON.stringify(object)}\n`);
}

/** Callers pass nothing that came from a host unredacted. */
export const log: Log = (event, details) => writeLine({ event, ...details });

/** An error as log fields: its name, message and the messages of its causes. */
export function errorFields(error: unknown): { error: string; causes?: string[] } {
  const causes: string[] = [];
  for (let cause = error instanceof Error ? error.cause : undefined; cause instanceof Error; cause = cause.cause)
    causes.push(cause.message);
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), ...(causes.length > 0 ? { causes } : {}) };
}
