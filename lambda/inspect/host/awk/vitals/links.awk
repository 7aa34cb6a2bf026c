# Bytes of the host's own interfaces: what a bridge passes on to containers went through one of them.
function readLinks(k,  l, a) {
  v[k, "net", "InBytes"] = 0
  v[k, "net", "OutBytes"] = 0
  while ((getline l < "/proc/net/dev") > 0) {
    if (sub(/:/, " ", l) && l !~ /^ *(lo|veth|docker|br-|virbr|cni|cali|flannel|cilium|vxlan|lxc|tun|tap|bond|team|dummy)/) {
      split(l, a, " ")
      v[k, "net", "InBytes"] += a[2]
      v[k, "net", "OutBytes"] += a[10]
      net["InBytes"]
      net["OutBytes"]
    }
  }
  close("/proc/net/dev")
}
