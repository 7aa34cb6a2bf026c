# As systemd does for a service with CPUAccounting= in its unit.
if [ -e /sys/fs/cgroup/cpu ]; then cd /sys/fs/cgroup/cpu; else cd /sys/fs/cgroup; fi
mkdir shop.service
echo $$ > shop.service/cgroup.procs
exec /etc/lab/as-shop gunicorn --workers 2 --threads 8 --bind 0.0.0.0:8000 app:app
