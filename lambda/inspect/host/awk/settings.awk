# Settings, a line each: "file:value" of /proc and /sys, and the lines of "ip -o link".

function set(k, v) {
  gsub(/[ \t]+/, " ", v)
  out("settings\tset\t" k "\t" clean(v, 60))
}

# Interfaces that come and go with containers are left out.
/^[0-9]+: / {
  n = $2
  sub(/[:@].*/, "", n)
  if (n !~ /^(lo|veth|docker|br-|virbr|cali|cni|flannel|eni[0-9a-f]|tun|tap|dummy|ifb)/ && match($0, / mtu [0-9]+ qdisc [a-z_]+/)) {
    split(substr($0, RSTART, RLENGTH), a, " ")
    set("mtu of " n, a[2])
    # A queue that delays or loses on purpose; which of the usual ones it is slows nothing down.
    set("queue of " n, a[4] ~ /^(netem|tbf|htb|hfsc|cbq|cake|red|sfb|gred|drr)$/ ? a[4] : "plain")
  }
  next
}

{
  i = index($0, ":")
  f = substr($0, 1, i - 1)
  v = substr($0, i + 1)
  k = f
  sub(/^.*\//, "", k)
}

f ~ /\/netfilter\// {
  out("host\thost\t" (k ~ /max/ ? "connectionsMax" : "connections") "\t" v)
  next
}

f ~ /\/proc\/sys\// {
  set(k, v)
  next
}

k == "enabled" {
  if (match(v, /[[][a-z]+/)) {
    set("transparent_hugepage", substr(v, RSTART + 1, RLENGTH - 1))
  }
  next
}

k == "current_clocksource" {
  set("clocksource", v)
  next
}

# The soft limit.
k == "limits" {
  sub(/ space /, " ", v)
  split(v, a, " ")
  set("limit of " a[2], a[3])
  next
}

# Behind the name, which may hold anything: nice is the 17th, policy the 39th column.
k == "stat" {
  sub(/^.*[)] /, "", v)
  split(v, a, " ")
  set("nice", a[17])
  set("scheduling policy", a[39])
}

# Disks, and file systems of others: what makes them slower or safer than they come. Options may hold passwords: these do not.
k == "mountinfo" {
  split(v, a, " ")
  i = 7
  while (a[i] != "-" && a[i] != "") {
    i++
  }
  if (a[i + 1] !~ /^(ext[234]|xfs|btrfs|nfs4?|cifs|fuse.*)$/ || ++mounts > 8) {
    next
  }
  n = split(a[6] "," a[i + 3], o, ",")
  told = ""
  for (j = 1; j <= n; j++) {
    if (o[j] ~ /^(ro|sync|dirsync|data=[a-z]+|commit=[0-9]+|nobarrier|barrier=[01]|discard|nodelalloc|soft|softerr|noac)$/ ||
        o[j] ~ /^((vers|proto|timeo|retrans|rsize|wsize|actimeo)=[a-z0-9.]+|(cache|lookupcache)=[a-z]+)$/) {
      if (index(told " ", " " o[j] " ") == 0) {
        told = told " " o[j]
      }
    }
  }
  set("options of " clean(a[5], 60), told == "" ? "plain" : substr(told, 2))
  next
}

# What a control group may read and write: in version 2 a line a device of "wbps=8388608 wiops=max", in version 1 a file each.
k == "io.max" {
  n = split(v, a, " ")
  for (j = 2; j <= n; j++) {
    split(a[j], o, "=")
    limit(o[1], o[2])
  }
  next
}

k ~ /^blkio\.throttle\..*_device$/ {
  split(k, o, /[._]/)
  split(v, a, " ")
  limit(substr(o[3], 1, 1) o[4], a[2])
}

function limit(what, most) {
  if (most ~ /^[0-9]+$/ && (!(what in least) || most + 0 < least[what])) {
    least[what] = most + 0
  }
}

k == "cgroup" {
  known = 1
}

END {
  n = known ? split("rbps wbps riops wiops", a, " ") : 0
  for (j = 1; j <= n; j++) {
    set("limit of disk " a[j], a[j] in least ? sprintf("%.0f", least[a[j]]) : "none")
  }
}
