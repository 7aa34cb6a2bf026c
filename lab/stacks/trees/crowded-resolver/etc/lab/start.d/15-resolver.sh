# As local-resolver, for names that change often: nothing is kept. The server for the names of foreign addresses is gone.
exec dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --pid-file= --user=nobody \
  --cache-size=0 --server=10.0.1.2 --server=/in-addr.arpa/10.0.1.20
