# A disk of the host's own with the images of the shop: a file system on a loop device.
mknod /dev/loop-control c 10 237
n=0
while [ $n -lt 16 ]; do mknod /dev/loop$n b 7 $n; n=$((n + 1)); done
truncate -s 200M /var/lib/disk.img
mkfs.ext4 -q -F /var/lib/disk.img
mkdir -p /srv/data
mount -o loop /var/lib/disk.img /srv/data || { sleep 1; mount -o loop /var/lib/disk.img /srv/data; }
