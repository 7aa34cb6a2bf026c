memcached -u www-data -l 127.0.0.1 -p 11211 -m 32 -c 40 -o no_maxconns_fast &
cd /srv/shop
exec uwsgi --plugins python3 --http-socket 0.0.0.0:8000 --master --processes 8 --listen 100 --uid www-data --gid www-data --wsgi-file app.py --disable-logging
