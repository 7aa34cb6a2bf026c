import { resolve } from 'node:path';
import { preflight } from '../../lab/fleet/preflight';
import { exitStatus, firstLine, startProgram } from './fixtures/program';
import type { Look } from './fixtures/starvation';
import { neededInCi } from '../needed-in-ci';

const ready = preflight(resolve(__dirname, '../..'));
const fixture = (name: string): string => resolve(__dirname, 'fixtures', name);

interface Incident {
  readonly before: readonly Look[];
  readonly during: readonly Look[];
  readonly after: readonly Look[];
  readonly failedChecks: number;
  readonly sample: { readonly slowFraction: number };
}

interface TaskReplaced {
  readonly names: readonly string[];
  readonly taskId: string;
  readonly cgroups: string;
  readonly left: string;
  readonly hasCgroups: boolean;
  readonly noAgent: string;
}

// fleet-enclose.host.test.ts says what holds on a machine that forbids namespaces; the rest of the
// lab's tests need none
neededInCi(!('problems' in ready), 'this machine cannot run the lab');
const onLinuxWithNamespaces = 'problems' in ready ? [] : [ready.mode];

test('the machine can run the fleet, or is told what it lacks and what to do about it', () => {
  const remedies = 'problems' in ready ? ready.problems.map(({ remedy }) => remedy) : [`run it in ${ready.mode} mode`];
  expect(remedies).not.toHaveLength(0);
  expect(remedies).not.toContain('');
});

describe.each(onLinuxWithNamespaces)('in %s mode', () => {
  test('functions reach their own networks and nothing else', async () => {
    const program = startProgram(fixture('networks.ts'), []);
    const found = await firstLine<Record<string, string>>(program);
    expect(await exitStatus(program)).toBe(0);
    expect(found).toEqual({
      'lab to target': 'open',
      'prober to target': 'open',
      'prober to edge': 'ENETUNREACH',
      'sweeper to edge': 'open',
      'sweeper to target': 'ENETUNREACH',
      'sweeper to the gateway on fleet': 'ENETUNREACH',
      'sweeper to target by a route of its own': 'ETIMEDOUT',
    });
  }, 30_000);

  test.each(['FARGATE', 'EC2'])(
    'a task on %s is stopped, and its replacement comes up at its address',
    async (launchType) => {
      const program = startProgram(fixture('tasks.ts'), [launchType]);
      const found = await firstLine<TaskReplaced>(program);
      expect(await exitStatus(program)).toBe(0);
      expect(found).toMatchObject({ statuses: [200, 200], stopCode: 'UserInitiated' });
      expect(found.names[0]).not.toBe(found.names[1]);
      expect(found.noAgent).toContain('it has no agent');
      // Fargate shows no host; without being root nobody makes control groups.
      const isSeen = launchType === 'EC2' && found.hasCgroups;
      expect(found.cgroups).toMatch(isSeen ? new RegExp(`/ecs/${found.taskId}/[0-9a-f]{64}`) : /^(?!.*[/]ecs[/])/s);
      expect(found.left).not.toContain(found.taskId);
    },
    60_000,
  );

  test('the report starves the pool of its own host, and only that; without it the pool recovers', async () => {
    const program = startProgram(fixture('starvation.ts'), []);
    const incident = await firstLine<Incident>(program);
    expect(await exitStatus(program)).toBe(0);
    const sick = (looks: readonly Look[]): Look | undefined => looks.find(({ host }) => host === 'app-3');
    const peers = (looks: readonly Look[]): Look[] => looks.filter(({ host }) => host !== 'app-3');

    expect(sick(incident.before)).toMatchObject({ waiting: 0, hasReportProcess: false, hasReportLine: true });
    expect(sick(incident.during)).toMatchObject({
      active: 20,
      connections: 22,
      healthStatus: 200,
      hasReportProcess: true,
      hasReportLine: true,
    });
    expect(sick(incident.after)).toMatchObject({ waiting: 0, hasReportProcess: false, hasReportLine: false });
    for (const peer of peers(incident.during)) {
      expect(peer).toMatchObject({ waiting: 0, hasReportProcess: false, hasReportLine: false });
      expect(peer.active).toBeLessThan(20);
    }
    expect(incident.failedChecks).toBe(0);
    expect(incident.sample.slowFraction).toBe(0);
  }, 60_000);
});
