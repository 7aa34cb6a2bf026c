/**
 * Takes what drills recorded for the tests of what people read: the case as it was told first and
 * as it ended, and its rounds, with names for the instances, which the lab has none of.
 *
 *     npm run drills -- --out DIR SCENE ...
 *     npm run incidents -- DIR SCENE ...
 *     npm run alerts
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Case, Round } from '../core/model';
import type { Summary } from '../lab/drill/facts';

const FOLDER = path.join(__dirname, '..', 'test', 'fixtures', 'incidents');

function read(directory: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(directory, file), 'utf8'));
}

/** The first host of the lab is 10.0.1.10. */
function withNames(round: Round): Round {
  const named = Object.entries(round.instances ?? {}).map(([id, instance]) => {
    const number = Number(instance.address?.split('.')[3]) - 9;
    return [id, { ...instance, name: `checkout-app-${number}` }] as const;
  });
  return { ...round, instances: Object.fromEntries(named) };
}

/** @throws where the drill failed an expectation: such an incident shows what should not be. */
function write(directory: string, scene: string): void {
  const { expectations } = read(directory, 'summary.json') as Summary;
  const failed = expectations.filter(({ ok }) => !ok);
  if (failed.length > 0) throw new Error(`${scene}: ${failed.map(({ name }) => name).join('; ')}`);
  const incident = {
    scene,
    told: read(directory, 'told-case.json') as Case | null,
    case: read(directory, 'case.json') as Case,
    rounds: (read(directory, 'rounds.json') as Round[]).map(withNames),
  };
  writeFileSync(path.join(FOLDER, `${scene}.json.gz`), gzipSync(JSON.stringify(incident), { level: 9 }));
  console.log(`${scene}: ${incident.case.diagnosis?.findings[0]?.cause ?? 'no cause'}, ${incident.rounds.length} rounds`);
}

function main([from, ...scenes]: readonly string[]): number {
  if (from === undefined || scenes.length === 0) {
    console.error('give the folder of the drills, and the scenes: npm run incidents -- DIR SCENE ...');
    return 2;
  }
  const missing = scenes.filter((scene) => !existsSync(path.join(from, scene, 'case.json')));
  if (missing.length > 0) {
    console.error(`not played in ${from}: ${missing.join(', ')}`);
    return 2;
  }
  for (const scene of scenes) write(path.join(from, scene), scene);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
