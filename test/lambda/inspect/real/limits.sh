# An application in a control group with limits, and a job that runs in the same group. The files of the group are made up, as version 1
# or 2 has them: no program here may set limits on a machine whose groups it does not know.
# $1: 1 or 2. Prints the inspection of the host. Run in namespaces of its own by group-limits.host.test.ts.
set -eu
cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin:/sbin
ip link set lo up
mount -t tmpfs tmpfs /mnt
mount -t tmpfs tmpfs /sys/fs/cgroup

# file value
tell() {
  mkdir -p "${1%/*}"
  printf '%s\n' "$2" >"$1"
}

"$NODE" app.js 0 0 &
app=$!
"$NODE" -e 'globalThis.index = Buffer.alloc(2 ** 27, 1); setInterval(() => {}, 1e6)' job &
job=$!
until (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; do sleep 0.1; done
until [ "$(awk '{ print $2 }' "/proc/$job/statm")" -gt 32768 ]; do sleep 0.1; done
group=/sys/fs/cgroup
if [ "$1" = 2 ]; then
  echo 0::/shop.service >/mnt/group
  tell $group/shop.service/memory.max 419430400
  tell $group/shop.service/memory.high 209715200
  tell $group/shop.service/memory.current 205000000
  tell $group/shop.service/cpu.weight 3
  tell $group/shop.service/cpu.stat 'nr_throttled 0'
  tell $group/shop.service/cgroup.procs "$(printf '%s\n%s' "$app" "$job")"
else
  printf '4:memory:/shop.service\n1:cpu:/shop.service\n0::/\n' >/mnt/group
  tell $group/memory/shop.service/memory.limit_in_bytes 209715200
  tell $group/memory/shop.service/memory.usage_in_bytes 205000000
  tell $group/memory/shop.service/cgroup.procs "$(printf '%s\n%s' "$app" "$job")"
  tell $group/cpu/shop.service/cpu.shares 34
  tell $group/cpu/shop.service/cpu.stat 'nr_throttled 0'
fi
mount --bind /mnt/group "/proc/$app/cgroup"
sh "$INSPECT"
