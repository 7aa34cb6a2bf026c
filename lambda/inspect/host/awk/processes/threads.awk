# Threads: what they sleep in, and which of them run or wait for a CPU.

function printSleeps(  c, f, i) {
  for (i = 1; i <= napp; i++) {
    c = c " /proc/" apps[i] "/task/[0-9]*/wchan"
  }
  if (!napp) {
    return
  }
  c = "grep -H . " c ""
  while (each(c)) {
    if (rest1 != "0") {
      f = at1 "\t" clean(rest1, 40)
      if (!(f in sleeping)) {
        skey[++nsleeps] = f
      }
      sleeping[f]++
    }
  }
  for (i = 1; i <= nsleeps && i <= 40; i++) {
    out("threads\twait\t" skey[i] "\t" sleeping[skey[i]])
  }
}

function readThreads(k,  i, c, r, a) {
  tat[k] = uptime()
  c = ""
  for (i = 1; i <= ntop; i++) {
    c = c " /proc/" top[i] "/task/[0-9]*/stat /proc/" top[i] "/task/[0-9]*/schedstat"
  }
  c = "grep -H . " c ""
  while (each(c)) {
    if (path[6] ~ /^schedstat/) {
      split(rest1, a, " ")
      tw[k, at1, at2] = a[2] / 1000000
      continue
    }
    r = rest1
    tn[at1, at2] = named(r)
    sub(/^.*\) /, "", r)
    split(r, a, " ")
    ts[k, at1, at2] = a[1]
    tc[k, at1, at2] = (a[12] + a[13]) * 1000 / hz
  }
}

function pickForThreads(  i, k) {
  for (i = 1; i <= napp && i <= 4; i++) {
    top[++ntop] = apps[i]
  }
  for (k = 1; k <= npick && ntop < 7; k++) {
    if (!(pick[k] in isapp) && delta[pick[k]] * 1000 / interval > 300) {
      top[++ntop] = pick[k]
    }
  }
}

# s: process, thread; d: the interval. The kernel counts a wait when it is over: a thread that was runnable at both looks and hardly
# ran has waited all the while.
function compareThread(s, d,  a) {
  split(s, a, SUBSEP)
  tcpu[s] = tc[1, a[1], a[2]] - tc[0, a[1], a[2]]
  twait[s] = ((1 SUBSEP s) in tw) ? tw[1, s] - tw[0, s] : "-"
  if (ts[0, s] == "R" && ts[1, s] == "R" && twait[s] != "-" && tcpu[s] + twait[s] < d / 2) {
    twait[s] = d - tcpu[s]
  }
  trank[s] = tcpu[s] + twait[s] + (a[1] in isapp ? 1e6 : 0)
  tkey[++nt] = s
}

# The first five rows are of the application, which may starve among the many threads of another process.
function printThreads(  a, b, d, k, s, w) {
  pickForThreads()
  if (!ntop) {
    out("threads\t!missing\tno process to look at")
    return
  }
  readThreads(0)
  pause(0.5)
  readThreads(1)
  d = tat[1] - tat[0]
  for (s in tn) {
    compareThread(s, d)
  }
  for (k = 0; k < 12 && k < nt; k++) {
    b = busiestThread()
    split(b, a, SUBSEP)
    w = twait[b] == "-" ? "-" : big(twait[b])
    if (k == 5) {
      forgetOwner()
    }
    out("threads\tthread\t" a[1] "\t" a[2] "\t" clean(tn[b], 16) "\t" ts[1, b] "\t" big(tcpu[b]) "\t" w "\t" big(d))
  }
}

function busiestThread(  b, i, s) {
  for (i = 1; i <= nt; i++) {
    s = tkey[i]
    if (!(s in tdone) && (b == "" || trank[s] > trank[b])) {
      b = s
    }
  }
  tdone[b]
  return b
}

function forgetOwner(  s) {
  for (s in trank) {
    if (trank[s] >= 1e6) {
      trank[s] -= 1e6
    }
  }
}
