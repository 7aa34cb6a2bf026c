# The debugger is installed for one scene, and Debian turns it on.
rm -f /etc/php/8.2/*/conf.d/*-xdebug.ini
mkdir -p /run/php
php-fpm8.2 --nodaemonize &
nginx -g 'daemon off;' &
wait
