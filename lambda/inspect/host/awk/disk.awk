# File systems, the fullest first. In: what df -P -k prints, "!inodes", what df -P -i prints; "!partial" where one failed.

BEGIN {
  while ((getline l < "/proc/mounts") > 0) {
    split(l, a, " ")
    type[a[2]] = a[3]
    readOnly[a[2]] = (a[4] ~ /^ro(,|$)/)
  }
  UNFIT = "^(squashfs|iso9660|devtmpfs|efivarfs|proc|sysfs|cgroup2?|fuse.snapfuse)$"
}

/^!inodes/ {
  inodes = 1
  next
}

/^!partial/ {
  bad = 1
  next
}

{
  m = $6
  for (i = 7; i <= NF; i++) {
    m = m " " $i
  }
  t = type[m]
  if (t == "") {
    t = "-"
  }
}

$2 !~ /^[0-9]+$/ || $2 == 0 || m in readOnly && readOnly[m] || t ~ UNFIT {
  next
}

inodes {
  if ($2 > 0) {
    used[m] = sprintf("%.3f", $3 / $2)
  }
  next
}

!(m in size) {
  order[++n] = m
  size[m] = $3 + $4
  full[m] = size[m] > 0 ? $3 / size[m] : 0
  avail[m] = $4
  ty[m] = t
}

function fullest(  b, j, x) {
  for (j = 1; j <= n; j++) {
    x = order[j]
    if (!(x in done) && (b == "" || full[x] + used[x] > full[b] + used[b])) {
      b = x
    }
  }
  done[b]
  return b
}

END {
  for (i = 1; i <= n && i <= 25; i++) {
    b = fullest()
    s = ty[b] "\t" sprintf("%.3f", full[b]) "\t" big(avail[b]) "\t" (b in used ? used[b] : "-")
    out("disk\tfs\t" clean(b, 100) "\t" s)
  }
  if (n > 25) {
    out("disk\t!cut\t" n - 25 " file systems")
  }
  if (bad) {
    out("disk\t!partial\tdf failed or did not end in time for some file systems")
  }
  if (!n) {
    out("disk\t!failed\tdf printed nothing")
  }
}
