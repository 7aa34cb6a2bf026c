# As systemd does with MemoryMax= in the unit of the service: a part of the images stays in memory.
if [ -e /sys/fs/cgroup/memory ]; then
  mkdir /sys/fs/cgroup/memory/shop.service; cd /sys/fs/cgroup/memory/shop.service; echo 128M > memory.limit_in_bytes
else
  mkdir /sys/fs/cgroup/shop.service; cd /sys/fs/cgroup/shop.service; echo 128M > memory.max
fi
echo $$ > cgroup.procs
mkdir /srv/data/media
for shelf in 0 1 2 3 4 5 6 7; do head -c 21M /dev/urandom > /srv/data/media/shelf-$shelf; done
sync -f /srv/data/media
# The disk gives 16 MB a second.
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 16777216" > /sys/fs/cgroup/blkio/blkio.throttle.read_bps_device
else
  echo "$device rbps=16777216" > /sys/fs/cgroup/io.max
fi
exec /etc/lab/as-shop MOJO_MODE=production APP_SECRET=correcthorse hypnotoad --foreground shop.pl
