rm -f /etc/php/8.2/*/conf.d/*-xdebug.ini
mkdir -p /run/apache2 /run/lock /var/log/apache2
rm -f /etc/apache2/sites-enabled/* /etc/apache2/mods-enabled/mpm_*
ln -s ../mods-available/mpm_prefork.load /etc/apache2/mods-enabled/mpm_prefork.load
ln -s ../mods-available/mpm_prefork.conf /etc/apache2/mods-enabled/mpm_prefork.conf
ln -sf ../mods-available/php8.2.load /etc/apache2/mods-enabled/php8.2.load
ln -sf ../mods-available/php8.2.conf /etc/apache2/mods-enabled/php8.2.conf
# It ends its whole process group when it is told to end: the group must be its own.
exec setsid apache2ctl -D FOREGROUND
