cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env APP_VERSION=3.4.1 DB_PASSWORD=correcthorse \
  gunicorn --workers 1 --threads 32 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app
