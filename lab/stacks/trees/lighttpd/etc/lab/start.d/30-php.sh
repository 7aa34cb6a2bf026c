rm -f /etc/php/8.2/*/conf.d/*-xdebug.ini
mkdir -p /run/php
chown -R www-data /var/log/lighttpd
php-fpm8.2 --nodaemonize &
sh /etc/lab/web &
wait
