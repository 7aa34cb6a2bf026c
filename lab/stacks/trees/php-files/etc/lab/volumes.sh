# ext4 has an inode for each 4 KB of a small disk.
sh /etc/lab/loop-disk 24M
mkdir /srv/data/carts
chown www-data: /srv/data/carts
