import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { diagnose } from '../../../core/diagnose/diagnose';
import { parseInspection } from '../../../core/diagnose/parse';
import type { HostCapture } from '../../../core/model';
import { realHost } from './real/world';

/** The same job in the languages of this machine: two connections to the database, held. */
const JOBS: Readonly<Record<string, readonly string[]>> = {
  node: [process.execPath, '-e', "for (const i of [1, 2]) require('node:net').connect(5432, '127.0.0.1')", 'report', '--month', 'previous'],
  bash: ['bash', '-c', 'exec 3<>/dev/tcp/127.0.0.1/5432 4<>/dev/tcp/127.0.0.1/5432; while :; do read -r -t 1 x <&3; done', 'report'],
  perl: ['perl', '-MIO::Socket::INET', '-e', '@s = map { IO::Socket::INET->new("127.0.0.1:5432") } 1, 2; sleep 60', 'report'],
  python3: ['python3', '-c', 'import socket, time; s = [socket.create_connection(("127.0.0.1", 5432)) for i in range(2)]; time.sleep(60)'],
};

function isThere(program: string): boolean {
  return `${process.env['PATH']}`.split(':').some((directory) => {
    try {
      accessSync(path.join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const LANGUAGES = Object.keys(JOBS).filter(isThere);

describe('real processes, as inspect.sh sees them', () => {
  let well: HostCapture[];
  const sick = new Map<string, HostCapture>();

  beforeAll(async () => {
    well = await Promise.all([realHost('b', 'well', 11), realHost('c', 'well', 12)]);
    const told = await Promise.all(LANGUAGES.map((language) => realHost('a', 'sick', 13, JOBS[language])));
    for (const [index, capture] of told.entries()) sick.set(LANGUAGES[index] ?? '', capture);
  }, 180_000);

  const diagnosed = (language: string) => {
    const capture = sick.get(language);
    if (capture === undefined) throw new Error(`no host for ${language}`);
    return diagnose({ sick: capture, peers: well, now: capture.capturedAt });
  };

  test.each(LANGUAGES)('a job in %s is the culprit, among decoys that every host has', (language) => {
    const { findings } = diagnosed(language);
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { user: 'root' } });
    expect(findings[0]?.culprit?.command.split(' ')[0]?.endsWith(language)).toBe(true);
    expect(findings[0]?.evidence.join('\n')).toMatch(/2 of them pid \d+/);
    expect(findings.flatMap(({ culprit }) => culprit?.pid ?? []).every((pid) => pid === findings[0]?.culprit?.pid)).toBe(true);
  });

  test('a job that connects by one short-lived program after the other is the culprit, whichever of them is met', async () => {
    const client = 'exec 3<>/dev/tcp/127.0.0.1/5432 4<>/dev/tcp/127.0.0.1/5432; read -r -t 1 x <&3';
    const capture = await realHost('a', 'sick', 13, ['bash', '-c', `while :; do bash -c '${client}' client; done`, 'report']);
    const { findings } = diagnose({ sick: capture, peers: well, now: capture.capturedAt });
    expect(findings[0]).toMatchObject({ cause: 'pool-starvation', culprit: { user: 'root' } });
    expect(findings[0]?.culprit?.command).toContain('while :');
  }, 60_000);

  test('hosts that are well have no cause and no culprit', () => {
    const [one, other] = well;
    if (one === undefined || other === undefined) throw new Error('no hosts');
    const { findings } = diagnose({ sick: one, peers: [other], now: one.capturedAt });
    expect(findings.map(({ cause, culprit }) => [cause, culprit])).toEqual([['unknown', undefined]]);
  });

  test('no planted secret leaves a host, and nothing that was printed ran', () => {
    for (const capture of [...well, ...sick.values()]) expect('stdout' in capture && /S3cret\w*/.exec(capture.stdout)).toBeNull();
  });

  test('the variables that may matter are told, and how many there are', () => {
    for (const { app } of well.flatMap((capture) => parseInspection(capture) ?? [])) {
      const told = app.flatMap(({ key, value }) => (key.startsWith('env:') ? [`${key.slice(4)}=${value}`] : []));
      expect(told).toEqual(expect.arrayContaining(['SHOP_LOG_LEVEL=info']));
      expect(told.map((one) => one.split('=')[0])).toEqual(
        expect.arrayContaining(['SHOP_HOST', 'SHOP_ENDPOINT', 'https_proxy', 'RUBYOPT']),
      );
      expect(told.map((one) => one.split('=')[0])).not.toContain('DEBUG_TOKEN');
      expect(app.find(({ key }) => key === 'variables')?.value).toBe(String(told.length));
    }
  });

  test('no name forges a row, a section, the end or a parent', () => {
    for (const capture of [...well, ...sick.values()]) {
      const stdout = 'stdout' in capture ? capture.stdout : '';
      expect(/[^\t\n -~]/.test(stdout)).toBe(false);
      expect(stdout.split('\n').filter((line) => line.startsWith('## end'))).toEqual(['## end ok']);
      const parsed = parseInspection(capture);
      expect(parsed).toMatchObject({ complete: true, unread: 0 });
      expect(parsed?.processes.some(({ parents }) => parents.some(({ comm }) => comm === 'cron'))).toBe(false);
      expect(existsSync('/tmp/pwned')).toBe(false);
    }
  });
});
