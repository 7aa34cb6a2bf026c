memcached -u www-data -l 127.0.0.1 -m 64 &
exec /etc/lab/as-shop DB_PASSWORD=correcthorse uwsgi --plugins python3 --http-socket 0.0.0.0:8000 --master --processes 8 --listen 100 \
  --wsgi-file app.py --disable-logging --lazy-apps
