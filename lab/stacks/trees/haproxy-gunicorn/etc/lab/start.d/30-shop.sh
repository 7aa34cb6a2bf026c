mkdir -p /run/haproxy
haproxy -W -db -f /etc/haproxy/haproxy.cfg &
cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env APP_SECRET=correcthorse gunicorn --workers 1 --threads 32 --bind 127.0.0.1:9000 app:app
