# What an operator sets for the service, as Debian's init scripts read it.
[ ! -e /etc/default/shop ] || { set -a; . /etc/default/shop; set +a; }
exec /etc/lab/as-shop NODE_PATH=/usr/share/nodejs NODE_ENV=production node shop.js
