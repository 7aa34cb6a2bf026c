# A disk of the host's own, that may be read at 6 MB a second, with pictures of all products.
mknod /dev/loop-control c 10 237
n=0
while [ $n -lt 16 ]; do mknod /dev/loop$n b 7 $n; n=$((n + 1)); done
truncate -s 240M /var/lib/disk.img
mkfs.ext4 -q -F /var/lib/disk.img
mkdir -p /srv/data
mount -o loop /var/lib/disk.img /srv/data || { sleep 1; mount -o loop /var/lib/disk.img /srv/data; }
n=0
while [ $n -lt 150 ]; do head -c 1000000 /dev/urandom > /srv/data/product-$n.jpg; n=$((n + 1)); done
sync -f /srv/data
device=$(mountpoint -d /srv/data)
if [ -e /sys/fs/cgroup/blkio ]; then
  echo "$device 6291456" > /sys/fs/cgroup/blkio/blkio.throttle.read_bps_device
else
  echo "$device rbps=6291456" > /sys/fs/cgroup/io.max
fi
