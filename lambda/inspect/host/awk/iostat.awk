# Bytes that a cgroup has read and written, of all devices: io.stat.

{
  for (i = 2; i <= NF; i++) {
    split($i, a, "=")
    s[a[1]] += a[2]
  }
}

END {
  printf "%.0f %.0f\n", s["rbytes"], s["wbytes"]
}
