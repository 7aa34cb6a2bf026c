# Takes "section TAB row" lines from the steps, and prints the inspection.

BEGIN {
  n = split("host 700 settings 900 app 1500 sockets 2200 processes 4000 metrics 2000 cron 1400 http 500 cpu 300 threads 600 memory 600" \
    " cgroup 500 disk 900 files 600 net 500 pressure 350 dns 500 groups 800 self 200", a, " ")
  for (i = 1; i < n; i += 2) {
    order[++ns] = a[i]
    budget[a[i]] = a[i + 1]
  }
  print "sickbay-inspection 1"
}

$1 == "finish" {
  rows["self", ++nr["self"]] = "self\tcpuMs\t" sprintf("%.0f", cpums)
  exit
}

NF == 1 && /^[0-9]+m[0-9.]+s [0-9]+m[0-9.]+s$/ {
  split($0, a, /[ms ]+/)
  cpums += (a[1] * 60 + a[2] + a[3] * 60 + a[4]) * 1000
  next
}

!($1 in budget) {
  next
}

$2 ~ /^!/ {
  s = substr($2, 2)
  if (!($1 in st) || rank(s) > rank(st[$1])) {
    st[$1] = s
    why[$1] = $3
    gsub(/[^ ]*[=@][^ ]*/, "[hidden]", why[$1])
    why[$1] = bound(why[$1], 120)
  }
  next
}

nr[$1] >= 400 {
  over[$1]++
  next
}

{
  if ($3 == "hostname" && length($4) >= 3) {
    hostname = $4
  }
  r = $2
  for (i = 3; i <= NF; i++) {
    f = redact($2, i)
    gsub(us, " ", f)
    r = r "\t" (f == "" ? "-" : f)
  }
  rows[$1, ++nr[$1]] = r
}

END {
  left = ENVIRON["digestKey"] == "" ? 19000 : 17800
  for (i = 1; i <= ns; i++) {
    fill(order[i], budget[order[i]])
    left -= taken[order[i]] + (nr[order[i]] || order[i] in st ? 60 + length(why[order[i]]) : 0)
  }
  n = split("processes groups metrics sockets cron app threads disk files settings", more, " ")
  for (i = 1; i <= n && left > 0; i++) {
    s = more[i]
    was = taken[s]
    fill(s, was + left)
    left -= taken[s] - was
  }
  for (i = 1; i <= ns; i++) {
    s = order[i]
    if (!(s in st) && !nr[s]) {
      continue
    }
    if (told[s] < nr[s]) {
      over[s] += nr[s] - told[s]
    }
    if (over[s]) {
      w = over[s] " rows left out for want of room"
      if (!(s in st)) {
        st[s] = "cut"
        why[s] = w
      } else {
        why[s] = why[s] "; " w
      }
    }
    if (nr[s] && (s in st) && rank(st[s]) > 2) {
      why[s] = st[s] ": " why[s]
      st[s] = "partial"
    }
    print "## " s " " ((s in st) ? st[s] (why[s] != "" ? " " why[s] : "") : "ok")
    for (j = 1; j <= told[s]; j++) {
      print renumber(rows[s, j])
    }
  }
  seal()
  print "## end ok"
}

function rank(s) {
  return s == "denied" ? 6 : s == "timeout" ? 5 : s == "missing" ? 4 : s == "failed" ? 3 : s == "partial" ? 2 : 1
}

# Every section has room of its own; what they leave goes to those that need more, in the order of
# the second list.
function fill(s, room,  l) {
  while (told[s] < nr[s]) {
    l = length(rows[s, told[s] + 1]) + 1
    if (taken[s] + l > room) {
      return
    }
    taken[s] += l
    told[s]++
  }
}
