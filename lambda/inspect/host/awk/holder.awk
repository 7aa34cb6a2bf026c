# The first process that has a socket open. In: want ("socket:[inode]"), init (name of process 1), and what ls prints of /proc/PID/fd.

/^\/proc\/[0-9]+\/fd:$/ {
  split($0, a, "/")
  p = a[3]
}

$NF == want && (p != 1 || init != "systemd") {
  print p
  exit
}
