#!/bin/sh
# PID 1 of one task: gives the container a file system and a name of its own, and becomes the shop. Nothing in it handles SIGTERM, as in
# so many images: what is stopped ends by SIGKILL.
# $1 host name, $2 the lab's directory as the container's host sees it, $3 where its image is
set -eu
name=$1 root=$2 image=$3

hostname "$name"
mkdir -p "$root/blank"
mount -t tmpfs -o mode=755,size=24m tmpfs "$root/blank"
cp -R "$image/bin" "$image/etc" "$image/shop" "$root/blank"
mkdir -p "$root/blank/ssm"
: > "$root/blank/shop/log/server.log"
printf '127.0.0.1 localhost\n' > "$root/blank/etc/hosts"
mount --bind "$root/blank" "$root" # from here on the files of the host and of other tasks are out of sight
mount -t tmpfs -o mode=755,size=8m tmpfs "$root/shop/data"
for file in hosts resolv.conf nsswitch.conf; do
  if [ -e "/etc/$file" ]; then mount --bind "$root/etc/$file" "/etc/$file"; fi
done

cd "$root/shop"
ulimit -n 400
exec "$root/shop/bin/node" --max-old-space-size=128 "$root/shop/current/server.js" >> log/server.log 2>&1
