# Names of users and processes.

function readUsers(  a, c, l) {
  c = "head -c 2000000 /etc/passwd"
  while ((c | getline l) > 0) {
    split(l, a, ":")
    if (!(a[3] in user)) {
      user[a[3]] = clean(a[1], 32)
    }
  }
  close(c)
}

function name(u) {
  return u in user ? user[u] : u == "" ? "-" : "uid:" u
}

# The name in a line of /proc/PID/stat, which may hold anything.
function named(r) {
  sub(/^[0-9]+ \(/, "", r)
  sub(/\) [A-Za-z] -?[0-9 -]*$/, "", r)
  r = clean(r, 16)
  return r == "" ? "-" : r
}

# No name can forge another ancestor.
function link(c) {
  gsub(/[<:]/, "?", c)
  return c
}

# The ancestors of a process, nearest first.
function chain(p,  s, i) {
  s = ""
  for (i = 0; i < 6; i++) {
    p = ppid[p]
    if (p == 0 || p == "" || !(p in comm)) {
      break
    }
    s = s (s == "" ? "" : "<") p ":" link(comm[p])
  }
  return s == "" ? "-" : s
}

# Whether the process belongs to this inspection.
function mine(p,  i) {
  for (i = 0; i < 40 && p >= 1; i++) {
    if (p == self) {
      return 1
    }
    p = ppid[p]
  }
  return 0
}
