# A caching resolver on the host itself, as many images have it. $UPSTREAM is the network's own resolver.
exec dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --pid-file= --user=nobody --server="${UPSTREAM:-10.0.1.2}"
