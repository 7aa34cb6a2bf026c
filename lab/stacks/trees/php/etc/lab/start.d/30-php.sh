mkdir -p /run/php
php-fpm8.2 --nodaemonize &
nginx -g 'daemon off;' &
wait
