import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { preflight } from '../../lab/fleet/preflight';
import { waitFor } from '../../lab/fleet/wait';
import { errnoOf } from '../../lab/fleet/errno';
import { exitStatus, firstLine, startProgram } from './fixtures/program';
import { neededInCi } from '../needed-in-ci';

const PROGRAM = resolve(__dirname, 'fixtures/enclosed.ts');
const ready = preflight(resolve(__dirname, '../..'));

interface Place {
  readonly directory: string;
  readonly networks: readonly string[];
}

/**
 * What is left of a program: processes that carry its marker or live in its networks, devices and
 * files of its name.
 */
function leftovers(marker: string, place: Place): string[] {
  const read = (look: () => string): string => {
    try {
      return look();
    } catch (cause) {
      if (errnoOf(cause) !== undefined) return ''; // the process ended while we looked, or is not ours to look at
      throw cause;
    }
  };
  const processes = readdirSync('/proc').filter((pid) => {
    const inside = place.networks.includes(read(() => readlinkSync(`/proc/${pid}/ns/net`)));
    return /^\d+$/.test(pid) && (inside || read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).includes(marker));
  });
  const files = readdirSync(place.directory).filter((name) => name === marker);
  const devices = Object.keys(networkInterfaces()).filter((name) => name === marker);
  return [...processes.map((pid) => `process ${pid}`), ...files, ...devices];
}

async function nothingLeft(marker: string, place: Place): Promise<void> {
  await waitFor('everything to be gone', 5_000, async () => {
    const left = leftovers(marker, place);
    return left.length === 0 ? { done: undefined } : { seen: left.join(', ') };
  });
}

// Where the kernel forbids namespaces there is nothing to enclose; what must hold then is that the
// reason and the remedy are given.
neededInCi(!('problems' in ready), 'this machine cannot run the lab');
if ('problems' in ready) {
  test('a machine that cannot run the lab is told why and what to do', () => {
    for (const problem of ready.problems) expect([problem.what, problem.why, problem.remedy]).not.toContain('');
  });
} else {
  const cases = [
    { name: 'Ctrl-C', ending: 'wait', end: (pid: number) => process.kill(pid, 'SIGINT'), status: 130 },
    { name: 'SIGKILL of the outer process', ending: 'wait', end: (pid: number) => process.kill(pid, 'SIGKILL'), status: null },
    { name: 'the sudden death of the program', ending: 'die', end: () => undefined, status: 137 },
  ];
  test.each(cases)(
    '$name leaves no process, device or file',
    async ({ name, ending, end, status }) => {
      const marker = `lab${process.pid}${name.length}`;
      const outer = startProgram(PROGRAM, [marker, ending]);
      const place = await firstLine<Place>(outer);
      expect(place.networks).not.toContain(readlinkSync('/proc/self/ns/net'));
      end(outer.pid ?? 0);
      expect(await exitStatus(outer)).toBe(status);
      await nothingLeft(marker, place);
    },
    20_000,
  );

  test('two enclosures at once do not see each other', async () => {
    const outers = ['one', 'two'].map((name) => startProgram(PROGRAM, [`lab${process.pid}${name}`, 'wait']));
    const places = await Promise.all(outers.map((outer) => firstLine<Place>(outer)));
    expect(new Set(places.flatMap(({ networks }) => networks)).size).toBe(4);
    for (const outer of outers) outer.kill('SIGINT');
    expect(await Promise.all(outers.map(exitStatus))).toEqual([130, 130]);
  }, 20_000);
}
