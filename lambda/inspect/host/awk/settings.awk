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
