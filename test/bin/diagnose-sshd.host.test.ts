import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, createConnection } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listeningPort } from '../../lab/wire/listening-port';
import { neededInCi } from '../needed-in-ci';
import { parsed } from '../builders/parsed';

const ROOT = path.join(__dirname, '../..');
/** Debian's openssh-server, where it is installed or SSHD names one. */
const SSHD = process.env['SSHD'] ?? '/usr/sbin/sshd';
const hasServer = existsSync(SSHD) && spawnSync(SSHD, ['-t', '-f', '/dev/null', '-h', '/dev/null']).error === undefined;
const works = hasServer && spawnSync('ssh', ['-V']).status === 0;
neededInCi(works, `no ${SSHD}, or no ssh (apt-get install openssh-server openssh-client)`);
const there = works ? describe : describe.skip;

// a real inspection of this machine, twice at once
jest.setTimeout(120_000);

there('sickbay diagnose --ssh, with a real sshd on loopback', () => {
  let directory: string;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(path.join(tmpdir(), 'sickbay-sshd-'));
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true }); // sshd as root wants it for its privilege separation
    for (const key of ['host', 'user']) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(directory, key)]);
    writeFileSync(path.join(directory, 'authorized'), readFileSync(path.join(directory, 'user.pub')));
    const ports = await Promise.all(['one', 'two'].map(() => start()));
    writeFileSync(
      path.join(directory, 'config'),
      ['one', 'two']
        .map((name, index) =>
          [
            `Host ${name}`,
            'HostName 127.0.0.1',
            `Port ${ports[index]}`,
            `User ${userInfo().username}`,
            `IdentityFile ${directory}/user`,
            'IdentitiesOnly yes',
            'StrictHostKeyChecking no',
            `UserKnownHostsFile ${directory}/known`,
            'RemoteCommand reboot',
            '',
          ].join('\n'),
        )
        .join('\n'),
    );
    // ssh reads the configuration of the account, not of $HOME: this one puts ours in its place
    const programs = path.join(directory, 'bin');
    mkdirSync(programs);
    writeFileSync(path.join(programs, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F '${directory}/config' "$@"\n`, { mode: 0o755 });
  });

  afterAll(() => {
    for (const server of servers) server.kill();
    rmSync(directory, { recursive: true });
  });

  async function freePort(): Promise<number> {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const port = listeningPort(holder);
    await new Promise((resolve) => holder.close(resolve));
    return port;
  }

  /** One more sshd of this user's own, on a free port. */
  async function start(): Promise<number> {
    const port = await freePort();
    const settings = [
      'ListenAddress=127.0.0.1',
      `HostKey=${directory}/host`,
      `AuthorizedKeysFile=${directory}/authorized`,
      'StrictModes=no',
      'UsePAM=no',
      'PidFile=none',
    ];
    servers.push(
      spawn(SSHD, ['-D', '-f', '/dev/null', '-p', String(port), ...settings.flatMap((one) => ['-o', one])], { stdio: 'ignore' }),
    );
    for (let tries = 0; tries < 100 && !(await answers(port)); tries++) await sleep(100);
    return port;
  }

  function answers(port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.once('error', () => resolve(false));
      socket.once('data', () => resolve(socket.destroy() !== undefined));
    });
  }

  test('inspects both over their own connections, with the configuration of the user', () => {
    const argv = [path.join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path.join(ROOT, 'bin/sickbay.ts'), 'diagnose', '--ssh', 'one,two'];
    const env = { ...process.env, PATH: `${directory}/bin:${process.env['PATH']}` };
    const { status, stderr } = spawnSync(
      process.execPath,
      [...argv, '--sick', 'one', '--port', '9', '--out', path.join(directory, 'kept')],
      {
        encoding: 'utf8',
        env,
      },
    );
    expect(stderr).toMatch(/^one: inspected in/m);
    expect(stderr).toMatch(/^two: inspected in/m);
    expect(status).toBe(0);
    const { stdout } = parsed<{ stdout: string }>(readFileSync(path.join(directory, 'kept/one.json'), 'utf8'));
    expect(stdout).toContain('param\tappPort\t9\n');
    expect(stdout.trimEnd()).toMatch(/## end ok$/);
  });
});
