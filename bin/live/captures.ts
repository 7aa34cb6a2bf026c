/** Inspections as files: what `sickbay diagnose DIR` reads, and what `--out` keeps. */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { redactInspection, redactText } from '../../core/diagnose/redact';
import type { HostCapture } from '../../core/model';
import { CommandError, EXIT } from '../exit';

function usage(message: string, cause?: unknown): CommandError {
  return new CommandError(message, EXIT.usage, { cause });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw usage(`${file}: cannot be read as JSON: ${messageOf(error)}`, error);
  }
}

/**
 * `{host, stdout}` or `{host, notInspectable}`; `capturedAt` in epoch ms, or the file's own time.
 */
function toCapture(file: string): HostCapture {
  const value = parseJson(file);
  if (typeof value !== 'object' || value === null) throw usage(`${file}: got ${JSON.stringify(value)}; allowed: an object {host, stdout}`);
  const { host, stdout, notInspectable, capturedAt } = value as Record<string, unknown>;
  if (typeof host !== 'string' || host === '') throw usage(`${file}: "host": got ${JSON.stringify(host)}; allowed: a name`);
  const at = typeof capturedAt === 'number' && Number.isFinite(capturedAt) ? capturedAt : Math.round(statSync(file).mtimeMs);
  if (typeof stdout === 'string') return { host, stdout: redactInspection(stdout), capturedAt: at };
  if (typeof notInspectable === 'string') return { host, notInspectable: redactText(notInspectable), capturedAt: at };
  throw usage(`${file}: it has neither "stdout" nor "notInspectable" as text`);
}

/**
 * The inspections of a directory, each redacted again. @throws CommandError that names the file and
 * what is wrong with it
 */
export function readCaptures(directory: string): HostCapture[] {
  const captures = namesIn(directory)
    .sort()
    .map((name) => toCapture(path.join(directory, name)));
  const hosts = captures.map(({ host }) => host);
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) throw usage(`host ${twice} is there twice`);
  return captures;
}

function namesIn(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => name.endsWith('.json'));
  } catch (error) {
    throw usage(`${directory}: cannot be read: ${messageOf(error)}`, error);
  }
  if (names.length === 0) throw usage(`${directory}: no <host>.json in it`);
  return names;
}

/**
 * For the owner's eyes: what is redacted still says how a host is built. @throws CommandError where
 * the directory cannot be written
 */
export function writeCaptures(directory: string, captures: readonly HostCapture[]): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    for (const capture of captures) {
      const file = path.join(directory, `${capture.host.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.json`);
      writeFileSync(file, `${JSON.stringify(capture, null, 2)}\n`, { mode: 0o600 });
    }
  } catch (error) {
    throw usage(`--out: ${directory} cannot be written: ${messageOf(error)}`, error);
  }
}
