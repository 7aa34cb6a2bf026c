# How often and how long a cgroup was kept from the CPU, and how much of that since `old`: the values of the look before.

BEGIN {
  split(old, o, " ")
}

/^(nr_periods|nr_throttled|throttled_(usec|time)) / {
  print "cgroup\tcgroup\t" $1 "\t" $2 "\t" $2 - o[++i]
  fflush()
}
