/**
 * Can this machine run a fleet in namespaces, and how? Asked before anything is started; everything
 * that is missing is named at once, each with what to do about it. The last check is not a look at
 * settings but a try: the kernel's own answer is the only one that counts.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { errnoOf } from './errno';
import { mountPoint } from './directory';

/**
 * `user`: root inside an unprivileged user namespace. `root`: real root, where user namespaces are
 * refused.
 */
export type Mode = 'user' | 'root';

export interface Problem {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

export type Preflight = { readonly mode: Mode; readonly directory: string } | { readonly problems: readonly Problem[] };

const NAMESPACES = ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
const USER_NAMESPACE = ['--user', '--map-root-user'];

/** The arguments of `unshare` for the lab's outer namespaces. */
export function unshareArguments(mode: Mode): readonly string[] {
  return mode === 'user' ? [...USER_NAMESPACE, ...NAMESPACES] : NAMESPACES;
}

/**
 * PATH with the system directories that an ordinary user's lacks on Debian (`ip` and `ss` live
 * there).
 */
export function searchPath(path = process.env['PATH'] ?? ''): string {
  const system = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
  return [...new Set([...path.split(delimiter).filter(Boolean), ...system])].join(delimiter);
}

const TOOLS: readonly { readonly tool: string; readonly why: string; readonly debian: string }[] = [
  { tool: 'unshare', why: 'makes the hosts', debian: 'util-linux' },
  { tool: 'nsenter', why: 'runs commands in the hosts', debian: 'util-linux' },
  { tool: 'setpriv', why: 'ends the lab with the process that started it', debian: 'util-linux' },
  { tool: 'taskset', why: 'gives a host one core', debian: 'util-linux' },
  { tool: 'hostname', why: 'names the hosts', debian: 'hostname' },
  { tool: 'mount', why: 'gives each host its own file system', debian: 'mount' },
  { tool: 'ip', why: 'makes the networks between the hosts', debian: 'iproute2' },
  { tool: 'ss', why: 'lists the sockets of a host', debian: 'iproute2' },
];

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (cause) {
    if (errnoOf(cause) !== undefined) return false; // absent, or not ours to run: for us the same
    throw cause;
  }
}

function missingTools(path: string): Problem[] {
  const found = (tool: string): boolean => path.split(delimiter).some((directory) => executable(join(directory, tool)));
  return TOOLS.filter(({ tool }) => !found(tool)).map(({ tool, why, debian }) => ({
    what: `no \`${tool}\``,
    why: `it ${why}; looked in ${path}`,
    remedy: `apt-get install ${debian} (or your distribution's package of it)`,
  }));
}

// Every kind of thing that the lab makes later, made once and thrown away. $1 the mount point, $2
// Node, $3 the checkout.
const TRIAL = `set -e
mount -t tmpfs tmpfs "$1"
ip link set lo up
ip link add name try0 type bridge
ip link add name try1 type veth peer name try2
ip link set dev try1 master try0
echo 0 > /proc/sys/net/ipv4/ip_forward
test -x "$2"
test -r "$3/package.json"`;

function trial(mode: Mode, directory: string, checkout: string): string | undefined {
  const argv = [...unshareArguments(mode), '/bin/sh', '-c', TRIAL, 'sh', directory, process.execPath, checkout];
  const result = spawnSync('unshare', argv, { encoding: 'utf8', timeout: 10_000, env: { ...process.env, PATH: searchPath() } });
  if (result.status === 0) return undefined;
  return (result.stderr || result.error?.message || `exit status ${result.status}`).trim();
}

/**
 * What refuses namespaces to whoever is not root: a file of the kernel, its value, and the remedy.
 */
const KNOBS = [
  ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1', 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0'],
  ['/proc/sys/kernel/unprivileged_userns_clone', '0', 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
  ['/proc/sys/user/max_user_namespaces', '0', 'sudo sysctl -w user.max_user_namespaces=10000'],
] as const;

function refusedNamespaces(refusals: readonly string[]): Problem {
  const closed = KNOBS.filter(([path, value]) => existsSync(path) && readFileSync(path, 'utf8').trim() === value);
  const remedies = closed.map(([, , remedy]) => remedy);
  const general =
    'run the drill as root, or allow user namespaces (Ubuntu 24.04 restricts them by AppArmor: ' +
    'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0); in a container: --privileged';
  return {
    what: 'namespaces are refused',
    why: refusals.join('; '),
    remedy: remedies.length > 0 ? `${remedies.join(' and ')}, or run the drill as root` : general,
  };
}

/** Paths that must stay visible in the lab. */
function needed(checkout: string, alsoKeep: readonly string[]): string[] {
  return [checkout, process.execPath, process.cwd(), tmpdir(), ...alsoKeep];
}

function tryModes(directory: string, checkout: string): Preflight {
  const modes: readonly Mode[] = process.getuid?.() === 0 ? ['user', 'root'] : ['user'];
  const refusals: string[] = [];
  for (const mode of modes) {
    const refusal = trial(mode, directory, checkout);
    if (refusal === undefined) return { mode, directory };
    refusals.push(`${mode} mode: ${refusal}`);
  }
  return { problems: [refusedNamespaces(refusals)] };
}

/**
 * Looks at the machine and tries the namespaces out, in about 50 ms.
 * @param checkout the root of this package
 * @param alsoKeep further absolute paths that must stay visible, such as a directory of output
 * @returns the mode to run in and the directory to mount over, or everything that is missing
 */
export function preflight(checkout: string, alsoKeep: readonly string[] = []): Preflight {
  if (process.platform !== 'linux') {
    const remedy = 'run it on Linux; on macOS or Windows in a virtual machine with Linux';
    return { problems: [{ what: `this is ${process.platform}`, why: 'the hosts are Linux namespaces', remedy }] };
  }
  const problems = missingTools(searchPath());
  if (!existsSync('/etc/resolv.conf')) {
    problems.push({ what: 'no /etc/resolv.conf', why: 'each host mounts its own over it', remedy: 'create it, empty will do' });
  }
  const directory = mountPoint(needed(checkout, alsoKeep));
  if (directory === undefined) {
    const remedy = 'keep one of /srv, /media, /mnt or /opt free of the checkout, Node, TMPDIR and the output directory';
    problems.push({ what: 'no directory to mount over', why: 'each would hide something the drill needs', remedy });
  }
  if (problems.length > 0 || directory === undefined) return { problems };
  return tryModes(directory, checkout);
}
