# As local-resolver, with a name server of its own for the addresses of the company, which is gone.
exec dnsmasq --keep-in-foreground --no-resolv --no-hosts --bind-interfaces --listen-address=127.0.0.1 --pid-file= --user=nobody \
  --server=10.0.1.2 --server=/10.in-addr.arpa/10.0.1.99
