mkdir -p /srv/stock
printf '{"item": 1, "left": 12}\n' > /srv/stock/item.json
: > /run/ready
exec nginx -g 'daemon off;'
