# Bytes that a cgroup has read and written, and how many of them since `old`: the values of the look before.

BEGIN {
  split(old, o, " ")
}

{
  for (i = 1; i <= 2; i++) {
    print "cgroup\tcgroup\tio." (i == 1 ? "r" : "w") "bytes\t" $i "\t" $i - o[i]
  }
  fflush()
}
