step_dns() {
  # A resolver's socket has its server as the other end (port 53) until that has answered.
  # shellcheck disable=SC2086
  row dns dns pending "$($enter cat /proc/net/udp /proc/net/udp6 | awk '$3 ~ /:0035$/ { n++ } END { print n + 0 }')"
  if [ -n "$appPid" ] && ! isMounted "$appPid"; then
    innerNames
    return
  fi
  if [ -r /etc/resolv.conf ]; then
    awk "$AWK_RESOLVER" /etc/resolv.conf
  else
    status dns partial "may not read /etc/resolv.conf"
  fi
  name=${hostHeader%%:*}
  case $name in
    *[a-zA-Z]*.* | *.*[a-zA-Z]*) ;;
    *) name=amazonaws.com ;;
  esac
  # A name of the hosts file asks no server.
  grep -qiF -- "$name" /etc/hosts && name=amazonaws.com
  lookUp "$name"
}

# The resolver of a container: its own file, and its own server asked from its network. getent would ask the host's.
innerNames() {
  uid=$(awk '/^Uid:/ { print $3; exit }' "/proc/$appPid/status")
  file=/proc/$appPid/root/etc/resolv.conf
  lines=$(own "$uid" 4096 "$file" "$appPid")
  [ -n "$lines" ] || {
    status dns partial "the container has no /etc/resolv.conf that may be read"
    return
  }
  printf '%s\n' "$lines" | awk "$AWK_RESOLVER"
  server=$(printf '%s\n' "$lines" | sed -n 's/^nameserver[ \t]*\([0-9a-fA-F.:]*\).*/\1/p' | head -n 1)
  if has nslookup && [ -n "$enter" ] && [ -n "$server" ]; then
    # shellcheck disable=SC2086
    asked amazonaws.com $enter nslookup amazonaws.com "$server"
  else
    status dns partial "no nslookup: lookup in the container not timed"
  fi
}

# name
lookUp() {
  if has getent; then
    asked "$1" getent hosts "$1"
  elif has nslookup; then
    asked "$1" nslookup "$1"
  else
    status dns partial "no getent and no nslookup: lookup not timed"
  fi
}

# name command...
asked() {
  name=$1
  shift
  start=$(centis)
  limited 6 "$@" >/dev/null 2>&1
  result=$?
  ms=$(( ($(centis) - start) * 10 ))
  case $result in
    0) result=ok ;;
    124 | 137) result=timeout ;;
    *) result=failed ;;
  esac
  row dns dns lookup "$result"
  row dns dns lookupMs "$ms"
}
