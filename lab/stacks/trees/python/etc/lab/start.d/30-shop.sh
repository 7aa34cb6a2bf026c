# What an operator sets for the service, as Debian's init scripts read it.
[ ! -e /etc/default/shop ] || { set -a; . /etc/default/shop; set +a; }
exec /etc/lab/as-shop APP_VERSION=3.4.1 DB_PASSWORD=correcthorse \
  gunicorn --workers 1 --threads 32 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app
