cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env STOCK_API_KEY=correcthorse \
  gunicorn --workers 1 --threads 48 --bind 0.0.0.0:8000 --access-logfile /dev/null app:app
