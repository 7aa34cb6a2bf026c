mknod /dev/fuse c 10 229
mkdir -p /srv/store /srv/prices
printf '{"item": 1, "price": 12}\n' > /srv/store/prices.json
bindfs -f -o direct_io,allow_other /srv/store /srv/prices &
until [ -e /srv/prices/prices.json ]; do sleep 0.2; done
cd /srv/shop
exec uwsgi --plugins python3 --http-socket 0.0.0.0:8000 --master --processes 8 --listen 100 --uid www-data --gid www-data --wsgi-file app.py --disable-logging
