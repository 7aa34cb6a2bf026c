# Network namespaces. Containers have sockets of their own: one process of each namespace lends its view.

# Sets lenders: a process of each namespace but our own.
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
    if (!(ino in lender)) {
      lender[ino] = p
    }
  }
  close(c)
  for (ino in lender) {
    if (ino != own && ++k <= 60) {
      lenders = lenders " " lender[ino]
    }
  }
}

function readSockets(  a, c, i, n) {
  split("ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK " \
    "LISTEN CLOSING NEW_SYN_RECV", STATE, " ")
  readNamespaces()
  c = "grep -sH . /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6"
  n = split(lenders, a, " ")
  for (i = 1; i <= n; i++) {
    c = c " /proc/" a[i] "/net/tcp /proc/" a[i] "/net/tcp6 /proc/" a[i] "/net/udp /proc/" a[i] "/net/udp6"
  }
  n = 0
  while (each(c)) {
    if ((at1 == "net" ? path[4] : at2) ~ /^udp/) {
      readQuery(rest1)
    } else if (rest1 ~ /^ *sl /) {
      n++
    } else {
      readSocket(rest1, at1 == "net" ? "" : at1)
    }
  }
  if (!n) {
    out("sockets\t!denied\t/proc/net/tcp")
  }
}

# The namespaces that a tool of the host looks at from inside: the application's, and two more with connections to databases.
# Sets entered.
function chooseNamespaces(  a, i, k, n) {
  n = split(lenders, a, " ")
  for (i = 1; i <= n; i++) {
    if (a[i] == network || (a[i] in holdsdb) && ++k <= 2) {
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
