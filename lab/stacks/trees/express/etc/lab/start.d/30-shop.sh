cd /srv/shop
exec setpriv --reuid=www-data --regid=www-data --clear-groups env NODE_PATH=/usr/share/nodejs NODE_ENV=production API_TOKEN=correcthorse node shop.js
