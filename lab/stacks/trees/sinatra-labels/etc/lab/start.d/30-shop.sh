mkdir -p /srv/labels
touch /srv/labels/printer.lock
chown -R www-data /srv/labels
exec /etc/lab/as-shop SESSION_SECRET=correcthorse \
  puma --bind tcp://0.0.0.0:9292 --threads 8:8 --workers 2 --environment production config.ru
