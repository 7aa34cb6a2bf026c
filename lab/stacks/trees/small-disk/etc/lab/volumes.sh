# The database has a volume of its own, with little room.
mkdir /run/volume
mount -t tmpfs -o mode=755,size=288m tmpfs /run/volume
cp -a /var/lib/mysql/. /run/volume/
chown mysql: /run/volume
mount --move /run/volume /var/lib/mysql
