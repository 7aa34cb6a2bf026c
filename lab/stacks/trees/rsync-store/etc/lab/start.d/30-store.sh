# Debian's rsync as a daemon: where the archives of the fleet go.
mkdir -p /srv/archive
printf '[archive]\npath = /srv/archive\nread only = false\nuid = root\n' > /etc/rsyncd.conf
rsync --daemon --no-detach &
: > /run/ready
wait
