cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env DB_PASSWORD=correcthorse starman --port 8000 --workers 8 --backlog 64 --env production shop.psgi
