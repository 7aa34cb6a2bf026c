import path from 'node:path';
import { parseInspection } from '../../../core/diagnose/parse';
import { sectionStatus, type Inspection } from '../../../core/diagnose/inspection';
import { inNamespaces } from './real/world';

/**
 * An application in a container, as the inspection of its host sees it: real namespaces, made by
 * real/container.sh.
 */

const WORLD = path.join(__dirname, 'real/container.sh');

async function inspected(
  way: 'proxy' | 'nothing',
  job: 'host' | 'container',
  trick = 'none',
): Promise<{ stdout: string; seen: Inspection }> {
  const stdout = await inNamespaces(['bash', WORLD, way, job, trick]);
  const seen = parseInspection({ host: 'here', stdout, capturedAt: 0 });
  if (seen === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
  expect(seen).toMatchObject({ complete: true, unread: 0 });
  return { stdout, seen };
}

function application({ containers }: Inspection): number | undefined {
  return containers.find(({ runtime }) => runtime === 'namespace')?.pid;
}

describe('an application in a container', () => {
  test.each(['proxy', 'nothing'] as const)(
    'is found where the host has %s on its port, and asked within',
    async (way) => {
      const { seen } = await inspected(way, 'host');
      const pid = application(seen);
      expect(seen.processes.find((one) => one.pid === pid)?.command).toContain('app.js');
      expect(seen.processes.find(({ command }) => command.endsWith('/opt/rogue_outside'))?.cpuMs).toBeGreaterThan(50);
      expect(seen.http.filter(({ kind }) => kind === 'metrics').map(({ status }) => status)).toEqual([200]);
      expect(seen.dns).toEqual(expect.arrayContaining([{ key: 'nameserver', value: '10.9.9.9' }]));
      expect(seen.cron.map(({ source, line }) => [source, line])).toContainEqual([
        'container:/var/spool/cron/crontabs/root',
        '7 * * * * /opt/inner_job',
      ]);
    },
    60_000,
  );

  test('its connections are seen by their clocks, and so is a job beside it', async () => {
    const { seen } = await inspected('nothing', 'container');
    const pid = application(seen);
    const rogue = seen.processes.find(({ command }) => command.endsWith('/opt/rogue_inside'));
    const database = seen.database.map((one) => one.pid);
    expect(database).toEqual(expect.arrayContaining([pid, rogue?.pid]));
    expect(seen.database.find((one) => one.pid === pid)?.unanswered).toBeGreaterThan(0);
  }, 60_000);

  test.each(['link', 'directory', 'fifo'])(
    'its files lead nowhere out of it: %s',
    async (trick) => {
      const { stdout, seen } = await inspected('nothing', 'host', trick);
      expect(stdout).not.toMatch(/host-secret|6\.6\.6\.6/);
      expect(seen.dns.filter(({ key }) => key !== 'pending')).toEqual([]);
      expect(sectionStatus(seen, 'dns')).toBe('partial');
    },
    60_000,
  );
});
