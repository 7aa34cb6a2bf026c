exec /etc/lab/as-shop DB_PASSWORD=correcthorse starman --port 8000 --workers 8 --backlog 64 --env production --pid /tmp/shop.pid shop.psgi
