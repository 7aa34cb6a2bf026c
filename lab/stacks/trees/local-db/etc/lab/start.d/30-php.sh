rm -f /etc/php/8.2/*/conf.d/*-xdebug.ini
# The application asks the database of its own host.
export DB_HOST=127.0.0.1
mkdir -p /run/php
until [ -e /run/ready ]; do sleep 0.2; done
php-fpm8.2 --nodaemonize &
nginx -g 'daemon off;' &
wait
