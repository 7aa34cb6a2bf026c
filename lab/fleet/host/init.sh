#!/bin/sh
# PID 1 of one host: gives the host a file system, a name and a table of its own, starts cron and the shop, and reaps.
# $1 hostname, $2 the lab's directory, which becomes the host's own, $3 the machine-wide directories the host may mount over
# $4 "containers": a container host, which has no shop of its own
set -eu
name=$1 root=$2 tools=$3

hostname "$name"
mount -t tmpfs -o mode=755,size=24m tmpfs "$root/blank"
cp -R "$root/image/." "$root/blank"
printf '127.0.0.1 localhost\n' > "$root/blank/etc/hosts"
mount --bind "$root/blank" "$root" # from here on the lab's own files and the other hosts' are out of sight
mount -t tmpfs -o mode=755,size=8m tmpfs "$root/shop/data"

for file in hosts resolv.conf nsswitch.conf; do
  if [ -e "/etc/$file" ]; then mount --bind "$root/etc/$file" "/etc/$file"; fi
done
mount -t tmpfs -o mode=755,size=4m tmpfs /var/spool
mkdir -p /var/spool/cron/crontabs
cp "$root/etc/crontab.$name" /var/spool/cron/crontabs/root
chmod 600 /var/spool/cron/crontabs/root
mount -t tmpfs -o mode=755,size=4m tmpfs "$tools"
cp "$root/bin/crontab" "$tools"
cp /bin/sh "$tools/crond"

export PATH="$tools:/usr/sbin:/usr/bin:/sbin:/bin" HOME=/root SHOP="$root/shop"
cd /
crond "$root/bin/crond" -f &
[ "${4-}" = containers ] || setsid "$root/bin/shop-service" &
# PID 1 never ends by itself: orphans of the host are reaped by this wait
while :; do
  wait || true
  sleep 1
done
