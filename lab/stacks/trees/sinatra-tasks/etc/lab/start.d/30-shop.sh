# As systemd does with TasksMax= in the unit of the service.
mkdir -p /srv/labels
chown www-data /srv/labels
service=/sys/fs/cgroup/pids/shop.service
[ -d /sys/fs/cgroup/pids ] || service=/sys/fs/cgroup/shop.service
mkdir "$service"
echo 200 > "$service/pids.max"
echo $$ > "$service/cgroup.procs"
exec /etc/lab/as-shop SESSION_SECRET=correcthorse \
  puma --bind tcp://0.0.0.0:9292 --threads 8:8 --workers 2 --environment production config.ru
