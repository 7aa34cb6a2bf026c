exec varnishd -F -a :8000 -f /etc/varnish/shop.vcl -s malloc,32m -n /run/varnish
