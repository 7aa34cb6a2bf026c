import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseInspection } from '../../../core/diagnose/parse';
import { sectionStatus, type Inspection } from '../../../core/diagnose/inspection';
import { inNamespaces } from './real/world';
import { inspectHere } from './real/inspect-here';
import { SCRIPT } from './script';
import { listeningPort } from '../../../lab/wire/listening-port';

/**
 * What the application's own user may put where inspect.sh, which runs as root, looks for a
 * release.
 */

const SECRET = 'shadow-of-root';

function parsed(stdout: string): Inspection {
  const inspection = parseInspection({ host: 'here', stdout, capturedAt: 0 });
  if (inspection === undefined) throw new Error(`not an inspection: ${stdout.slice(0, 200)}`);
  return inspection;
}

/**
 * `own` of the script, asked for a file as if a process of this uid had it in its working
 * directory.
 */
function own(uid: number, file: string, bytes = 80): { stdout: string; ms: number } {
  const functions = SCRIPT.slice(SCRIPT.indexOf('set -u\n'), SCRIPT.indexOf('PATHCHARS='));
  const startedAt = Date.now();
  const run = spawnSync('sh', ['-c', `${functions}\nown "$1" "$2" "$3"`, 'sh', String(uid), String(bytes), file], { encoding: 'latin1' });
  return { stdout: run.stdout, ms: Date.now() - startedAt };
}

describe('a file of the application', () => {
  let directory: string;
  let uid: number;
  const at = (name: string): string => path.join(directory, name);

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'sickbay-own-'));
    uid = process.getuid?.() ?? 0;
    writeFileSync(at('secret'), SECRET, { mode: 0o600 });
    writeFileSync(at('VERSION'), '1.42.0\n', { mode: 0o600 });
    symlinkSync('secret', at('link'));
    mkdirSync(at('directory'));
    spawnSync('mkfifo', [at('fifo')]);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  test("is read when it is a regular file of the process's own user, and no further than it was told", () => {
    expect(own(uid, at('VERSION')).stdout).toBe('1.42.0\n');
    expect(own(uid, at('VERSION'), 4).stdout).toBe('1.42');
  });

  test('is not read through a link, though the target belongs to that user', () => {
    expect(own(uid, at('link')).stdout).toBe('');
  });

  test('is not read when it is a directory, a device, a pipe or a file of the kernel, and nothing waits for it', () => {
    for (const file of [at('directory'), '/dev/zero', '/dev/tty', at('fifo'), '/proc/self/environ', '/proc/version'])
      expect({ file, ...own(uid, file) }).toEqual({ file, stdout: '', ms: expect.any(Number) });
    expect(own(uid, at('fifo')).ms).toBeLessThan(4_000);
  });

  test('is not read when it belongs to somebody else, as a hard link to a file of root does', () => {
    linkSync(at('secret'), at('hard'));
    expect(own(uid + 1, at('hard')).stdout).toBe('');
    expect(own(uid + 1, at('VERSION')).stdout).toBe('');
  });

  test('of root is read when everybody may read it: releases are often unpacked by root', () => {
    writeFileSync(at('released'), '1.42.0\n');
    chmodSync(at('released'), 0o644);
    expect(own(uid + 1, at('released')).stdout).toBe(uid === 0 ? '1.42.0\n' : '');
  });

  test('that turns into a pipe after it was looked at costs a moment, and not the step', () => {
    // The check is before the open: `[` is made to say that all is well.
    const functions = SCRIPT.slice(SCRIPT.indexOf('set -u\n'), SCRIPT.indexOf('PATHCHARS='));
    const blind = functions.replace('[ -f "$1" ] && [ ! -L "$1" ]', ':');
    expect(blind).not.toBe(functions);
    const startedAt = Date.now();
    const fifo = spawnSync('sh', ['-c', `${blind}\nown ${uid} 80 "$1"`, 'sh', at('fifo')], { encoding: 'latin1', timeout: 10_000 });
    expect({ stdout: fifo.stdout, killed: fifo.signal }).toEqual({ stdout: '', killed: null });
    expect(Date.now() - startedAt).toBeLessThan(6_000);
    const device = spawnSync('sh', ['-c', `${blind}\nown ${uid} 80 /dev/zero`], { encoding: 'latin1', timeout: 10_000 });
    expect(device.stdout).toBe('');
  });
});

/** The largest resident set of the inspection's processes, in MB, beside what it printed. */
const HOSTILE = `
  d=$(mktemp -d); cd "$d"; echo shadow"-of"-root >secret; chmod 600 secret
  ln -s "$PWD/secret" VERSION; ln -s secret REVISION; mkfifo version.txt; ln -s /dev/zero .release; ln -s /dev/zero package.json
  node -e 'net.createServer().listen(8080); setTimeout(() => {}, 1e6)' & app=$!
  until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':1F90 '; do sleep 0.1; done
  sh "$INSPECT" & i=$!; most=0
  while kill -0 $i 2>/dev/null; do
    m=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v node=$app '/^Pid:/ { p = $2 } /^VmRSS:/ && p != node && $2 > m { m = $2 } END { print int(m / 1024) }')
    [ "$m" -gt "$most" ] && most=$m; sleep 0.2
  done
  echo "# most $most"; cd /; rm -r "$d"`;

/** The name of the directory was once part of a program for sed, which runs commands. */
test('no name of a directory is ever run', async () => {
  const hosts = `
    d=$(mktemp -d); export HOME="$d"; mkdir "$d/$(printf 'x##\ne touch sickbay-ran #')"; cd "$d"/x*; echo 1 >server.js
    node -e 'net.createServer().listen(8080); setTimeout(() => {}, 1e6)' server.js & until cat /proc/net/tcp /proc/net/tcp6 | grep -q ':1F90 '; do sleep 0.1; done
    cd "$d"; sh "$INSPECT"; [ -e "$d/sickbay-ran" ] && echo "# ran"; cd /; rm -r "$d"; echo "# done"`;
  const stdout = await inNamespaces(['sh', '-c', hosts]);
  expect(stdout).toContain('# done');
  expect(stdout).not.toContain('# ran\n');
}, 60_000);

test("nothing that the application's user chose is read: links, devices and pipes in its directory", async () => {
  const stdout = await inNamespaces(['sh', '-c', HOSTILE]);
  expect(stdout).not.toContain(SECRET);
  const inspection = parsed(stdout.replace(/^# most.*\n/m, ''));
  expect(inspection.app.filter(({ key }) => key.startsWith('file:'))).toEqual([]);
  expect(sectionStatus(inspection, 'app')).toBe('ok');
  expect(Number(inspection.facts.get('durationMs'))).toBeLessThan(8_000);
  expect(Number(/^# most (\d+)$/m.exec(stdout)?.[1])).toBeLessThan(120);
}, 60_000);

test('files that were changed are told by their size and a sum of their content, but for large ones and keys', async () => {
  const hosts = `
    d=$(mktemp -d); cd "$d"; echo "workers = 8" >shop.ini; echo "workers = 1" >web.ini; echo s3cr3t >tls.key
    head -c 70000 /dev/zero >large.json; node -e 'net.createServer().listen(8080); setTimeout(() => {}, 1e6)' &
    until cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q ':1F90 '; do sleep 0.1; done
    sh "$INSPECT"; for f in shop.ini web.ini; do echo "# $f $(($(cksum <$f | cut -d ' ' -f 1) % 256))"; done; cd /; rm -r "$d"`;
  const stdout = await inNamespaces(['sh', '-c', hosts]);
  const sums = Object.fromEntries([...stdout.matchAll(/^# (\S+) (\d+)$/gm)].map(([, name = '', sum = '']) => [name, sum]));
  const files = parsed(stdout.replaceAll(/^# .*\n/gm, ''))
    .app.filter(({ key, value }) => key.startsWith('changed:') && !value.startsWith('/etc/'))
    .map(({ key, value }) => `${path.basename(value)} ${key}`);
  expect(sums['shop.ini']).not.toBe(sums['web.ini']);
  expect(files.sort()).toEqual([
    'large.json changed:70000',
    `shop.ini changed:12:${sums['shop.ini']}`,
    'tls.key changed:7',
    `web.ini changed:12:${sums['web.ini']}`,
  ]);
}, 60_000);

describe('an application that answers without end', () => {
  /**
   * A server that goes on and on, with or without line ends, and one that sends whoever asks
   * elsewhere.
   */
  async function answering(piece: string, run: (port: number, asked: string[]) => Promise<void>): Promise<void> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (piece === '') return void response.writeHead(302, { location: '/elsewhere' }).end();
      response.writeHead(200);
      const more = (): void => {
        while (response.write(piece));
        response.once('drain', more);
      };
      more();
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    try {
      await run(listeningPort(server), asked);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  test.each([
    ['lines', 'x_total 1\n'.repeat(6_000)],
    ['one line', 'x'.repeat(60_000)],
  ])(
    'costs neither memory nor more than its time: %s',
    async (_, piece) => {
      await answering(piece, async (port) => {
        const { stdout, mostMb } = await inspectHere({ SSM_appPort: String(port), SSM_probePath: '/page' });
        const inspection = parsed(stdout);
        expect(inspection).toMatchObject({ complete: true, unread: 0 });
        // On a machine that is busy its time is up before 4 MB have come.
        expect(['failed', 'timeout']).toContain(sectionStatus(inspection, 'metrics'));
        expect(mostMb).toBeLessThan(120);
        expect(stdout.length).toBeLessThanOrEqual(20_000);
      });
    },
    60_000,
  );

  test.each([['curl'], ['wget'], ['bash']])(
    'is not followed to where it points, by %s',
    async (tool) => {
      await answering('', async (port, asked) => {
        await inspectHere({ SSM_appPort: String(port), SSM_probePath: '/page' }, { httpTool: tool });
        expect(asked).toContain('/page');
        expect(asked).not.toContain('/elsewhere');
      });
    },
    60_000,
  );
});
