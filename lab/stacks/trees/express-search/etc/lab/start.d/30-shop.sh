exec /etc/lab/as-shop NODE_PATH=/usr/share/nodejs NODE_ENV=production API_TOKEN=correcthorse node shop.js
