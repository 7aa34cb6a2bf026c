import { spawn } from 'node:child_process';

/**
 * Runs one of our TypeScript programs in a process of its own and returns what it writes to stdout,
 * read as JSON. Its stderr goes through.
 * @throws Error when it ends with another code than those of `fine`.
 */
export function jsonFrom<T>(program: string, words: readonly string[], fine: readonly number[] = [0]): Promise<T> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', program, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== null && fine.includes(code)) resolve(JSON.parse(out) as T);
      else reject(new Error(`${program} ${words.join(' ')} ended with ${code}`));
    });
  });
}
