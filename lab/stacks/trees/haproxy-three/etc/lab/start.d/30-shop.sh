mkdir -p /run/haproxy
haproxy -W -db -f /etc/haproxy/haproxy.cfg &
for port in 9001 9002 9003; do
  /etc/lab/as-shop APP_SECRET=correcthorse gunicorn --workers 1 --threads 16 --bind "127.0.0.1:$port" app:app &
done
wait
