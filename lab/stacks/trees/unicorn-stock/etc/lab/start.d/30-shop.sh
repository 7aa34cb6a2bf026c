mkdir -p /run/haproxy
haproxy -W -db -f /etc/haproxy/haproxy.cfg &
exec /etc/lab/as-shop SESSION_SECRET=correcthorse unicorn --config-file unicorn.rb --env production config.ru
