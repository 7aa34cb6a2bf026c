# Locks on files: one that others wait for, or that a stranger holds on a file which the application has open.

# Whether the process is the application, or was started by it: a converter, a mailer. What a clock has started is its own.
function isKin(p,  i) {
  for (i = 0; i < 12 && p > 1 && comm[p] !~ /^(cron|crond|anacron|atd|CRON)$/; i++) {
    if (p in isapp) {
      return 1
    }
    p = ppid[p]
  }
  return 0
}

# In /proc/locks a line with "->" waits for the lock of the lines before it. lock[i]: device and inode.
function readLocks(  a, l, w) {
  while ((getline l < "/proc/locks") > 0) {
    split(l, a, " ")
    w = a[2] == "->"
    l = a[6 + w]
    if (w) {
      queued[l]++
      waitsFor[l] = waitsFor[l] || isKin(a[6])
    } else if (a[4] == "WRITE" && !(l in lockedBy) && (a[5] in comm) && !mine(a[5]) && nlocks < 40) {
      lockedBy[l] = a[5]
      lockKind[l] = a[2]
      lock[++nlocks] = fileName[l] = l
    }
  }
}

# The names of locked files: the kernel tells the lock of each descriptor. An inode says nothing on an overlay, which has numbers of its own.
function nameLocks(  a, b, c, d, i, l, p, path) {
  for (i = 1; i <= nlocks; i++) {
    b = b " /proc/" lockedBy[lock[i]] "/fdinfo/*"
    d = d " /proc/" lockedBy[lock[i]] "/fd"
  }
  for (i = 1; i <= napp; i++) {
    d = d " /proc/" apps[i] "/fd"
  }
  c = "ls " lsq d " /dev/null"
  while ((c | getline l) > 0) {
    if (l ~ /^\/proc\/[0-9]+\/fd:$/) {
      split(l, a, "/")
      p = a[3]
    } else if (match(l, / [0-9]+ -> \//)) {
      path[p, substr(l, RSTART) + 0] = substr(l, RSTART + RLENGTH - 1)
      opened[p, substr(l, RSTART + RLENGTH - 1)]
    }
  }
  close(c)
  c = "grep -Hs ^lock:" b
  while (each(c)) {
    split(rest1, a, " ")
    if ((at1, at2 + 0) in path) {
      fileName[a[7]] = path[at1, at2 + 0]
    }
  }
}

# The descriptors of ours that sleep for a lock, as arguments of ls.
function sleepersForLock(  b, c, d, i, n, slept) {
  for (i = 1; i <= np && n < 60; i++) {
    if (!(pids[i] in gone) && isKin(pids[i])) {
      b = b " /proc/" pids[i] "/task/[0-9]*/wchan"
      n++
    }
  }
  c = "grep -HsE \"^(locks?_|flock_|fcntl_setlk|posix_lock|do_lock)\" /dev/null" b
  while (each(c)) {
    if (!(at1 in slept)) {
      slept[at1]
      d = d " /proc/" at1 "/fd"
    }
  }
  return d
}

# A lock whose taker has ended, as flock(1) in a script has: /proc/locks has a pid that is gone, or no line at all, and the lock is held
# by whoever has the file open still. Looked for where one of ours sleeps for a lock that was not told.
function printInherited(  a, b, d, files, l, n, own, waiting) {
  d = sleepersForLock()
  if (d == "") {
    return
  }
  listFiles("ls " lsq d " /dev/null", own)
  for (l in own) {
    waiting[own[l]]++
  }
  listFiles("ls " lsq " /proc/[0-9]*/fd", files)
  for (l in files) {
    split(l, a, SUBSEP)
    if ((files[l] in waiting) && !(files[l] in toldLock) && !isKin(a[1]) && !mine(a[1]) && n++ < 40) {
      b = b " /proc/" a[1] "/fdinfo/" a[2]
    }
  }
  if (b != "") {
    chooseHolders(b, files)
  }
  for (l in heldBy) {
    out("threads\tlock\t" heldBy[l] "\t" heldKind[l] "\t" waiting[l] "\t1\t" clean(l, 150))
  }
}

# Of several that have the lock by one descriptor, the first started: the others are its children.
function chooseHolders(list, files,  a, c, f, h) {
  c = "grep -Hs \"^lock:.* WRITE \" /dev/null" list
  while (each(c)) {
    f = files[at1, at2 + 0]
    h = heldBy[f]
    if (h == "" || start[at1] + 0 < start[h] + 0 || start[at1] == start[h] && at1 + 0 < h + 0) {
      heldBy[f] = at1
      split(rest1, a, " ")
      heldKind[f] = a[3]
    }
  }
}

# files[process, descriptor]: the path of what it has open, devices and the like left out
function listFiles(c, files,  a, l, p) {
  while ((c | getline l) > 0) {
    if (l ~ /^\/proc\/[0-9]+\/fd:$/) {
      split(l, a, "/")
      p = a[3]
    } else if (l !~ / -> \/(dev|proc|sys)\// && match(l, / [0-9]+ -> \//)) {
      files[p, substr(l, RSTART) + 0] = substr(l, RSTART + RLENGTH - 1)
    }
  }
  close(c)
}

function printLocks(  h, i, j, k, l) {
  readLocks()
  if (nlocks) {
    nameLocks()
  }
  for (i = 1; i <= nlocks; i++) {
    l = lock[i]
    h = lockedBy[l]
    for (j = 1; j <= napp; j++) {
      waitsFor[l] = waitsFor[l] || ((apps[j] SUBSEP fileName[l]) in opened)
    }
    if ((queued[l] || waitsFor[l] && !isKin(h)) && ++k <= 8) {
      out("threads\tlock\t" h "\t" lockKind[l] "\t" queued[l] + 0 "\t" waitsFor[l] + 0 "\t" clean(fileName[l], 150))
      toldLock[fileName[l]]
    }
  }
  printInherited()
}
