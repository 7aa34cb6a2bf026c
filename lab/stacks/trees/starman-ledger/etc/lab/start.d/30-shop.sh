mkdir -p /srv/data
: > /srv/data/ledger
chown -R www-data /srv/data
exec /etc/lab/as-shop APP_SECRET=correcthorse starman --port 8000 --workers 8 --backlog 64 --env production shop.psgi
