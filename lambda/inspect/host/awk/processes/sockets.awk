# TCP sockets of all network namespaces, and who owns them.

function hex(s,  i, n) {
  n = 0
  s = tolower(s)
  for (i = 1; i <= length(s); i++) {
    n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
  }
  return n
}

function ip4(s) {
  return hex(substr(s, 7, 2)) "." hex(substr(s, 5, 2)) "." hex(substr(s, 3, 2)) "." hex(substr(s, 1, 2))
}

function address(s,  i, j, g, o) {
  if (length(s) == 8) {
    return ip4(s)
  }
  if (substr(s, 1, 24) == "0000000000000000FFFF0000") {
    return ip4(substr(s, 25))
  }
  if (s ~ /^0+$/) {
    return "::"
  }
  for (i = 0; i < 4; i++) {
    for (j = 0; j < 2; j++) {
      g = tolower(substr(s, i * 8 + 7 - j * 4, 2) substr(s, i * 8 + 5 - j * 4, 2))
      sub(/^0+/, "", g)
      o = o (o == "" ? "" : ":") (g == "" ? "0" : g)
    }
  }
  return "[" o "]"
}

# The number of the descriptor in a line of ls; "" where it is none. It goes into a command: where ls shows a line end in a name as it
# is, a name may look like a line of its own.
function descriptor(l) {
  sub(/ -> .*$/, "", l)
  sub(/^.* /, "", l)
  return l ~ /^[0-9]+$/ ? l : ""
}

# owner[inode]: the first process that has the socket; shared[inode]: all of them; fds[pid]: how many descriptors it has.
function readDescriptors(  a, c, l, p) {
  c = "ls " lsq " /proc/[0-9]*/fd"
  while ((c | getline l) > 0) {
    if (l ~ /^\/proc\/[0-9]+\/fd:$/) {
      split(l, a, "/")
      p = a[3]
      fds[p] = 0
      continue
    }
    if (l !~ / -> /) {
      continue
    }
    fds[p]++
    if (l ~ / [0-9]+ -> \/.* \(deleted\)$/ && ndeleted < 60) {
      rememberDeleted(p, l)
    }
    rememberWriter(p, l)
    if (l ~ / [0-9]+ -> socket:\[[0-9]+\]$/) {
      sub(/^.*\[/, "", l)
      sub(/\]$/, "", l)
      if (!(l in owner)) {
        owner[l] = p
      }
      shared[l] = l in shared ? shared[l] " " p : p
    }
  }
  close(c)
}

function readSocket(l, ns,  a, x, y, q, port, st) {
  if (split(l, a, " ") < 10) {
    return
  }
  split(a[2], x, ":")
  split(a[3], y, ":")
  split(a[5], q, ":")
  st = STATE[hex(a[4])]
  states[st]++
  port = hex(x[2])
  if (st == "LISTEN") {
    heard[++nheard] = port " " address(x[1]) " " a[10] " " hex(q[2]) " " ns
    return
  }
  sock[++nsock] = port " " address(y[1]) ":" hex(y[2]) " " st " " a[10] " " hex(y[2]) " " (hex(q[1]) > 0) " " ns
  if (hex(y[2]) in isdb) {
    inode[ns, port, hex(y[2])] = a[10]
    holdsdb[ns]
    if (st == "ESTABLISHED" && !(a[10] in owner)) {
      unowned = 1
    }
  }
}

# A resolver's socket has its server as the other end (port 53) until that has answered.
function readQuery(l,  a) {
  if (split(l, a, " ") >= 10 && a[3] ~ /:0035$/ && (a[10] in owner)) {
    queries[owner[a[10]]]++
  }
}

# Who waits for names, most first.
function printQueries(  b, k, p) {
  for (k = 0; k < 5; k++) {
    b = ""
    for (p in queries) {
      if (b == "" || queries[p] > queries[b] || queries[p] == queries[b] && p + 0 < b + 0) {
        b = p
      }
    }
    if (b == "") {
      return
    }
    out("sockets\tquery\t" b "\t" queries[b])
    delete queries[b]
  }
}

# Listeners as they were read. A port of the host itself goes before the same port of a container, unless a userland proxy holds it
# there.
function chooseListeners(  a, i) {
  for (i = 1; i <= nheard; i++) {
    split(heard[i], a, " ")
    if (a[5] == "" || a[3] == socket || !(a[1] in listening) || isProxy(listening[a[1]])) {
      if (a[5] == "" || !(a[1] in listening)) {
        listening[a[1]] = a[3]
      }
      if ((a[1] == app || a[1] == metrics) && !isOurs(a[5])) {
        continue
      }
      nl++
      lport[nl] = a[1]
      laddr[nl] = a[2]
      lino[nl] = a[3]
      lq[nl] = a[4]
      lns[nl] = a[5]
    }
  }
  for (i = 1; i <= nsock; i++) {
    count(sock[i])
  }
}

function isProxy(ino) {
  return (ino in owner) && comm[owner[ino]] == "docker-proxy"
}
