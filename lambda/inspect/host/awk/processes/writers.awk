# Which processes have files of a file system open for writing, or work in a directory there: who fills it, where it is full.

function readMounts(  a, l) {
  while ((getline l < "/proc/mounts") > 0) {
    split(l, a, " ")
    mounted[a[2]]
  }
  close("/proc/mounts")
}

# The longest mount that the path begins with.
function mountOf(path) {
  while (path != "" && !(path in mounted)) {
    sub(/\/[^\/]*$/, "", path)
  }
  return path == "" ? "/" : path
}

# l: a line of ls for a descriptor, whose second letter but one says whether it was opened for writing (proc(5), /proc/pid/fd).
function rememberWriter(p, l,  m, n) {
  n = descriptor(l)
  if (n == "" || l !~ /^l.w/ || l !~ / -> \// || l ~ / -> \/(dev|proc|sys)\// && l !~ / -> \/dev\/shm\// || l ~ / \(deleted\)$/) {
    return
  }
  sub(/^.* -> /, "", l)
  m = mountOf(l)
  if (!((p, m) in writes)) {
    uses[p] = uses[p] m "\n"
  }
  if (++writes[p, m] <= 8) {
    written[p, m] = written[p, m] " /proc/" p "/fd/" n
  }
}

# Everybody who was started without a directory works in the root: there it says nothing.
function readDirectories(  a, c, l, m, p) {
  c = "ls " lsq " -d /proc/[0-9]*/cwd"
  while ((c | getline l) > 0) {
    if (!match(l, / \/proc\/[0-9]+\/cwd -> \//) || l ~ / \(deleted\)$/) {
      continue
    }
    split(substr(l, RSTART), a, "/")
    p = a[3]
    m = mountOf(substr(l, RSTART + RLENGTH - 1))
    if (m != "/" && !((p, m) in writes)) {
      uses[p] = uses[p] m "\n"
      writes[p, m] = 0
    }
    if (m != "/") {
      worksIn[p, m]
    }
  }
  close(c)
}

# Whoever is not the application, the youngest first: a job of the clock is younger than what the host was started with.
function youngest(told,  b, i, p) {
  b = ""
  for (i = 1; i <= np; i++) {
    p = pids[i]
    if ((p in uses) && !(p in told) && !(p in isapp) && !(p in gone) && !mine(p) && (b == "" || start[p] + 0 > start[b] + 0)) {
      b = p
    }
  }
  return b
}

# KB of the files that a process has open for writing on a mount.
function sizeOf(list,  a, c, l, n, size) {
  if (list == "") {
    return 0
  }
  c = "ls -lnL" list
  while ((c | getline l) > 0) {
    n = split(l, a, " ")
    size += l ~ /^-/ ? a[5] : 0
  }
  close(c)
  return big(size / 1024)
}

function printWriters(  a, b, j, k, n, told) {
  readDirectories()
  for (k = 0; k < 20;) {
    b = youngest(told)
    if (b == "") {
      return
    }
    told[b]
    n = split(uses[b], a, "\n")
    for (j = 1; j < n; j++) {
      k++
      out("disk\tuse\t" b "\t" clean(a[j], 100) "\t" writes[b, a[j]] "\t" ((b, a[j]) in worksIn ? 1 : 0) "\t" sizeOf(written[b, a[j]]))
    }
  }
}
