# Connections by their remote end, and the sockets that listen.

# s: local port, remote address, state, inode, remote port, whether what was sent is not acknowledged yet, namespace.
function count(s,  a, p) {
  split(s, a, " ")
  if (a[1] in listening) {
    if (a[1] != inner || isOurs(a[7])) {
      inbound[a[1] "\t" a[3]]++
    }
    return
  }
  p = a[4] in owner ? owner[a[4]] : "-"
  if (a[3] == "TIME_WAIT" && a[5] >= 32768) {
    sub(/[0-9]+$/, "*", a[2])
  }
  remote(a[2] "\t" a[3] "\t" p, a[5] in isdb)
  unacked[a[2] "\t" a[3] "\t" p] += a[6]
  if (p != "-" && a[3] == "ESTABLISHED") {
    held[p]++
    if (a[5] in isdb) {
      dbheld[p]++
    }
  }
}

function remote(key, isdatabase) {
  if (!(key in oc)) {
    okey[++no] = key
    odb[key] = isdatabase
  }
  oc[key]++
}

function readBacklogs(  a, c, l, ns, s) {
  for (s in states) {
    out("sockets\tstate\t" s "\t" states[s])
  }
  c = everywhere("ss -ltn")
  while ((c | getline l) > 0) {
    split(l, a, " ")
    if (a[1] == "ns") {
      ns = a[2]
    }
    if (a[1] != "LISTEN") {
      continue
    }
    s = a[4]
    sub(/^.*:/, "", s)
    if (a[3] > backlog[ns, s]) {
      backlog[ns, s] = a[3]
    }
  }
  close(c)
}

function printListeners(  i, p, s) {
  for (i = 1; i <= nl && i <= 25; i++) {
    p = lino[i] in owner ? owner[lino[i]] : "-"
    s = (lns[i], lport[i]) in backlog ? backlog[lns[i], lport[i]] : "-"
    out("sockets\tlisten\t" lport[i] "\t" laddr[i] "\t" p "\t" lq[i] "\t" s)
  }
}

function printOutbound(  a, b, i, k, s) {
  for (k = 0; k < 60 && k < no; k++) {
    b = ""
    for (i = 1; i <= no; i++) {
      s = okey[i]
      if (!(s in odone) && (b == "" || odb[s] * 1e6 + oc[s] > odb[b] * 1e6 + oc[b])) {
        b = s
      }
    }
    odone[b]
    split(b, a, "\t")
    out("sockets\tout\t" b "\t" oc[b] "\t" (a[3] in comm ? comm[a[3]] : "-") "\t" unacked[b] + 0)
  }
}

function printSocketRest(  k, s) {
  if (no > 60) {
    out("sockets\t!cut\t" no - 60 " remote endpoints")
  }
  for (s in inbound) {
    if (++k <= 25) {
      out("sockets\tin\t" s "\t" inbound[s])
    }
  }
}
