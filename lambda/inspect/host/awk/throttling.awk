# How often a cgroup, or one above it, was kept from the CPU, and how often since `old`: the values of the look before, in the same order.
# Told is the group that was kept from it most, and how far above it is.

BEGIN {
  split(old, o, " ")
}

/^nr_throttled / {
  n++
  d = $2 - o[n]
  if (n == 1 || d > most) {
    most = d
    total = $2
    above = n - 1
  }
}

END {
  if (n) {
    print "cgroup\tcgroup\tnr_throttled\t" total "\t" most
    if (above) {
      print "cgroup\tcgroup\tthrottled.above\t" above "\t-"
    }
    fflush()
  }
}
