/**
 * What a host says of a stop, taken by schema. A host is hostile: sizes are bounded, numbers are
 * whole, texts are redacted again, and whatever is not of the form is a failure with no part used.
 */
import * as z from 'zod/mini';
import { printable, redactCommand, redactCron, redactText } from '../../core/diagnose/redact';
import type { StopOutcome, StopPlan, StopStatus, UndoOutcome } from '../../core/model';

/** Run Command hands on the first 24,000 characters (GetCommandInvocation, API reference). */
const STDOUT_MAX = 24_000;
/** Processes of a tree, ancestors, connections, files. */
const LIST_MAX = 100;

const count = z.int().check(z.gte(0));
const flag = z.boolean();
/** A path, a unit, a cgroup, a user: printable, one line, and no longer than this. */
const name = (most: number) =>
  z.pipe(
    z.string().check(z.maxLength(most)),
    z.transform((text: string) => printable(text).replaceAll(/[\t\n\r]/g, ' ')),
  );
const prose = z.pipe(
  z.string().check(z.maxLength(2_000)),
  z.transform((text: string) => redactText(text).slice(0, 300)),
);
const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));
/** Empty where the host has no Python to make one with: such a plan says `unsupported`. */
const digest = z.string().check(z.regex(/^([0-9a-f]{64})?$/));
const list = <Item extends z.core.$ZodType>(item: Item) => z.array(item).check(z.maxLength(LIST_MAX));

const identity = z.object({
  pid: count,
  startTicks: count,
  ppid: count,
  uid: count,
  user: name(64),
  executable: name(4_096),
  command: z.pipe(
    z.string().check(z.maxLength(4_096)),
    z.transform((text: string) => redactCommand(text).slice(0, 300)),
  ),
});

const period = z.optional(z.number().check(z.gt(0), z.lte(400 * 86_400)));

const starter = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cron'),
    file: name(4_096),
    line: count,
    lineSha256: hex,
    fileSha256: hex,
    text: z.string().check(z.maxLength(4_096)),
    periodS: period,
    managedBy: z.optional(prose),
  }),
  z.object({ kind: z.literal('timer'), unit: name(300), service: name(300), periodS: period }),
]);

const plan = z.object({
  v: z.literal(1),
  digest,
  program: name(64),
  bootId: name(64),
  process: identity,
  startedAt: z.number(),
  executable: z.object({ path: name(4_096), device: count, inode: count, ownerUid: count, writableByOthers: flag, replaced: flag }),
  cgroup: name(1_024),
  ancestors: list(identity),
  tree: list(identity),
  listens: flag,
  sharesApplication: flag,
  connections: list(z.object({ remote: name(80), count })),
  writing: list(name(4_096)),
  starter: z.optional(starter),
  unsupported: z.optional(prose),
});

const gone = z.strictObject({ v: z.literal(1), gone: z.literal(true) });

const status = z.object({
  v: z.literal(1),
  known: flag,
  sameBoot: flag,
  alive: list(count),
  back: list(identity),
  starter: z.enum(['none', 'held', 'undone', 'changed']),
});

const outcome = z.object({
  v: z.literal(1),
  digest,
  outcome: z.enum(['refused', 'stopped', 'survived']),
  why: z.optional(prose),
  signalled: list(z.object({ pid: count, signal: z.enum(['TERM', 'KILL']), ended: flag })),
  starter: z.enum(['none', 'commented-out', 'timer-masked', 'untouched']),
});

const undo = z.object({
  v: z.literal(1),
  outcome: z.enum(['undone', 'nothing-to-undo', 'changed', 'failed']),
  why: z.optional(prose),
});

/** Undefined where no process has the pid. @throws where it is neither that nor a plan. */
export function parsePlan(stdout: string): StopPlan | undefined {
  const said = read(stdout);
  if (gone.safeParse(said).success) return undefined;
  const found = parsed(plan, said, 'a plan');
  const { starter: by, process } = found;
  if (found.digest === '' && found.unsupported === undefined) throw new Error('a plan without a digest');
  return (
    by?.kind === 'cron' ? { ...found, starter: { ...by, text: redactCron(by.text, process.user).slice(0, 300) } } : found
  ) as StopPlan;
}

/** @throws where it is no status. */
export function parseStatus(stdout: string): StopStatus {
  return parsed(status, read(stdout), 'a status') as StopStatus;
}

/** @throws where it is no outcome. */
export function parseOutcome(stdout: string): StopOutcome {
  return parsed(outcome, read(stdout), 'an outcome') as StopOutcome;
}

/** @throws where it is no outcome of an undo. */
export function parseUndo(stdout: string): UndoOutcome {
  return parsed(undo, read(stdout), 'an outcome of an undo') as UndoOutcome;
}

/** The one line of JSON. @throws where it is longer than Run Command hands on, or is none. */
function read(stdout: string): unknown {
  if (stdout.length > STDOUT_MAX) throw new Error(`the host printed ${stdout.length} characters; allowed: ${STDOUT_MAX}`);
  try {
    return JSON.parse(stdout.trim()) as unknown;
  } catch {
    throw new Error(`the host printed no JSON: ${redactText(stdout.slice(0, 300)).slice(0, 100)}`);
  }
}

function parsed<Schema extends z.core.$ZodType>(schema: Schema, said: unknown, what: string): z.output<Schema> {
  const result = z.safeParse(schema, said);
  if (result.success) return result.data;
  const where = result.error.issues.map(({ path }) => path.join('.') || 'all of it').slice(0, 5);
  throw new Error(`the host printed something else than ${what}: ${where.join(', ')}`);
}
