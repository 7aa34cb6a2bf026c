# The address that a port listens on: loopback, unless it is bound to another. In: port, table (its file of TCP sockets).

function byte(s) {
  return index("0123456789ABCDEF", substr(s, 1, 1)) * 16 - 16 + index("0123456789ABCDEF", substr(s, 2, 1)) - 1
}

function dotted(s) {
  return byte(substr(s, 7, 2)) "." byte(substr(s, 5, 2)) "." byte(substr(s, 3, 2)) "." byte(substr(s, 1, 2))
}

BEGIN {
  h = sprintf("%04X", port)
  r = "127.0.0.1"
  while ((getline l < table) > 0) {
    split(l, a, " ")
    split(a[2], x, ":")
    if (a[4] == "0A" && x[2] == h && x[1] != "00000000") {
      r = dotted(x[1])
      break
    }
  }
  print r
}
