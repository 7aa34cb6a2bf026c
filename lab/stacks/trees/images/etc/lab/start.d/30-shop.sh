# As systemd does with MemoryMax= in the unit of the service.
if [ -e /sys/fs/cgroup/memory ]; then
  mkdir /sys/fs/cgroup/memory/shop.service; cd /sys/fs/cgroup/memory/shop.service; echo 400M > memory.limit_in_bytes
else
  mkdir /sys/fs/cgroup/shop.service; cd /sys/fs/cgroup/shop.service; echo 400M > memory.max
fi
echo $$ > cgroup.procs
head -c 96M /dev/urandom > /srv/data/images
sync -f /srv/data/images
# The disk gives 16 MB a second; what was read once is in memory.
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 16777216" > /sys/fs/cgroup/blkio/blkio.throttle.read_bps_device
else
  echo "$device rbps=16777216" > /sys/fs/cgroup/io.max
fi
cd /srv/shop
exec uwsgi --plugins python3 --http-socket 0.0.0.0:8000 --master --processes 8 --listen 100 --uid www-data --gid www-data --wsgi-file app.py --disable-logging
