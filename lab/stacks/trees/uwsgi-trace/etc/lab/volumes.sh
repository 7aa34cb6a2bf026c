# The journal has a volume of its own, as mkfs.ext4 makes it.
sh /etc/lab/loop-disk 160M
chown www-data: /srv/data
