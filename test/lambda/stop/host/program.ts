import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { planDocument, stopDocument, undoDocument } from '../../../../lambda/stop/documents';
import { stopProgram } from '../../../../scripts/stop-program';
import { parsed } from '../../../builders/parsed';

const FOLDER = mkdtempSync(path.join(tmpdir(), 'sickbay-stop-'));

/** The whole program as it is shipped, in a file. */
export const PROGRAM_FILE = written('stop.py', stopProgram());

/** A file of this text, in the folder of these tests. */
export function written(name: string, text: string): string {
  const file = path.join(FOLDER, name);
  writeFileSync(file, text);
  return file;
}

function scriptOf(document: string): string {
  const { mainSteps } = parse(document) as { mainSteps: [{ inputs: { runCommand: string[] } }] };
  return mainSteps[0].inputs.runCommand.join('\n');
}

/**
 * Scripts of the documents, as an agent runs them. `program`: another one, with a guard removed.
 */
export function scripts(program = stopProgram(), name = 'whole'): Readonly<Record<'plan' | 'stop' | 'undo', string>> {
  return {
    plan: written(`${name}-plan.sh`, scriptOf(planDocument(program))),
    stop: written(`${name}-stop.sh`, scriptOf(stopDocument(program))),
    undo: written(`${name}-undo.sh`, scriptOf(undoDocument(program))),
  };
}

/** The oldest Python that the program is for, where this machine has it. */
function oldest(): readonly string[] {
  const versions = path.join(homedir(), '.pyenv/versions');
  const found = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith('3.6.')) : [];
  return found.map((name) => path.join(versions, name, 'bin/python3'));
}

export const PYTHONS: readonly string[] = ['/usr/bin/python3', ...oldest()];

/** A call of one of the program's functions: bytes are given and answered as `{ b: latin1 }`. */
export type Call = readonly [name: string, ...args: unknown[]];

const HARNESS = `
import json, sys
program = {'__name__': 'stop'}
exec(compile(open(sys.argv[1]).read(), 'stop.py', 'exec'), program)
def given(value):
    if isinstance(value, dict) and set(value) == {'b'}:
        return value['b'].encode('latin-1')
    return value
def told(value):
    if isinstance(value, bytes):
        return {'b': value.decode('latin-1')}
    if isinstance(value, (list, tuple)):
        return [told(one) for one in value]
    return value
def called(name, *args):
    try:
        return told(program[name](*[given(one) for one in args]))
    except program['Refused'] as error:
        return {'refused': str(error)}
print(json.dumps([called(*call) for call in json.load(sys.stdin)]))
`;

/** Answers of all calls, in one process: a property test makes thousands. */
export function call(calls: readonly Call[], python = PYTHONS[0] ?? 'python3'): unknown[] {
  const run = spawnSync(python, ['-I', '-S', '-c', HARNESS, PROGRAM_FILE], {
    input: JSON.stringify(calls),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`${python} ended with ${run.status}: ${run.stderr}`);
  return parsed<unknown[]>(run.stdout);
}

export const bytes = (text: string): { readonly b: string } => ({ b: text });
