import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { HostCapture } from '../../../core/model';
import { parsed } from '../../builders/parsed';

const ROOT = path.join(__dirname, '../../fixtures/inspections');
/** Captures of services that others wrote (lab/stacks). */
export const STACKS = path.join(__dirname, '../../fixtures/stacks');

/**
 * The captures of one scene under test/fixtures/inspections, by host. Each file says in `from`
 * where it comes from.
 */
export function captures(scene: string, root = ROOT): ReadonlyMap<string, HostCapture> {
  const folder = path.join(root, scene);
  const known = READ.get(folder);
  if (known !== undefined) return known;
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = files.map((name) => parsed<HostCapture>(readFileSync(path.join(folder, name), 'utf8')));
  const found = new Map(read.map((capture) => [capture.host, capture]));
  READ.set(folder, found);
  return found;
}

/** Read once: a test that asks sixty times would spend its time on files. */
const READ = new Map<string, ReadonlyMap<string, HostCapture>>();

export function capturedScenes(): string[] {
  return readdirSync(ROOT);
}

/** One host beside the rest, ready for `diagnose`. */
export function sceneInput(scene: string, sickHost: string, root = ROOT): { sick: HostCapture; peers: HostCapture[]; now: number } {
  const all = captures(scene, root);
  const sick = all.get(sickHost);
  if (sick === undefined) throw new Error(`scene ${scene} has no host ${sickHost}; it has ${[...all.keys()].join(', ')}`);
  return { sick, peers: [...all.values()].filter((capture) => capture !== sick), now: sick.capturedAt };
}
