# What an operator sets for the service, as Debian's init scripts read it.
[ ! -e /etc/default/shop ] || { set -a; . /etc/default/shop; set +a; }
cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env APP_VERSION=3.4.1 DB_PASSWORD=correcthorse \
  gunicorn --workers 1 --threads 32 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app
