/**
 * Debian's packages in a layer of their own: an overlay over the machine's root, in which `apt-get`
 * installs and of which only the upper directory is kept. Nothing of the machine itself is written.
 */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** $1 the layer's directory, then the packages. No service may start while it installs. */
const INSTALL = `set -e
at=$1; shift
mkdir -p "$at/up" "$at/work" "$at/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$at/up,workdir=$at/work" "$at/root"
mount -t proc proc "$at/root/proc"
mount --rbind /dev "$at/root/dev"
mount -t tmpfs -o mode=755 tmpfs "$at/root/run"
mount -t tmpfs -o mode=1777 tmpfs "$at/root/tmp"
cp --remove-destination -L /etc/resolv.conf "$at/root/etc/resolv.conf" || true
printf '#!/bin/sh\\nexit 101\\n' > "$at/root/usr/sbin/policy-rc.d"
chmod 755 "$at/root/usr/sbin/policy-rc.d"
export DEBIAN_FRONTEND=noninteractive
chroot "$at/root" apt-get update -qq
chroot "$at/root" apt-get install -y -qq --no-install-recommends "$@"
rm "$at/root/usr/sbin/policy-rc.d"`;

/** Of what `apt-get` said last, for an error. */
const LAST_WORDS = 2_000;

/**
 * The upper directory of a layer with these packages below `cache`, built where it is not there yet
 * (about half a minute).
 * @throws with the last words of `apt-get` where it fails
 */
export async function layerWith(packages: readonly string[], cache: string): Promise<string> {
  const name = createHash('sha256')
    .update([...packages].sort().join(' '))
    .digest('hex')
    .slice(0, 12);
  const layer = join(cache, name);
  if (existsSync(join(layer, 'complete'))) return join(layer, 'up');
  const building = `${layer}.building`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { recursive: true });
  await install(building, packages);
  await rm(join(building, 'work'), { recursive: true, force: true });
  await writeFile(join(building, 'complete'), `${packages.join('\n')}\n`);
  await rm(layer, { recursive: true, force: true });
  await rename(building, layer);
  return join(layer, 'up');
}

function install(at: string, packages: readonly string[]): Promise<void> {
  const argv = ['--mount', '--propagation', 'private', '/bin/sh', '-c', INSTALL, 'install', at, ...packages];
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    const hear = (chunk: Buffer): void => void (words = (words + chunk.toString()).slice(-LAST_WORDS));
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`the packages could not be installed (exit ${status}): ${words.trim()}`)),
    );
  });
}
