/**
 * The same runs in several processes at once: each plays its share and hands over its report as
 * JSON.
 */
import path from 'node:path';
import { jsonFrom } from '../../scripts/json-process';
import { EMPTY, together, type Report } from './report';

const COMMAND = path.join(__dirname, '..', 'chaos.ts');

export interface Share {
  readonly part: number;
  readonly of: number;
  readonly seed: number;
  readonly runs: number;
}

interface Played {
  readonly crashPoints: boolean;
  readonly services: boolean;
  readonly network: boolean;
}

/**
 * `runs` seeds from `seed` on in `of` shares, as even as can be; crash points are shared by their
 * number.
 */
export function shares(seed: number, runs: number, of: number): Share[] {
  const first = (part: number) => Math.round((part * runs) / of);
  return Array.from({ length: of }, (_, part) => ({ part, of, seed: seed + first(part), runs: first(part + 1) - first(part) }));
}

/**
 * The reports of all shares, together. Progress goes through to stderr. @throws when a worker ends
 * without a report.
 */
export async function inWorkers(all: readonly Share[], what: Played): Promise<Report> {
  const reports = await Promise.all(all.map((share) => play(share, what)));
  return reports.reduce(together, EMPTY);
}

function play({ part, of, seed, runs }: Share, { crashPoints, services, network }: Played): Promise<Report> {
  const what = [...(crashPoints ? [] : ['--no-crash-points']), ...(services ? ['--services'] : []), ...(network ? ['--network'] : [])];
  const words = ['--seed', String(seed), '--runs', String(runs), '--part', `${part}/${of}`, ...what];
  // 1: there were violations, and the report says which.
  return jsonFrom<Report>(COMMAND, [...words, '--json'], [0, 1]);
}
