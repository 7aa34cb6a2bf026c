lighttpd -D -f /etc/lighttpd/lighttpd.conf &
cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env APP_SECRET=correcthorse gunicorn --workers 2 --threads 8 --bind 127.0.0.1:9000 app:app
