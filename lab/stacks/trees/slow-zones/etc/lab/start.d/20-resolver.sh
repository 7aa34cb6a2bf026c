# The resolver of the network: nobody answers it for the names of foreign addresses.
dnsmasq --keep-in-foreground --no-resolv --no-hosts --pid-file= --user=nobody --dns-forward-max=5000 \
  --server=10.0.1.2 --server=/in-addr.arpa/10.0.1.20 &
: > /run/ready
wait
