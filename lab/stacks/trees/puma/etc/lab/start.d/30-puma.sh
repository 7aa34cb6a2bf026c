setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer /etc/pgbouncer/pgbouncer.ini &
/etc/lab/as-shop puma --bind tcp://0.0.0.0:9292 --threads 24:24 --workers 0 --environment production config.ru &
wait
