/**
 * What is never stopped, whatever the configuration allows: what the host, its operators or its
 * data live by. Names are of executables and of the scripts that interpreters run; a tree with one
 * of them in it is refused as a whole.
 */
import type { ProcessIdentity, StopPlan } from '../model';

const DENIED: readonly (readonly [what: string, names: RegExp])[] = [
  ['init', /^(init|systemd.*|upstart|runit|s6-.*|openrc.*|dbus-daemon|dbus-broker|udevd|dumb-init|tini)$/],
  [
    'a login or an agent that people reach the host by',
    /^(sshd.*|login|agetty|amazon-ssm-agent|ssm-(agent|session|document)-worker|snapd)$/,
  ],
  ['the clock', /^(cron|crond|anacron|atd|fcron)$/],
  ['a package manager', /^(apt|apt-get|aptitude|dpkg.*|unattended-upgrade.*|yum|dnf.*|microdnf|rpm.*|zypper|apk|pacman|snap|needrestart)$/],
  [
    'a database',
    /^(postgres|postmaster|mysqld.*|mariadbd.*|mongod|mongos|redis-server|valkey-server|memcached|etcd|cassandra|sqlservr|oracle.*|clickhouse.*|elasticsearch|opensearch|rabbitmq.*|beam\.smp|pgbouncer|proxysql)$/,
  ],
  [
    'a backup',
    /^(pg_(dump|dumpall|basebackup|receivewal|restore)|mysqldump|mysqlpump|mariadb-dump|mariabackup|mariadb-backup|xtrabackup|mongodump|restic|borg.*|duplicity|duply|rsync|rsnapshot|rdiff-backup|bacula.*|bareos.*|barman.*|wal-g|pgbackrest|tar)$/,
  ],
  ['a container engine', /^(dockerd|containerd.*|runc|crun|conmon|podman|kubelet|crio)$/],
  ['the log', /^(rsyslogd|syslog-ng|systemd-journald|auditd|journald)$/],
];

/** A script that says what it is by its name. */
const BACKUP = /(^|[^a-z])(backup|snapshot|pgdump|dump)([^a-z]|$)/i;

/** cgroups of container engines (docs/decisions/0019-looking-into-containers.md). */
const CONTAINER = /\/(docker|kubepods|lxc|ecs|libpod|crio|buildkit|machine\.slice|system\.slice\/containerd)[/.:-]/;

/** Why this must not be stopped; undefined where nothing speaks against it. */
export function deniedBecause(plan: StopPlan): string | undefined {
  if (plan.tree.some(({ pid }) => pid <= 1) || plan.process.pid <= 1) return 'pid 1 is in its tree';
  if (plan.tree.some(({ executable }) => executable === '')) return 'a process of its tree has no executable that can be read';
  if (CONTAINER.test(`${plan.cgroup}/`)) return `it runs in a container (${plan.cgroup})`;
  for (const one of [plan.process, ...plan.tree]) {
    const what = kindOf(one);
    if (what !== undefined) return `pid ${one.pid} is ${what}`;
  }
  return undefined;
}

function kindOf(one: ProcessIdentity): string | undefined {
  const names = namesOf(one);
  const denied = DENIED.find(([, pattern]) => names.some((name) => pattern.test(name)));
  if (denied !== undefined) return denied[0];
  return names.some((name) => BACKUP.test(name)) ? 'a backup, by its name' : undefined;
}

/** The executable, and the first words of the command: an interpreter's script is one of them. */
const WORDS = 6;

function namesOf({ executable, command }: ProcessIdentity): string[] {
  const words = command.split(/\s+/).slice(0, WORDS);
  return [executable, ...words.filter((word) => !word.startsWith('-'))].map(baseName).filter((name) => name !== '');
}

/** Without the folder, and without what the kernel adds to a program that was replaced. */
function baseName(path: string): string {
  const name = path.replace(/ \(deleted\)$/, '');
  return name
    .slice(name.lastIndexOf('/') + 1)
    .replace(/:$/, '')
    .replace(/\.(sh|py|pl|rb|js|php)$/, '');
}
