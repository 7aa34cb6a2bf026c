# As local-resolver, for names that change often: nothing is kept.
exec dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --pid-file= --user=nobody \
  --cache-size=0 --server=10.0.1.44
