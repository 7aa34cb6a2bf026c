# Which processes are the application: what listens on its ports, and what stands behind that.

function addApplications(list, most,  a, j, n) {
  n = split(list, a, " ")
  for (j = 1; j <= n; j++) {
    if (!(a[j] in isapp) && (comm[a[j]] != "systemd" || a[j] != 1)) {
      isapp[a[j]]
      if (napp < most) {
        apps[++napp] = a[j]
      }
    }
  }
}

# Whether what listens in this network namespace may be the application. Beside a task there may be others with the same ports.
function isOurs(ns) {
  return task == "" || !astray && ns == network
}

function findApplications(  i, j) {
  addApplications(shared[socket], 8)
  for (i = 1; i <= nl; i++) {
    if (isOurs(lns[i]) && (lport[i] == app || lport[i] == metrics && socket == "")) {
      addApplications(shared[lino[i]], 8)
    }
  }
  i = napp
  for (j = 1; j <= 2; j++) {
    findBehind()
  }
  if (napp == i) {
    findWorkers()
  }
}

# Workers behind a Unix socket whose clients have all hung up, or have not come yet: told by being the only ones, and none of systemd's.
function findWorkers(  i, k, s) {
  for (i = 1; i <= nu; i++) {
    s = shared[uino[upath[i]]]
    if (!(upath[i] in udb) && !(upath[i] in uclient) && s ~ / / && s !~ /^1 /) {
      k = k ? -1 : s
    }
  }
  if (k > 0) {
    addApplications(k, 16)
  }
}

# What listens may only pass requests on: the processes behind it, over loopback or a Unix socket, are the application, too.
function findBehind(  a, i, s) {
  for (i = 1; i <= no; i++) {
    split(okey[i], a, "\t")
    if (!(a[3] in isapp) || a[1] !~ /^(127\.|\[(0:)+1\])/) {
      continue
    }
    sub(/^.*:/, "", a[1])
    if ((a[1] in listening) && !(a[1] in isdb)) {
      addApplications(shared[listening[a[1]]], 16)
    }
  }
  for (i = 1; i <= nu; i++) {
    s = upath[i]
    if (!(s in udb) && (s in uclient) && (uclient[s] in isapp)) {
      addApplications(shared[uino[s]], 16)
    }
  }
}

function printApplications(  a, c, f, i, p) {
  for (i = 1; i <= napp; i++) {
    p = apps[i]
    f = ""
    c = "grep -H \"^Max open files\" /proc/" p "/limits"
    while (each(c)) {
      split(rest1, a, " ")
      f = a[4]
    }
    if (f != "") {
      out("app\tapp\t" p "\tnofile\t" f)
    }
    out("app\tapp\t" p "\tfds\t" (p in fds ? fds[p] : "-"))
    maps = maps " /proc/" p "/maps"
  }
  printModules("grep -hos \"/[^ ]*[.]so[^ ]*\"" maps " | sort -u")
  if (!napp) {
    out("app\t!missing\tno visible process listens on port " app)
  }
}

# What the application has loaded beside the system's own libraries: modules, agents.
function printModules(c,  k, l) {
  while (napp && (c | getline l) > 0) {
    sub(/^.*\//, "", l)
    sub(/[.].*/, "", l)
    if (l !~ /^(lib|ld-)/ && ++k <= 40) {
      out("app\tapp\t" apps[1] "\tmodule\t" clean(l, 40))
    }
  }
  close(c)
}
