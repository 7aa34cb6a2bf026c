# A disk of the host's own: a file system on a loop device that the control group of the host may write at 8 MB a second.
mknod /dev/loop-control c 10 237
n=0
while [ $n -lt 16 ]; do mknod /dev/loop$n b 7 $n; n=$((n + 1)); done
truncate -s 400M /var/lib/disk.img
mkfs.ext4 -q -F /var/lib/disk.img
mkdir -p /srv/data
mount -o loop /var/lib/disk.img /srv/data || { sleep 1; mount -o loop /var/lib/disk.img /srv/data; }
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 8388608" > /sys/fs/cgroup/blkio/blkio.throttle.write_bps_device
else
  echo "$device wbps=8388608" > /sys/fs/cgroup/io.max
fi
chown www-data: /srv/data
