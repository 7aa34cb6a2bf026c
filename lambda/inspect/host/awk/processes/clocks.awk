# Connections to databases by TCP's own clocks.

function readDatabasePorts(  a, i, n) {
  n = split(db, a, ",")
  for (i = 1; i <= n; i++) {
    isdb[a[i]]
    dbfilter = dbfilter (i > 1 ? " or " : "") "dport = :" a[i]
  }
  dbfilter = "\"( " dbfilter " )\""
}

function field(l, key,  i) {
  i = index(l, " " key)
  return i ? substr(l, i + length(key) + 1) + 0 : 0
}

function readDatabaseClocks(  a, c, f, i, key, l, ns, p, port, s) {
  c = everywhere("ss -tin state established " dbfilter)
  while ((c | getline l) > 0) {
    if (l ~ /^ns [0-9]+$/) {
      ns = substr(l, 4)
    }
    if (l ~ /^[0-9]/) {
      split(l, a, " ")
      port = a[3]
      sub(/^.*:/, "", port)
      f = a[4]
      sub(/^.*:/, "", f)
      i = inode[ns, port, f]
      p = i in owner ? owner[i] : "-"
      key = p "\t" a[4]
      gsub(/\[|\]|::ffff:/, "", key)
    }
    if (l ~ /(^|[ \t])rtt:/) {
      connection(key, l)
    }
  }
  close(c)
  for (i = 1; i <= nq && i <= 15; i++) {
    s = dkey[i]
    f = dn[s] "\t" unanswered[s] + 0 "\t" idle[s] + 0 "\t" oldest[s] + 0
    out("sockets\tdb\t" s "\t" f "\t" sprintf("%.3f", rtt[s] / dn[s]) "\t" retransmits[s] + 0)
  }
}

# The clocks tick by 4 ms at worst: a request that follows an answer within a tick ties with it. One that has no answer was
# acknowledged later all the same (delayed ACK, 40 ms and more); without that sign a tie says nothing.
function connection(key, l,  isLate, isNew, isTie, n, rcv, snd) {
  if (!(key in dn)) {
    dkey[++nq] = key
  }
  dn[key]++
  snd = field(l, "lastsnd:")
  rcv = field(l, "lastrcv:")
  n = rcv - field(l, "lastack:")
  isTie = snd - rcv <= 8 && rcv - snd <= 8
  isLate = isTie && n >= 20 && n <= 600
  isNew = field(l, "data_segs_out:") && !field(l, "bytes_received:")
  if (snd >= 1000 && (snd < rcv && !isTie || isLate || isNew)) {
    unanswered[key]++
    if (snd > oldest[key]) {
      oldest[key] = snd
    }
  } else if (!isTie && snd >= rcv && rcv >= 1000) {
    idle[key]++
  }
  rtt[key] += field(l, "rtt:")
  if (sub(/^.* retrans:[0-9]+\//, "", l)) {
    sub(/ .*$/, "", l)
    retransmits[key] += l
  }
}
