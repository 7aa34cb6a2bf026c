/**
 * The soak in several processes at once: each plays its part of the fleets and hands over its tally
 * as JSON.
 */
import { join } from 'node:path';
import { jsonFrom } from '../../scripts/json-process';
import { type Tally, together } from './soak';

const COMMAND = join(__dirname, '..', 'judge.ts');

/** Progress goes through to stderr. @throws Error when a process ends without a tally. */
export async function soakInWorkers(rounds: number, seed: number, workers: number): Promise<Tally> {
  const words = ['--soak', String(rounds), '--seed', String(seed)];
  const parts = Array.from({ length: workers }, (_, part) => jsonFrom<Tally>(COMMAND, [...words, '--part', `${part}/${workers}`]));
  return together(await Promise.all(parts));
}
