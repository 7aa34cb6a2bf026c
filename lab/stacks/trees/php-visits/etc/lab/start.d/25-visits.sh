mkdir -p /srv/shop/visits
chown www-data /srv/shop/visits
