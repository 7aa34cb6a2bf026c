mkdir -p /run/haproxy
haproxy -W -db -f /etc/haproxy/haproxy.cfg &
exec /etc/lab/as-shop APP_SECRET=correcthorse gunicorn --workers 1 --threads 32 --bind 127.0.0.1:9000 app:app
