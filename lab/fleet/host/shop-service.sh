#!/bin/sh
# Keeps the shop running, as a service manager does: what ends is started again.
cd "${SHOP:?}" || exit 1
ulimit -n 400
while :; do
  "$SHOP/bin/node" --max-old-space-size=128 "$SHOP/current/server.js" >> log/server.log 2>&1 &
  echo $! > run/server.pid
  wait $!
  sleep 0.2
done
