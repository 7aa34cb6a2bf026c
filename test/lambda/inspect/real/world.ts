import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { HostCapture } from '../../../../core/model';
import { SCRIPT_FILE } from '../script';

const NAMESPACES = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--mount', '--uts'];

/**
 * Runs something in namespaces of its own, as root there, and returns what it printed. Everything
 * it started ends with it.
 */
export async function inNamespaces(argv: readonly string[]): Promise<string> {
  const child = spawn('unshare', [...NAMESPACES, ...argv], {
    env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, NODE: process.execPath, INSPECT: SCRIPT_FILE, SSM_probePath: '/page' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${argv.join(' ')} exited with ${status}: ${Buffer.concat(err).toString()}`);
  return Buffer.concat(out).toString('latin1');
}

/**
 * What inspect.sh prints on a host of real processes. The sick one runs `job` besides what every
 * host runs.
 */
export async function realHost(host: string, role: 'sick' | 'well', minute: number, job: readonly string[] = []): Promise<HostCapture> {
  const stdout = await inNamespaces(['bash', path.join(__dirname, 'world.sh'), role, String(minute), ...job]);
  return { host, stdout, capturedAt: Date.now() };
}
