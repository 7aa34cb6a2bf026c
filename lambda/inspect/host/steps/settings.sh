# The files of limits of the control group and of those above it, where that can be read at all: no file is no limit.
diskLimits() {
  for group in "/sys/fs/cgroup$(sed -n 's/^0:://p' "$1")" "/sys/fs/cgroup/blkio$(sed -n 's/^[0-9]*:\(.*,\)\{0,1\}blkio\(,[^:]*\)\{0,1\}:\(.*\)$/\3/p' "$1")"; do
    [ ! -r "$group/cgroup.procs" ] || echo /cgroup:
    while [ "$group" != /sys/fs ]; do
      grep -s '' "$group/io.max" "$group"/blkio.throttle.*_device /dev/null
      group=${group%/*}
    done
  done
}

# How the kernel was told to treat the application and its network: what somebody tuned, or left on, on this host alone.
step_settings() {
  net=/proc/sys/net
  {
    # What belongs to a network is read within the application's.
    # shellcheck disable=SC2086
    $enter grep -s '' $net/core/somaxconn $net/core/netdev_max_backlog $net/core/rmem_max $net/core/wmem_max $net/ipv4/tcp_rmem \
      $net/ipv4/tcp_wmem $net/ipv4/tcp_max_syn_backlog $net/ipv4/tcp_syncookies $net/ipv4/tcp_tw_reuse $net/ipv4/tcp_fin_timeout \
      $net/ipv4/tcp_congestion_control $net/ipv4/tcp_window_scaling $net/ipv4/tcp_sack $net/ipv4/tcp_slow_start_after_idle \
      $net/ipv4/tcp_mtu_probing $net/ipv4/tcp_syn_retries $net/ipv4/tcp_abort_on_overflow \
      $net/netfilter/nf_conntrack_count $net/netfilter/nf_conntrack_max
    grep -s '' /proc/sys/vm/swappiness /proc/sys/vm/dirty_ratio /proc/sys/vm/dirty_background_ratio /proc/sys/vm/overcommit_memory \
      /proc/sys/vm/nr_hugepages /proc/sys/vm/zone_reclaim_mode /sys/kernel/mm/transparent_hugepage/enabled \
      /sys/devices/system/clocksource/clocksource0/current_clocksource
    case $where in host | inner) grep -s '^Max \(processes\|address\)' "/proc/$owner/limits" /dev/null ;; esac
    case $where in host | inner)
      grep -s '' "/proc/$owner/stat" "/proc/$owner/mountinfo" /dev/null
      diskLimits "/proc/$owner/cgroup"
      ;;
    esac
    # shellcheck disable=SC2086
    has ip && limited 2 $enter ip -o link show
  } | awk "$AWK_LIB$AWK_SETTINGS"
}
