import path from 'node:path';
import { appPids } from '../../../core/diagnose/identity';
import { parseInspection } from '../../../core/diagnose/parse';
import type { Inspection } from '../../../core/diagnose/inspection';
import { inNamespaces } from './real/world';

/**
 * One task of a service, as the inspection of its container host sees it beside another one with
 * the same port: real namespaces, made by real/tasks.sh.
 */

const WORLD = path.join(__dirname, 'real/tasks.sh');
/** They differ in their last letter alone. */
const idOf = (last: string) => `${'c'.repeat(31)}${last}`;
const [A, B, NOBODY] = [idOf('a'), idOf('b'), idOf('d')];

async function inspected(way: 'cgroup1' | 'cgroup2' | 'label' | 'forged' | 'bridge', task: string): Promise<Inspection> {
  const stdout = await inNamespaces(['bash', WORLD, way, task]);
  const seen = parseInspection({ host: 'here', stdout, capturedAt: 0 });
  if (seen === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
  expect(seen).toMatchObject({ complete: true, unread: 0 });
  return seen;
}

/** What waits in the pool of each process that passes for the application, and on its page. */
function taken(seen: Inspection): { readonly processes: string[]; readonly page: string[] } {
  const app = appPids(seen);
  return {
    processes: seen.processes.filter(({ pid }) => app.has(pid)).map(({ command }) => command.split(' ').at(-1) ?? ''),
    page: seen.metrics.filter(({ name }) => name === 'connection_pool_wait').map(({ value }) => String(value)),
  };
}

describe('a task of ECS beside another one on its host', () => {
  test.each([
    ['cgroup1', A, '3'],
    ['cgroup1', B, '7'],
    ['cgroup2', A, '3'],
    ['cgroup2', B, '7'],
    ['label', A, '3'],
    ['label', B, '7'],
    ['bridge', A, '3'],
    ['bridge', B, '7'],
  ] as const)(
    'is found by its %s, and nobody else passes for it: %s',
    async (way, task, waiting) => {
      const seen = await inspected(way, task);
      expect(taken(seen)).toEqual({ processes: [waiting], page: [waiting] });
      const asked = way === 'bridge' ? 32768 : 8080;
      expect(seen.listeners.filter(({ port }) => port === asked).length).toBeLessThanOrEqual(1);
    },
    60_000,
  );

  test.each(['cgroup1', 'label', 'forged'] as const)(
    'that is gone is nobody of those that are there, whatever they call themselves: %s',
    async (way) => {
      const seen = await inspected(way, NOBODY);
      expect(taken(seen)).toEqual({ processes: [], page: [] });
      expect(seen.sections.get('app')?.why).toContain('no process of the task listens on port 8080');
    },
    60_000,
  );
});
