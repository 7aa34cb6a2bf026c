mkdir -p /srv/stock
head -c 16000 /dev/zero | tr '\0' ' ' > /srv/stock/catalog.json
: > /run/ready
exec nginx -g 'daemon off;'
