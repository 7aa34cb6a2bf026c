import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SCRIPT_FILE, scriptWithPath } from '../script';

const HTTP_TOOLS = ['curl', 'wget', 'bash', 'nc'];

/** Directories of programs without the tools that ask pages, but for one: links to all others. */
function programsWith(httpTool: string): string {
  const programs = mkdtempSync(path.join(tmpdir(), 'sickbay-tools-'));
  for (const directory of ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])
    for (const name of readable(directory))
      if (name === httpTool || !HTTP_TOOLS.includes(name)) linkOnce(path.join(directory, name), path.join(programs, name));
  return programs;
}

function readable(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function linkOnce(target: string, link: string): void {
  try {
    symlinkSync(target, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Resident set of all processes of this process group, in MB: the largest one. */
function largestMb(group: number): number {
  const sizes = readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid)) return [];
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(fields[2]) === group ? [(Number(fields[21]) * 4096) / 1_048_576] : [];
    } catch {
      return [];
    }
  });
  return Math.max(0, ...sizes);
}

/**
 * Runs inspect.sh on this machine. `httpTool`: the only program that it finds to ask a page with.
 * `mostMb`: the largest of its processes.
 */
export async function inspectHere(
  env: Readonly<Record<string, string>>,
  { httpTool }: { readonly httpTool?: string } = {},
): Promise<{ readonly stdout: string; readonly mostMb: number }> {
  const programs = httpTool === undefined ? undefined : programsWith(httpTool);
  const script = programs === undefined ? SCRIPT_FILE : path.join(programs, 'inspect.sh');
  if (programs !== undefined) writeFileSync(script, scriptWithPath(programs));
  const child = spawn('/bin/sh', [script], {
    detached: true, // a process group of its own, by which its processes are found
    env: { PATH: programs ?? process.env['PATH'] ?? '/bin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  let mostMb = 0;
  const watch = setInterval(() => (mostMb = Math.max(mostMb, largestMb(child.pid ?? 0))), 100);
  await once(child, 'close');
  clearInterval(watch);
  if (programs !== undefined) rmSync(programs, { recursive: true });
  return { stdout: Buffer.concat(out).toString('latin1'), mostMb };
}
