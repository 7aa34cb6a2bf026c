# Unix sockets: ss alone tells which socket of a client is at the other end of a named one.

function readUnixSockets(  a, c, l, ns) {
  c = everywhere("ss -xan")
  while ((c | getline l) > 0) {
    if (l ~ /^ns [0-9]+$/) {
      ns = substr(l, 3)
    }
    if (split(l, a, " ") < 8 || a[5] !~ /^\//) {
      continue
    }
    a[5] = a[5] ns
    if (a[2] == "LISTEN" && !(a[5] in uino)) {
      uino[a[5]] = a[6]
      uq[a[5]] = a[3]
      ubl[a[5]] = a[4]
      upath[++nu] = a[5]
    }
    if (a[2] == "ESTAB") {
      accepted(a[5], a[6], a[8])
    }
  }
  close(c)
}

# s: the path; ino: the server's end, 0 until somebody accepts; peer: the client's.
function accepted(s, ino, peer,  p, port) {
  p = peer in owner ? owner[peer] : "-"
  if (ino + 0) {
    userved[s]++
  }
  if (p != "-") {
    uclients[s]++
    if (!(s in uclient)) {
      uclient[s] = p
    }
  }
  port = databaseOf(s)
  if (!(port in isdb)) {
    return
  }
  udb[s]
  remote("unix:" port "\tESTABLISHED\t" p, 1)
  if (p != "-") {
    held[p]++
    dbheld[p]++
  }
}

function databaseOf(s) {
  s = pathOf(s)
  if (s ~ /\/\.s\.PGSQL\.[0-9]+$/) {
    sub(/^.*\./, "", s)
    return s
  }
  return s ~ /mysql[a-z]*\.sock$/ ? "3306" : s ~ /redis[a-z0-9_-]*\.sock$/ ? "6379" : ""
}

# The key of a socket is its path and, in a container, the namespace.
function pathOf(s) {
  sub(/ .*$/, "", s)
  return s
}

# Processes that share the listener, but for those that only start the others.
function workers(list,  a, b, j, kid, kin, n, w) {
  n = split(list, a, " ")
  for (j = 1; j <= n; j++) {
    kin[a[j]]
  }
  for (j = 1; j <= n; j++) {
    b = 0
    for (kid in kin) {
      if (ppid[kid] == a[j]) {
        b = 1
      }
    }
    if (!b) {
      w++
    }
  }
  return w + 0
}

function printUnixListeners(  a, i, k, o, s, users) {
  for (i = 1; i <= nu && k < 10; i++) {
    s = upath[i]
    if ((s in udb) || !(uino[s] in owner)) {
      continue
    }
    o = owner[uino[s]]
    if (split(shared[uino[s]], a, " ") < 2 && !(o in isapp)) {
      continue
    }
    k++
    users = (s in uclient ? uclient[s] : "-") "\t" uclients[s] + 0 "\t" userved[s] + 0
    out("sockets\tunix\t" clean(pathOf(s), 100) "\t" o "\t" uq[s] "\t" ubl[s] "\t" users "\t" workers(shared[uino[s]]))
  }
}
