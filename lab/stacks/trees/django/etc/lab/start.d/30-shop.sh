cd /srv/shop
sqlite3 shop.db 'CREATE TABLE carts(id INTEGER PRIMARY KEY, hits INTEGER DEFAULT 0); CREATE TABLE prices(item INTEGER, price INTEGER);'
for n in 1 2 3 4 5 6 7 8; do sqlite3 shop.db "INSERT INTO carts(id) VALUES ($n)"; done
chown -R www-data .
/etc/lab/as-shop DJANGO_SETTINGS_MODULE=shop SECRET_KEY=correcthorse \
  gunicorn --workers 4 --bind unix:/tmp/shop.sock --access-logfile /dev/null shop:application &
caddy run --config /etc/caddy/Caddyfile --adapter caddyfile &
wait
