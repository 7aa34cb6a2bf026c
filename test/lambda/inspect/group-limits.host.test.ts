import path from 'node:path';
import { parseInspection } from '../../../core/diagnose/parse';
import { memoryGroup, memoryLimitUsed } from '../../../core/diagnose/limits';
import { inNamespaces } from './real/world';

/** The control group of a real application beside a job in it, in the files of both versions. */
const WORLD = path.join(__dirname, 'real/limits.sh');

describe('the control group of the application', () => {
  test.each([
    ['1', 'cpu.shares', '34'],
    ['2', 'cpu.weight', '3'],
  ])(
    'of version %s is told with its limits, and with who runs in it, the largest first',
    async (version, weight, told) => {
      const stdout = await inNamespaces(['bash', WORLD, version]);
      const seen = parseInspection({ host: 'here', stdout, capturedAt: 0 });
      if (seen === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
      expect(seen).toMatchObject({ complete: true, unread: 0 });
      expect(seen.cgroup.get(weight)?.value).toBe(told);
      expect(memoryLimitUsed(seen)?.toFixed(2)).toBe('0.98');
      const [largest] = memoryGroup(seen)?.pids ?? [];
      expect(memoryGroup(seen)).toMatchObject({ limitKb: 204_800 });
      expect(seen.processes.find(({ pid }) => pid === largest)?.rssKb).toBeGreaterThan(131_072);
      expect([...(memoryGroup(seen)?.pids ?? [])]).toHaveLength(2);
    },
    60_000,
  );
});
