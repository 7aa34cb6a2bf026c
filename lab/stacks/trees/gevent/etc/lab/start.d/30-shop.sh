# As systemd does with MemoryMax= and Restart=always in the unit of the service.
while :; do
  limit=$(cat /etc/shop.memory)
  if [ -e /sys/fs/cgroup/memory ]; then
    mkdir -p /sys/fs/cgroup/memory/shop.service; cd /sys/fs/cgroup/memory/shop.service; echo "$limit" > memory.limit_in_bytes
  else
    mkdir -p /sys/fs/cgroup/shop.service; cd /sys/fs/cgroup/shop.service; echo "$limit" > memory.max
  fi
  sh -c 'echo $$ > cgroup.procs; exec /etc/lab/as-shop API_KEY=correcthorse gunicorn --worker-class gevent --workers 2 --bind 0.0.0.0:8000 app:app'
  sleep 1
done
