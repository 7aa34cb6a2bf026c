step_dns() {
  if [ -r /etc/resolv.conf ]; then
    awk "$AWK_RESOLVER" /etc/resolv.conf
  else
    status dns partial "may not read /etc/resolv.conf"
  fi
  [ -r /etc/nsswitch.conf ] && awk '/^hosts:/ { $1 = ""; sub(/^ /, ""); print "dns\tdns\tnsswitch\t" substr($0, 1, 80); fflush() }' /etc/nsswitch.conf
  awk '!/^[ \t]*(#|$)/ { n++ } END { print "dns\tdns\thostsEntries\t" n + 0; fflush() }' /etc/hosts
  name=${hostHeader%%:*}
  case $name in
    *[a-zA-Z]*.* | *.*[a-zA-Z]*) ;;
    *) name=amazonaws.com ;;
  esac
  # A name of the hosts file asks no server.
  grep -qiF -- "$name" /etc/hosts && name=amazonaws.com
  lookUp "$name"
}

# name
lookUp() {
  if has getent; then
    set -- "$1" getent hosts
  elif has nslookup; then
    set -- "$1" nslookup
  else
    status dns partial "no getent and no nslookup: lookup not timed"
    return
  fi
  name=$1
  shift
  start=$(centis)
  limited 6 "$@" "$name" >/dev/null 2>&1
  result=$?
  ms=$(( ($(centis) - start) * 10 ))
  case $result in
    0) result=ok ;;
    124 | 137) result=timeout ;;
    *) result=failed ;;
  esac
  row dns dns lookup "$result"
  row dns dns lookupMs "$ms"
  row dns dns lookupName "$name"
}
