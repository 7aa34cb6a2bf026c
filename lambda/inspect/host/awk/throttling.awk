# How often a cgroup was kept from the CPU, and how often since `old`: the value of the look before.

/^nr_throttled / {
  print "cgroup\tcgroup\t" $1 "\t" $2 "\t" $2 - old
  fflush()
}
