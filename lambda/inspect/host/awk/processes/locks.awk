# Locks on files: one that others wait for, or that a stranger holds on a file which the application has open.

# In /proc/locks a line with "->" waits for the lock of the lines before it. lock[i]: device and inode.
function readLocks(  a, l, w) {
  while ((getline l < "/proc/locks") > 0) {
    split(l, a, " ")
    w = a[2] == "->"
    l = a[6 + w]
    if (w) {
      queued[l]++
      waitsFor[l] = waitsFor[l] || (a[6] in isapp)
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

function printLocks(  h, i, j, k, l) {
  readLocks()
  if (!nlocks) {
    return
  }
  nameLocks()
  for (i = 1; i <= nlocks; i++) {
    l = lock[i]
    h = lockedBy[l]
    for (j = 1; j <= napp; j++) {
      waitsFor[l] = waitsFor[l] || ((apps[j] SUBSEP fileName[l]) in opened)
    }
    if ((queued[l] || waitsFor[l] && !(h in isapp)) && ++k <= 8) {
      out("threads\tlock\t" h "\t" lockKind[l] "\t" queued[l] + 0 "\t" waitsFor[l] + 0 "\t" clean(fileName[l], 150))
    }
  }
}
