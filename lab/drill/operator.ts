/** The person at the terminal: the real command line, as a process, with credentials of its own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ADDRESSES } from '../fleet/network';
import type { Cloud } from './cloud';
import { STACK } from './config';

const ROOT = path.join(__dirname, '..', '..');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `sickbay WORDS --stack NAME`, with this access key; `tell` gets each line of its progress. */
export function sickbay(
  cloud: Cloud,
  accessKeyId: string,
  words: readonly string[],
  tell: (line: string) => void = () => undefined,
): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    USER: 'lab',
    AWS_ENDPOINT_URL: `http://${ADDRESSES.gateway.edge}:${cloud.port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'not checked',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return new Promise((resolve, reject) => {
    const argv = [path.join(ROOT, 'bin', 'sickbay.js'), ...words, '--stack', STACK];
    const child = spawn(process.execPath, argv, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      out.stderr += chunk.toString();
      for (const line of chunk.toString().split('\n')) if (line !== '') tell(line);
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...out }));
  });
}
