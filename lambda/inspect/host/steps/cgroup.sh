# pid: version 2, or the separate hierarchies of version 1 (Amazon Linux 2), told under the names of version 2
step_cgroup() {
  cpu=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$1/cgroup")
  mem=$cpu
  pids=$cpu
  current=memory.current
  max=memory.max
  if [ ! -r "$cpu/cpu.stat" ]; then
    cpu=/sys/fs/cgroup/cpu$(sed -n 's/^[0-9]*:\(.*,\)\{0,1\}cpu\(,[^:]*\)\{0,1\}:\(.*\)$/\3/p' "/proc/$1/cgroup")
    mem=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory:\(.*\)$/\1/p' "/proc/$1/cgroup")
    current=memory.usage_in_bytes
    max=memory.limit_in_bytes
    pids=/sys/fs/cgroup/pids$(sed -n 's/^[0-9]*:pids:\(.*\)$/\1/p' "/proc/$1/cgroup")
  fi
  [ -r "$cpu/cpu.stat" ] || {
    status cgroup missing "no cgroup files for the app"
    return
  }
  # A pod, a task or a slice may have a quota that its groups share.
  set --
  group=$cpu
  while [ -r "$group/cpu.stat" ]; do
    set -- "$@" "$group/cpu.stat"
    group=${group%/*}
  done
  before=$(awk '/^nr_throttled / { print $2 }' "$@")
  bytes=$(ioBytes)
  sleep 1
  awk -v old="$before" "$AWK_THROTTLING" "$@"
  [ -z "$bytes" ] || ioBytes | awk -v old="$bytes" "$AWK_MOVED"
  limitOf "$cpu/cpu.max" cpu.max
  limitOf "$cpu/cpu.weight" cpu.weight
  limitOf "$cpu/cpu.shares" cpu.shares
  limitOf "$mem/$current" memory.current
  limitOf "$mem/memory.high" memory.high
  limitOf "$mem/$max" memory.max
  members
  limitOf "$pids/pids.current" pids.current
  limitOf "$pids/pids.max" pids.max
  events=$mem/memory.events
  [ -r "$events" ] || events=$mem/memory.oom_control
  [ -r "$events" ] || return
  awk '/^oom_kill / { print "cgroup\tcgroup\tmemory.events." $1 "\t" $2 "\t-"; fflush() }' "$events"
}

# Bytes that the cgroup has read and written, of all devices; nothing where its I/O is not counted.
ioBytes() {
  [ -s "$cpu/io.stat" ] && awk "$AWK_IOSTAT" "$cpu/io.stat"
}

# The largest processes of a control group whose memory is limited: who runs in the group takes the application's.
members() {
  [ -r "$mem/$max" ] && read -r value <"$mem/$max" || return
  case $value in max | 9223372036854771712) return ;; esac
  largest=$(sed 's|.*|/proc/&/statm|' "$mem/cgroup.procs" | head -n 500 | xargs grep -s '' /dev/null |
    sed 's|^/proc/||; s|/statm:[0-9]* | |' | sort -k 2 -rn | head -n 12 | sed 's| .*||' | tr '\n' ' ')
  [ -z "$largest" ] || row cgroup cgroup memory.procs "${largest% }" -
}

# file name
limitOf() {
  [ -r "$1" ] || return
  read -r value <"$1"
  row cgroup cgroup "$2" "$value" -
}
