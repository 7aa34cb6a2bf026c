exec sh /etc/lab/shop
