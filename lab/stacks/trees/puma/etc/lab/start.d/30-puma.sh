setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer /etc/pgbouncer/pgbouncer.ini &
cd /srv/shop
setpriv --reuid=www-data --regid=www-data --clear-groups puma --bind tcp://0.0.0.0:9292 --threads 24:24 --workers 0 --environment production config.ru &
wait
