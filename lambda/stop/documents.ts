/**
 * The Systems Manager documents that stop a culprit (docs/decisions/0030-stopping-a-culprit.md):
 * three Command documents around one program (lambda/stop/host/, put together by
 * scripts/stop-program.ts), and the Automation runbook that asks a person first.
 *
 * Command documents are schema 2.2, written as YAML. Each parameter is bound by a pattern and
 * reaches the program as an environment variable, `SSM_<name>` (user guide, "Data elements and
 * parameters"; agent >= 3.3.2746.0): a value is data, never text of the script. An older agent sets
 * no such variable, and the program then does nothing.
 */
import { createHash } from 'node:crypto';
import { commandDocument } from '../command-document';
import type { StopPlan } from '../../core/model';

interface ParameterShape {
  readonly allowedPattern: string;
  readonly allowedValues?: readonly string[];
}

/** Parts of the program, in their order. `looking` is how all modes look at the host. */
export const PARTS = ['looking', 'telling', 'acting', 'main'] as const;
/** A line with this and the name of a part begins it. */
export const PART = '#part ';
/** What only reads holds no code that signals or writes; what acts tells no command line. */
const PARTS_OF = {
  plan: ['looking', 'telling', 'main'],
  stop: ['looking', 'acting', 'main'],
  undo: ['looking', 'acting', 'main'],
} as const;

/** What may stand for each parameter. The program holds its values against the same patterns. */
export const STOP_PARAMETERS = {
  /** Reads only: `plan` is the dry run of a stop, `status` tells how one stands. */
  ask: { allowedPattern: '^(plan|status)$', allowedValues: ['plan', 'status'] },
  /** An id of a case as lambda/respond/open-cases.ts makes it. It names a file on the host. */
  caseId: { allowedPattern: '^[A-Za-z0-9][A-Za-z0-9:._-]{0,79}$' },
  /** 0: none, for `status`. Never 1. */
  pid: { allowedPattern: '^(0|[2-9]|[1-9][0-9]{1,9})$' },
  digest: { allowedPattern: '^[0-9a-f]{64}$' },
  allowKill: { allowedPattern: '^(true|false)$', allowedValues: ['true', 'false'] },
  /** Seconds since 1970: no stop after it. */
  expiresAt: { allowedPattern: '^[1-9][0-9]{9}$' },
  /** Seconds since 1970: the end of the lease, for the crontab's line. */
  undoAt: { allowedPattern: '^[1-9][0-9]{9}$' },
} as const satisfies Readonly<Record<string, ParameterShape>>;

type StopParameter = keyof typeof STOP_PARAMETERS;
type StopMode = 'plan' | 'stop' | 'undo';

/** A Command document's content may have this many bytes (API reference, CreateDocument). */
export const DOCUMENT_BYTES = 64 * 1024;

/** Of the whole program: what a plan carries as `program`, and part of its digest. */
export function programHash(program: string): string {
  return createHash('sha256').update(program).digest('hex').slice(0, 32);
}

/**
 * Reads one host and changes nothing. Takes `ask`, `caseId` and `pid`; prints a `StopPlan` or a
 * `StopStatus`. YAML. @throws where the program cannot stand in a document.
 */
export function planDocument(program: string): string {
  return command(
    'Sickbay: reads what a stop would meet on one host, or how one stands. Read only',
    'plan',
    ['ask', 'caseId', 'pid'],
    program,
  );
}

/**
 * Stops one process tree, whose digest a person approved, and what starts it again. Prints a
 * `StopOutcome`. Only the runbook's role may run it. YAML. @throws as `planDocument`.
 */
export function stopDocument(program: string): string {
  return command(
    'Sickbay: stops the one job that a person approved',
    'stop',
    ['caseId', 'pid', 'digest', 'allowKill', 'expiresAt', 'undoAt'],
    program,
  );
}

/**
 * Gives back what starts a stopped job, as often as it is asked. Prints an `UndoOutcome`. YAML.
 * @throws as `planDocument`.
 */
export function undoDocument(program: string): string {
  return command('Sickbay: gives a stopped job its crontab line or timer back', 'undo', ['caseId'], program);
}

/** TERM, 30 s, KILL, and what is read before and after. */
const EXECUTION_TIMEOUT_S = { plan: 30, stop: 120, undo: 60 } as const;

function command(description: string, mode: StopMode, names: readonly StopParameter[], program: string): string {
  const content = commandDocument({
    description,
    parameters: Object.fromEntries(names.map((name) => [name, STOP_PARAMETERS[name]])),
    step: mode,
    timeoutS: EXECUTION_TIMEOUT_S[mode],
    elements: [script(mode, program).join('\n')],
  });
  if (Buffer.byteLength(content) > DOCUMENT_BYTES) throw new Error(`document ${mode}: over ${DOCUMENT_BYTES} bytes`);
  return content;
}

const END_OF_PROGRAM = 'END_OF_SICKBAY_PROGRAM';

/**
 * A shell that finds Python and hands it the program as standard input: an argument would be cut at
 * 128 KB and stand in everybody's list of processes.
 */
function script(mode: StopMode, program: string): string[] {
  if (program.includes('{{')) throw new Error('the program holds "{{", which SSM would replace');
  if (program.includes(END_OF_PROGRAM)) throw new Error('the program holds the line that ends it');
  const hash = programHash(program);
  return [
    '#!/bin/sh',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    `SICKBAY_PROGRAM=${hash} SICKBAY_MODE=${mode === 'plan' ? '"$SSM_ask"' : mode}`,
    'export PATH SICKBAY_PROGRAM SICKBAY_MODE',
    'for python in python3 /usr/libexec/platform-python; do',
    // -I -S: neither the environment, the working directory nor site-packages decide what runs.
    `"$python" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null || continue`,
    `exec "$python" -I -S - <<'${END_OF_PROGRAM}'`,
    ...partsOf(program, PARTS_OF[mode]),
    END_OF_PROGRAM,
    'done',
    ...withoutPython(mode, hash),
  ];
}

function partsOf(program: string, parts: readonly (typeof PARTS)[number][]): string[] {
  const sections = program.trimEnd().split(new RegExp(`^${PART}`, 'm'));
  return parts.flatMap((part) => {
    const section = sections.find((text) => text.startsWith(`${part}\n`));
    if (section === undefined) throw new Error(`the program has no part ${part}`);
    return section
      .slice(part.length + 1)
      .trimEnd()
      .split('\n');
  });
}

/** What the shell itself says where no Python runs. */
function withoutPython(mode: StopMode, program: string): string[] {
  const why = 'no Python 3.6 or later on this host';
  if (mode === 'plan')
    return [`[ "$SICKBAY_MODE" = plan ] || { echo '${why}' >&2; exit 1; }`, `echo '${JSON.stringify(planless(program, why))}'`];
  const said =
    mode === 'stop' ? { v: 1, digest: '', outcome: 'refused', why, signalled: [], starter: 'untouched' } : { v: 1, outcome: 'failed', why };
  return [`echo '${JSON.stringify(said)}'`];
}

/** A plan that says only why there is none: nothing in it can be taken for a process. */
function planless(program: string, unsupported: string): StopPlan {
  return {
    v: 1,
    digest: '',
    program,
    bootId: '',
    process: { pid: 0, startTicks: 0, ppid: 0, uid: 0, user: '', executable: '', command: '' },
    startedAt: 0,
    executable: { path: '', device: 0, inode: 0, ownerUid: 0, writableByOthers: true, replaced: true },
    cgroup: '',
    ancestors: [],
    tree: [],
    listens: true,
    sharesApplication: true,
    connections: [],
    writing: [],
    unsupported,
  };
}
