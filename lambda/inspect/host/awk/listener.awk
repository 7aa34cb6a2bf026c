# The inode of the first socket that listens on a port. In: port.

BEGIN {
  h = sprintf("%04X", port)
  for (k = 1; k <= 2; k++) {
    f = k == 1 ? "/proc/net/tcp" : "/proc/net/tcp6"
    while ((getline l < f) > 0) {
      split(l, a, " ")
      if (a[4] == "0A" && substr(a[2], length(a[2]) - 3) == h) {
        print a[10]
        exit
      }
    }
  }
}
