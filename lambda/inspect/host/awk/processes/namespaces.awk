# Network namespaces. Containers have sockets of their own: one process of each namespace lends its view.

# Sets lenders: a process of each namespace but our own, the application's first.
function readNamespaces(  c, ino, k, l, lender, own, p) {
  c = "ls -ln /proc/[0-9]*/ns/net"
  while ((c | getline l) > 0) {
    if (l !~ /\/proc\/[0-9]+\/ns\/net -> net:\[[0-9]+\]$/) {
      continue
    }
    ino = l
    sub(/^.*\[/, "", ino)
    sub(/ -> .*$/, "", l)
    sub(/^.*\/proc\//, "", l)
    p = l + 0
    if (p == self) {
      own = ino
    }
    if (!(ino in lender) || p == located) {
      lender[ino] = p
    }
  }
  close(c)
  if (located != "") {
    lenders = " " located
  }
  for (ino in lender) {
    if (ino != own && lender[ino] != located && ++k <= 20) {
      lenders = lenders " " lender[ino]
    }
  }
}

function readSockets(  c, l, n, ns) {
  split("ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK " \
    "LISTEN CLOSING NEW_SYN_RECV", STATE, " ")
  readNamespaces()
  c = "cat /proc/net/tcp /proc/net/tcp6; for p in" lenders "; do echo ns $p; cat /proc/$p/net/tcp /proc/$p/net/tcp6; done"
  while ((c | getline l) > 0) {
    if (l ~ /^ns [0-9]+$/) {
      ns = substr(l, 4)
    } else if (l ~ /^ *sl /) {
      n++
    } else {
      readSocket(l, ns)
    }
  }
  close(c)
  if (!n) {
    out("sockets\t!denied\t/proc/net/tcp")
  }
  for (l = 1; l <= nsock; l++) {
    count(sock[l])
  }
}

# The namespaces that a tool of the host looks at from inside: the application's, and two more with connections to databases.
function chooseNamespaces(  a, i, k, n) {
  n = split(lenders, a, " ")
  for (i = 1; i <= n; i++) {
    if (a[i] == located || (a[i] in holdsdb) && ++k <= 2) {
      entered = entered " " a[i]
    }
  }
  if (entered != "" && !enters) {
    entered = ""
    out("sockets\t!partial\tno nsenter: clocks and Unix sockets of containers are not seen")
  }
}

# A command of ss, on the host and within: "ns PID" stands before what each namespace prints.
function everywhere(c) {
  return c "; for p in" entered "; do echo ns $p; nsenter -t $p -n " c "; done"
}
