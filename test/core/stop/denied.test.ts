/** What is never stopped, whatever the configuration allows. */
import type { ProcessIdentity, StopPlan } from '../../../core/model';
import { deniedBecause } from '../../../core/stop/denied';
import { PLAN } from './candidate-builder';

const withChild = (change: Partial<ProcessIdentity>): StopPlan => ({
  ...PLAN,
  tree: [PLAN.process, { ...PLAN.process, pid: 4243, ...change }],
});

test('an ordinary job may be stopped', () => {
  expect(deniedBecause(PLAN)).toBeUndefined();
});

test('a name is found behind any blanks, and in a program that was replaced since it began', () => {
  expect(deniedBecause(withChild({ command: 'nice      -n      19 x pg_dump shop' }))).toContain('is a backup');
  expect(deniedBecause(withChild({ executable: '/usr/sbin/cron (deleted)', command: 'x' }))).toBe('pid 4243 is the clock');
  expect(deniedBecause(withChild({ executable: '/usr/bin/x', command: 'pgbouncer: shop' }))).toBe('pid 4243 is a database');
});

test('what only looks like a denied name within another is none', () => {
  for (const executable of ['/opt/cr (deleted)on', '/opt/cr:on', '/opt/cr.shon'])
    expect(deniedBecause(withChild({ executable, command: 'x' }))).toBeUndefined();
});

const NAMED: Readonly<Record<string, readonly string[]>> = {
  init: [
    'init',
    'systemd',
    'systemd-logind',
    'upstart',
    'runit',
    's6-svscan',
    'openrc-init',
    'dbus-daemon',
    'dbus-broker',
    'udevd',
    'dumb-init',
    'tini',
  ],
  'a login or an agent that people reach the host by': [
    'sshd',
    'sshd-session',
    'login',
    'agetty',
    'amazon-ssm-agent',
    'ssm-agent-worker',
    'ssm-session-worker',
    'ssm-document-worker',
    'snapd',
  ],
  'the clock': ['cron', 'crond', 'anacron', 'atd', 'fcron'],
  'a package manager': [
    'apt',
    'apt-get',
    'aptitude',
    'dpkg',
    'dpkg-deb',
    'unattended-upgrade',
    'yum',
    'dnf',
    'dnf-3',
    'microdnf',
    'rpm',
    'rpmdb',
    'zypper',
    'apk',
    'pacman',
    'snap',
    'needrestart',
  ],
  'a database': [
    'postgres',
    'postmaster',
    'mysqld',
    'mysqld_safe',
    'mariadbd',
    'mongod',
    'mongos',
    'redis-server',
    'valkey-server',
    'memcached',
    'etcd',
    'cassandra',
    'sqlservr',
    'oracle',
    'oracleORCL',
    'clickhouse-server',
    'elasticsearch',
    'opensearch',
    'rabbitmq-server',
    'beam.smp',
    'pgbouncer',
    'proxysql',
  ],
  'a backup': [
    'pg_dump',
    'pg_dumpall',
    'pg_basebackup',
    'pg_receivewal',
    'pg_restore',
    'mysqlpump',
    'mariadb-dump',
    'mariabackup',
    'mariadb-backup',
    'xtrabackup',
    'mongodump',
    'restic',
    'borg',
    'duplicity',
    'duply',
    'rsync',
    'rsnapshot',
    'rdiff-backup',
    'bacula-fd',
    'bareos-fd',
    'barman',
    'wal-g',
    'pgbackrest',
    'tar',
  ],
  'a container engine': ['dockerd', 'containerd', 'containerd-shim', 'runc', 'crun', 'conmon', 'podman', 'kubelet', 'crio'],
  'the log': ['rsyslogd', 'syslog-ng', 'systemd-journald', 'auditd', 'journald'],
};
const EACH = Object.entries(NAMED).flatMap(([what, names]) => names.map((name) => [name, what] as const));

// systemd's own parts are told as init, which comes first.
test.each(EACH)('%s in the tree is %s', (name, what) => {
  const said = name.startsWith('systemd-') ? 'init' : what;
  expect(deniedBecause(withChild({ executable: `/usr/sbin/${name}` }))).toBe(`pid 4243 is ${said}`);
});

/**
 * Those of which every longer name is denied too, and those that say what they are by a part of it.
 */
const LONGER =
  /^(systemd|s6|openrc|sshd|dpkg|unattended|dnf|rpm|mysqld|mariadbd|oracle|clickhouse|rabbitmq|borg|bacula|bareos|barman|containerd)/;
const BY_A_PART = /dump|backup/;

test.each(EACH.filter(([name]) => !BY_A_PART.test(name)))('a name that only holds %s is another program', (name) => {
  for (const executable of [`/opt/my${name}`, ...(LONGER.test(name) ? [] : [`/opt/${name}x`])])
    expect(deniedBecause(withChild({ executable, command: executable }))).toBeUndefined();
});

test.each<[says: string, change: Partial<ProcessIdentity>, why: RegExp]>([
  ['a script by its name, without its ending', { command: 'python3 -u /opt/restic.py' }, /a backup$/],
  ['a name with a colon, as daemons write it', { command: 'sshd: ann' }, /a login/],
  ['a program that was replaced', { executable: '/usr/sbin/mysqld (deleted)' }, /a database/],
  ['a script that calls itself a backup', { command: 'sh /opt/nightly-backup.sh' }, /a backup, by its name/],
  ['one that calls itself a snapshot', { command: 'sh /opt/SNAPSHOT_all' }, /by its name/],
  ['one that calls itself a dump', { command: 'ruby /opt/dump.rb' }, /by its name/],
  ['the sixth word', { command: 'a b c d e /usr/bin/restic' }, /a backup$/],
])('%s is denied', (_says, change, why) => {
  expect(deniedBecause(withChild(change))).toMatch(why);
});

test.each<[says: string, change: Partial<ProcessIdentity>]>([
  ['the seventh word, which is an argument', { command: 'a b c d e f /usr/bin/restic' }],
  ['an option', { command: 'report --backup' }],
  ['a word that holds another', { command: 'sh /opt/dumpling.sh' }],
  ['one that another one holds', { command: 'sh /opt/mydump.sh' }],
])('%s says nothing', (_says, change) => {
  expect(deniedBecause(withChild(change))).toBeUndefined();
});

test('the process itself is looked at, wherever its tree begins', () => {
  const process = { ...PLAN.process, executable: '/usr/sbin/postgres' };
  expect(deniedBecause({ ...PLAN, process, tree: [] })).toMatch(/a database/);
});

test('pid 1 is in no tree', () => {
  expect(deniedBecause(withChild({ pid: 1 }))).toBe('pid 1 is in its tree');
  expect(deniedBecause({ ...PLAN, process: { ...PLAN.process, pid: 1 } })).toBe('pid 1 is in its tree');
  expect(deniedBecause(withChild({ pid: 2 }))).toBeUndefined();
});

test('a program that cannot be read is not known to be harmless', () => {
  expect(deniedBecause(withChild({ executable: '' }))).toMatch(/no executable that can be read/);
});

test.each([
  '/docker/0a1b',
  '/system.slice/docker-0a1b.scope',
  '/kubepods/besteffort/pod1',
  '/kubepods.slice/x',
  '/lxc/web',
  '/ecs/task',
  '/machine.slice/libpod-0a1b.scope',
  '/crio-0a',
  '/buildkit/x',
  '/machine.slice',
  '/system.slice/containerd.service',
])('%s is of a container', (cgroup) => {
  expect(deniedBecause({ ...PLAN, cgroup })).toBe(`it runs in a container (${cgroup})`);
});

test.each(['/system.slice/mydocker.service', '/system.slice/report.service', '/dockerless'])('%s is of none', (cgroup) => {
  expect(deniedBecause({ ...PLAN, cgroup })).toBeUndefined();
});
