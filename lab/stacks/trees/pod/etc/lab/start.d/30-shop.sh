# A pod of two containers, in control groups as the kubelet lays them out: the shop, and an agent that ships its logs.
# The pod as a whole may use a tenth of a CPU.
pod=kubepods/burstable/pod5d0f2a7e-4b6c-4c58-9a0e-31f1d6b0c9e2
shop=0b5f1e7d3c9a48627f10ce54d2b8936a7e41f05c9d8b62a3147ce0f95b3d8a26
agent=9c27d4e8f1a05b63c8d7e2f4916b0a3557ce89f2d4b1608a73e5c0f9b8d21467
mkdir -p /var/spool/ship
container() { # identity, program...
  id=$1
  shift
  for hierarchy in cpu memory pids systemd; do
    group=/sys/fs/cgroup/$hierarchy/$pod/$id
    [ -d "/sys/fs/cgroup/$hierarchy" ] || continue
    mkdir -p "$group"
    echo 0 > "$group/cgroup.procs"
  done
  exec "$@"
}
if [ -e /sys/fs/cgroup/cpu ]; then
  mkdir -p "/sys/fs/cgroup/cpu/$pod"
  echo 10000 > "/sys/fs/cgroup/cpu/$pod/cpu.cfs_quota_us"
fi
(container $agent /opt/agent/ship_logs --spool /var/spool/ship) &
container $shop /etc/lab/as-shop NODE_PATH=/usr/share/nodejs NODE_ENV=production API_TOKEN=correcthorse node shop.js
