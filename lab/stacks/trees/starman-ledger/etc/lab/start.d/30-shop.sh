mkdir -p /srv/data
: > /srv/data/ledger
chown -R www-data /srv/data
cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env APP_SECRET=correcthorse starman --port 8000 --workers 8 --backlog 64 --env production shop.psgi
