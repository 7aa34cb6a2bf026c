# Files that were deleted and are still open, each with the first process that has it: they take room on the disk that no directory shows.

function rememberDeleted(p, l,  n) {
  n = descriptor(l)
  sub(/^.* -> /, "", l)
  sub(/ \(deleted\)$/, "", l)
  if (n == "" || l ~ /^\/(dev\/|memfd:|SYSV)/ || (l in seenDeleted) || mine(p)) {
    return
  }
  seenDeleted[l]
  ndeleted++
  n = "/proc/" p "/fd/" n
  deletedPath[n] = l
  deletedList = deletedList " " n
}

# Those of a megabyte and more.
function printDeleted(  a, b, c, k, l, n) {
  if (!ndeleted) {
    return
  }
  c = "ls -lnL" deletedList
  while ((c | getline l) > 0) {
    n = split(l, a, " ")
    if (a[n] in deletedPath && a[5] >= 1048576 && ++k <= 8) {
      split(a[n], b, "/")
      out("disk\tdeleted\t" b[3] "\t" big(a[5] / 1024) "\t" comm[b[3]] "\t" clean(deletedPath[a[n]], 150))
    }
  }
  close(c)
}
