redis-server --save '' --appendonly no --bind 127.0.0.1 --busy-reply-threshold 60000 &
cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups gunicorn --workers 2 --threads 16 --bind 0.0.0.0:8000 app:app
