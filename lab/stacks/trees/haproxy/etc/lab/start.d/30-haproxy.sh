# As somebody once tuned these hosts: ports for four thousand connections to one place.
echo '32768 36863' > /proc/sys/net/ipv4/ip_local_port_range
mkdir -p /run/haproxy
exec haproxy -W -db -f /etc/haproxy/haproxy.cfg
