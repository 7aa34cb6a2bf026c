# The shop in a container of Debian's own docker: bridge, docker-proxy, DNAT. The image has the host's /usr, which saves a copy.
set -e
[ ! -e /etc/default/container ] || . /etc/default/container
dockerd --storage-driver vfs --data-root /var/lib/docker --log-level warn &
until /usr/bin/docker info > /dev/null 2>&1; do sleep 0.3; done
image=/var/lib/image
mkdir -p "$image/tmp" "$image/run" "$image/usr" "$image/var/log" "$image/var/spool/cron/crontabs" "$image/opt"
ln -s /run "$image/var/run"
chmod 1777 "$image/tmp"
for link in bin lib lib64 sbin; do [ ! -L "/$link" ] || ln -s "usr/$link" "$image/$link"; done
cp -a /etc "$image/etc"
cp -a /srv "$image/srv"
[ ! -e /opt/reports ] || cp -a /opt/reports "$image/opt/reports"
tar -C "$image" -c . | /usr/bin/docker import - shop:3.4.1 > /dev/null
exec /usr/bin/docker run --name shop --hostname "$(hostname)" --publish 8000:8000 --dns 10.0.1.2 --volume /usr:/usr:ro --workdir /srv/shop \
  --env APP_VERSION=3.4.1 --env DB_PASSWORD=correcthorse ${OPTIONS:-} shop:3.4.1 \
  sh -c 'cron; exec /etc/lab/as-shop gunicorn --workers 1 --threads 32 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app'
