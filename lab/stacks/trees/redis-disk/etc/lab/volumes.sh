# The disk of the cache takes 25 writes a second, as the cheapest network disks do.
sh /etc/lab/loop-disk 100M
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 25" > /sys/fs/cgroup/blkio/blkio.throttle.write_iops_device
else
  echo "$device wiops=25" > /sys/fs/cgroup/io.max
fi
