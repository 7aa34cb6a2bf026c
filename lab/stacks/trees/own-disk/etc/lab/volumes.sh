# The control group of the host may write 8 MB a second to it.
sh /etc/lab/loop-disk 400M
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 8388608" > /sys/fs/cgroup/blkio/blkio.throttle.write_bps_device
else
  echo "$device wbps=8388608" > /sys/fs/cgroup/io.max
fi
chown www-data: /srv/data
