# An application in a container, and a job beside it. The container has a network, processes and files of its own; the host has none of
# its ports but for what $1 says: proxy (a userland proxy holds the port), or nothing. $2: where the job runs, host or container.
# $3: none, or what its user does to its resolv.conf. Prints the inspection of the host. Run in namespaces of its own by containers.host.test.ts.
set -eu
cd "$(dirname "$0")"
PATH=$PATH:/usr/sbin:/sbin
way=$1
jobs=$2
tricks=$3
node=$NODE
ip link set lo up
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/root /mnt/tools
echo host-secret >/mnt/shadow

# The root of the container: the host's programs, an /etc and a /var of its own.
root=/mnt/root
mount --bind "$root" "$root"
for d in bin sbin lib lib64 usr proc dev tmp etc var srv opt; do mkdir -p "$root/$d"; done
for d in bin sbin lib lib64 usr dev; do [ ! -e "/$d" ] || mount --rbind "/$d" "$root/$d"; done
mkdir -p "$root/var/spool/cron/crontabs"
echo '7 * * * * /opt/inner_job' >"$root/var/spool/cron/crontabs/root"
printf 'nameserver 10.9.9.9\nsearch inner.example\n' >"$root/etc/resolv.conf"

cp database.js app.js "$root/srv/"
inner='
  ip link set lo up
  mount -t proc proc /mnt/root/proc
  cd /mnt/root
  exec chroot /mnt/root /bin/bash -c "cd /srv; $0 database.js silent &
    until (exec 3<>/dev/tcp/127.0.0.1/5432) 2>/dev/null; do sleep 0.1; done
    $0 app.js 12 30 & $1 wait"'

[ "$jobs" = container ] && inside="bash -c 'exec 3<>/dev/tcp/127.0.0.1/5432; sleep 300; :' /opt/rogue_inside &" || inside=
[ "$jobs" = container ] || bash -c 'while :; do :; done' /opt/rogue_outside &
HOSTNAME=shop-7d9f unshare --net --pid --fork --mount sh -c "$inner" "$node" "sleep 1; $inside" &
until [ -n "$(cat /proc/[0-9]*/net/tcp /proc/[0-9]*/net/tcp6 2>/dev/null | grep ':1F90 .* 0A ')" ]; do sleep 0.1; done
if [ "$way" = proxy ]; then
  # The host's port 9000, as Docker's proxy has it: by name and arguments.
  cat >/mnt/tools/proxy.js <<'JS'
require('node:fs').writeFileSync('/proc/self/comm', 'docker-proxy');
require('node:net').createServer().listen(9000);
setInterval(() => {}, 1e6);
JS
  "$node" /mnt/tools/proxy.js -proto tcp -host-ip 0.0.0.0 -host-port 9000 -container-ip 127.0.0.1 -container-port 8080 &
  until grep -q ':2328 .* 0A ' /proc/net/tcp6 /proc/net/tcp; do sleep 0.1; done
  export SSM_appPort=9000
fi
# What the container's user makes of his files while it runs.
case $tricks in
  link) ln -sf /mnt/shadow "$root/etc/resolv.conf" ;;
  directory)
    mv "$root/etc" "$root/etc.was"
    mkdir /mnt/other
    printf 'nameserver 6.6.6.6\n' >/mnt/other/resolv.conf
    ln -s /mnt/other "$root/etc"
    ;;
  fifo)
    rm "$root/etc/resolv.conf"
    mkfifo "$root/etc/resolv.conf"
    ;;
esac
sleep 3
sh "$INSPECT"
