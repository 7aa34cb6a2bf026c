/**
 * The inspection over the system's own `ssh`, with the user's own configuration: the script goes in
 * on standard input, what it prints comes out. The remote command is one of two constants; no name
 * and no value is ever part of it.
 */
import { spawn } from 'node:child_process';
import { newSeal, labelled } from '../../lambda/inspect/hidden-values';
import { redactInspection, redactText } from '../../core/diagnose/redact';
import type { HostCapture } from '../../core/model';
import { CommandError, EXIT } from '../exit';
import { hostScript, scriptWith, type Parameters } from './script';

const SHELL = 'sh -s';
/** Fails where a password would be asked for. */
const AS_ROOT = 'sudo -n sh -s';
/**
 * Over the user's configuration: nothing asks anybody, nothing of this machine is forwarded to the
 * host, and no command but ours runs (ssh_config(5); a RemoteCommand of the configuration would
 * forbid one on the command line).
 */
const OPTIONS = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'RemoteCommand=none',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
  'PermitLocalCommand=no',
];
/** The script ends by itself within 20 s; connecting may take 10 s. */
const MOST_MS = 60_000;
const MOST_BYTES = 1024 * 1024;
const STDERR_BYTES = 2_000;
const STDERR_TOLD = 200;
const HEADER = 'sickbay-inspection ';

export interface SshOptions {
  readonly sudo: boolean;
  readonly parameters: Parameters;
  /** Is told of each host as it ends. */
  readonly tell: (text: string) => void;
}

/**
 * All hosts at the same moment. One that cannot be reached or printed nothing is evidence, not an
 * error.
 * @throws CommandError where there is no ssh
 */
export async function inspectOverSsh(hosts: readonly string[], { sudo, parameters, tell }: SshOptions): Promise<HostCapture[]> {
  const seal = await newSeal();
  const script = scriptWith(hostScript(), { ...parameters, digestKey: seal.publicKey });
  const inspected = async (host: string): Promise<HostCapture> => {
    const began = performance.now();
    const capture = captureOf(host, await inspectHost(host, sudo ? AS_ROOT : SHELL, script));
    tell(`${host}: ${'stdout' in capture ? `inspected in ${((performance.now() - began) / 1000).toFixed(1)} s` : capture.notInspectable}`);
    return capture;
  };
  const captures = await Promise.all(hosts.map(inspected));
  return labelled(captures, seal).map((capture) =>
    'stdout' in capture ? { ...capture, stdout: redactInspection(capture.stdout) } : capture,
  );
}

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: string;
}

function inspectHost(host: string, command: string, script: string): Promise<Answer> {
  const argv = ['-T', ...OPTIONS.flatMap((option) => ['-o', option]), '--', host, command];
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', argv, { stdio: 'pipe' });
    let [stdout, stderr, ended] = ['', '', ''];
    const stop = (why: string): void => {
      ended = why;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`no answer within ${MOST_MS / 1000} s`), MOST_MS);
    child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.length > MOST_BYTES) stop(`printed more than ${MOST_BYTES} bytes`);
    });
    child.stderr.setEncoding('latin1').on('data', (chunk: string) => (stderr = (stderr + chunk).slice(0, STDERR_BYTES)));
    child.stdin.on('error', () => undefined); // the host hung up: its exit status and standard error say why
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new CommandError(`ssh cannot be run: ${cause.message}; install an OpenSSH client, or use --hosts`, EXIT.lacking, { cause }));
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ stdout, stderr, ended: ended || `ssh ended with ${status ?? signal}` });
    });
    child.stdin.end(script);
  });
}

/**
 * What a host printed before the inspection, such as a banner of its shell's start-up files, is
 * left out.
 */
function captureOf(host: string, { stdout, stderr, ended }: Answer): HostCapture {
  const capturedAt = Date.now();
  const start = stdout.startsWith(HEADER) ? 0 : stdout.indexOf(`\n${HEADER}`) + 1;
  if (stdout.startsWith(HEADER, start)) return { host, stdout: stdout.slice(start), capturedAt };
  const [first = ''] = stderr.trim().split(/[\r\n]/);
  const said = redactText(first).slice(0, STDERR_TOLD);
  return { host, notInspectable: `${ended} and no inspection${said === '' ? '' : `: ${said}`}`, capturedAt };
}
