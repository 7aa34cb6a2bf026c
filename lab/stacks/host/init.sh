#!/bin/sh
# PID 1 of one host: gives it cgroups and a root of its own (the one with the Debian packages, and
# over it a writable layer in memory), then starts what its trees ask for and reaps.
# $1 host name, $2 the root with the packages, $3 the host's own empty directory, $4 where the trees are, $5... trees to copy over the root, in order
# CGROUP: name below this process's own cgroups, made and removed by whoever plays the scenes
set -eu
name=$1 layer=$2 own=$3 trees=$4

# First as it came, then again in a cgroup namespace: what is below looks like a machine of its own.
# Each line of /proc/self/cgroup: number:controllers:path; no controllers is the unified hierarchy.
hierarchies() {
  while IFS=: read -r _ controllers path; do
    printf '%s %s\n' "${controllers:-unified}" "$path"
  done </proc/self/cgroup
}
# The directory of a hierarchy of the machine
directory() {
  case $1 in
    unified)
      unified=/sys/fs/cgroup
      [ -e "$unified/cgroup.controllers" ] || unified=$unified/unified
      echo "$unified"
      ;;
    name=*) echo "/sys/fs/cgroup/${1#name=}" ;;
    *) echo "/sys/fs/cgroup/$1" ;;
  esac
}
# A control group has a weight of its own: that of the niceness the scenes are played at, as if there were thirty processes of it.
weighted() {
  mkdir -p "$1"
  [ ! -e "$1/cpu.shares" ] || awk -v nice="$(nice)" 'BEGIN { w = int(30 * 1024 * 1.25 ^ -nice); print (w > 262144 ? 262144 : w) }' > "$1/cpu.shares"
}
if [ -z "${STAGE-}" ]; then
  hierarchies | while read -r hierarchy path; do
    at=$(directory "$hierarchy")
    [ -d "$at" ] || continue
    at=$at${path%/}
    [ -d "$at/$CGROUP" ] || weighted "$at/$CGROUP"
    for part in "$CGROUP" "$name"; do
      mkdir -p "$at/$part"
      # a cpuset takes no process before it has CPUs and memory
      for file in cpuset.cpus cpuset.mems; do [ "$hierarchy" != cpuset ] || cat "$at/$file" > "$at/$part/$file"; done
      at=$at/$part
    done
    echo $$ > "$at/cgroup.procs" # 0 would be the shell of this loop
  done
  STAGE=2 exec unshare --cgroup /bin/sh "$0" "$@"
fi
unset STAGE CGROUP
shift 4

hostname "$name"
mount -t tmpfs -o mode=755,size=3g tmpfs "$own"
mkdir "$own/up" "$own/work" "$own/root"
mount -t overlay overlay -o "lowerdir=$layer,upperdir=$own/up,workdir=$own/work" "$own/root"
cd "$own/root"
mount -t proc proc proc
mount --rbind /sys sys
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mount -t cgroup2 cgroup sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
  hierarchies | while read -r hierarchy _; do
    [ -d "$(directory "$hierarchy")" ] || continue
    at=sys/fs/cgroup/${hierarchy#name=}
    mkdir "$at"
    case $hierarchy in
      unified) mount -t cgroup2 cgroup "$at" ;;
      name=*) mount -t cgroup -o "none,$hierarchy" cgroup "$at" ;;
      *) mount -t cgroup -o "$hierarchy" cgroup "$at" ;;
    esac
  done
fi
mount -t tmpfs -o mode=755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
# /dev of its own: /dev/log and /dev/shm are a host's, not the machine's
mount -t tmpfs -o mode=755 tmpfs dev
for node in null zero full random urandom tty; do
  : > "dev/$node"
  mount --bind "/dev/$node" "dev/$node"
done
mkdir -m 1777 dev/shm
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr
rm -f etc/cron.d/* etc/cron.daily/* etc/hosts
printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" > etc/hosts
printf '%s\n' "$name" > etc/hostname
printf 'nameserver 10.0.1.2\noptions timeout:3 attempts:2\n' > run/resolv.conf
rm -f etc/resolv.conf
cp run/resolv.conf etc/resolv.conf
for tree in "$@"; do cp -R "$trees/$tree/." .; done
mkdir -p old var/lib/lab/ssm etc/lab/start.d
pivot_root . old
umount -l /old
cd /
[ ! -e /etc/lab/volumes.sh ] || /bin/sh /etc/lab/volumes.sh > /var/log/lab-volumes.log 2>&1
for script in /etc/lab/start.d/*; do
  [ -e "$script" ] && /bin/sh "$script" > "/var/log/lab-${script##*/}.log" 2>&1 &
done
: > /run/lab-started
# PID 1 never ends by itself: orphans of the host are reaped by this wait
while :; do
  wait || true
  sleep 1
done
