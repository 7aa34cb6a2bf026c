# Where the application is. Its port may be open on the host, or be handed on to a container by a proxy or by rules of the kernel alone.

# Prints "pid inode port address" of an application in a network of its own, "? n" where n containers could be it, or nothing.
locate() {
  target=$(proxied)
  [ -n "$target" ] || [ -n "$isOpen" ] || target=$(translated)
  [ -n "$target" ] || [ -z "$isOpen" ] || return
  # shellcheck disable=SC2086
  set -- ${target:-"$appPort"}
  inner=$1
  address=${2:-}
  # shellcheck disable=SC2046
  set -- $(awk -v port="$inner" -v ip="$address" -v self=$$ "$AWK_NAMESPACES")
  case ${1:-} in
    '') return ;;
    '?')
      echo "? $2"
      return
      ;;
  esac
  socket=$1
  shift
  held=$(holder "$socket" "$@")
  [ -z "$held" ] || echo "$held $socket $inner $address"
}

# The port and address in a container to which root's userland proxy passes the port on.
proxied() {
  grep -lx 'docker-proxy' /proc/[0-9]*/comm | while read -r file; do
    [ -O "${file%/comm}" ] || continue
    tr '\000' ' ' <"${file%/comm}/cmdline" | sed -n "s/.* -host-port $appPort -container-ip \([0-9.]*\) -container-port \([0-9]*\).*/\2 \1/p"
  done | head -n 1
}

# The same by the rules of the kernel. iptables would load the modules that it needs: it is asked where they are loaded.
translated() {
  grep -q '^\(iptable_nat\|nft_chain_nat\|nf_nat\) ' /proc/modules || return
  has iptables || return
  limited 2 iptables -w 1 -t nat -S | sed -n "s/.* --dport $appPort .*--to-destination \([0-9.]*\):\([0-9]*\).*/\2 \1/p" | head -n 1
}

# inode pid...: the first process that has the socket, but for systemd, which opens sockets for others; without pids, of all processes
holder() {
  wanted=$1
  shift
  if [ $# -eq 0 ]; then
    set -- /proc/[0-9]*
  else
    # shellcheck disable=SC2046
    set -- $(printf '/proc/%s ' "$@")
  fi
  for place in "$@"; do
    shift
    set -- "$@" "$place/fd"
  done
  # shellcheck disable=SC2012
  ls "$(listing -l)" "$@" /proc/self/fd | awk -v want="socket:[$wanted]" -v init="$(cat /proc/1/comm)" "$AWK_HOLDER"
}

# options: with -q, which shows a control character in a name as "?", where ls knows it
listing() {
  if ls "$1q" /proc/self/fd >/dev/null 2>&1; then
    echo "$1q"
  else
    echo "$1"
  fi
}

# Whether a userland proxy runs. On a host without a free CPU each program that is started costs a good part of a second: none is.
hasProxy() {
  for file in /proc/[0-9]*/comm; do
    { read -r command <"$file"; } 2>/dev/null
    [ "$command" != docker-proxy ] || return 0
  done
  return 1
}

# Sets appPid, appSocket, innerPort and innerAddress (all "" for an application in the host's own network), several (containers that could
# be it), and enter: the words that run a tool of the host in the application's network. Only tools of the host are run there, and its
# files are read from outside (own): a program or a link of the container is its user's choice, and we are root.
findApplication() {
  appPid=
  appSocket=
  innerPort=
  innerAddress=
  several=
  enter=
  isOpen=$(awk -v port="$appPort" "$AWK_LISTENER")
  [ -z "$isOpen" ] || hasProxy || return
  located=$(bounded 3 locate)
  case $located in
    '? '*) several=${located#* } ;;
    [0-9]*)
      read -r appPid appSocket innerPort innerAddress <<LOCATED
$located
LOCATED
      has nsenter && nsenter -t "$appPid" -n true && enter="nsenter -t $appPid -n"
      ;;
  esac
}
