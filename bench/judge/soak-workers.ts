/** The soak in several processes at once: each plays its part of the fleets and hands over its tally as JSON. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Tally, together } from './soak';

const COMMAND = join(__dirname, '..', 'judge.ts');

/** Progress goes through to stderr. @throws Error when a process ends without a tally. */
export async function soakInWorkers(rounds: number, seed: number, workers: number): Promise<Tally> {
  return together(await Promise.all(Array.from({ length: workers }, (_, part) => play(rounds, seed, `${part}/${workers}`))));
}

function play(rounds: number, seed: number, part: string): Promise<Tally> {
  const words = ['--soak', String(rounds), '--seed', String(seed), '--part', part];
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', COMMAND, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(out) as Tally);
      else reject(new Error(`part ${part} of the soak ended with ${code}`));
    });
  });
}
