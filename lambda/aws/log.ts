import type { Log } from '../ports';

/** One JSON object a line, as CloudWatch Logs Insights reads it. Callers pass nothing that came from a host unredacted. */
export const log: Log = (event, details) => console.log(JSON.stringify({ event, ...details }));

/** An error as log fields: its name, message and the messages of its causes. */
export function errorFields(error: unknown): { error: string; causes?: string[] } {
  const causes: string[] = [];
  for (let cause = error instanceof Error ? error.cause : undefined; cause instanceof Error; cause = cause.cause)
    causes.push(cause.message);
  return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), ...(causes.length > 0 ? { causes } : {}) };
}
