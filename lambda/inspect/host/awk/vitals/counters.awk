# Counters of the whole host over one interval. In: hz. v[k, ...] holds what look k read.

function readCpu(k,  l, a, i) {
  while ((getline l < "/proc/stat") > 0) {
    split(l, a, " ")
    if (a[1] == "cpu") {
      for (i = 2; i <= 9; i++) {
        v[k, "cpu", i] = a[i] * 1000 / hz
      }
    }
    if (a[1] ~ /^procs_/) {
      v[k, a[1]] = a[2]
    }
  }
  close("/proc/stat")
}

function readVm(k,  l, a) {
  while ((getline l < "/proc/vmstat") > 0) {
    split(l, a, " ")
    if (a[1] ~ /^(pswpin|pswpout|oom_kill)$/) {
      v[k, "vm", a[1]] = a[2]
      vm[a[1]]
    }
  }
  close("/proc/vmstat")
}

function readDisks(k,  l, a) {
  while ((getline l < "/proc/diskstats") > 0) {
    split(l, a, " ")
    if (a[3] !~ /^(loop|ram|zram|fd|sr)/) {
      v[k, "rd", a[3]] = a[4]
      v[k, "wr", a[3]] = a[8]
      v[k, "ms", a[3]] = a[13]
      disk[a[3]]
    }
  }
  close("/proc/diskstats")
}

# Pairs of lines: names, then values, both begun by the same protocol.
function readTcp(k, f,  l, a, b, h, i, n) {
  while ((getline l < f) > 0) {
    n = split(l, a, " ")
    if (h == "" || split(h, b, " ") != n || b[1] != a[1]) {
      h = l
      continue
    }
    for (i = 2; i <= n; i++) {
      if (a[1] ~ /^Tcp/ && b[i] ~ COUNTER) {
        v[k, "net", b[i]] = a[i]
        net[b[i]]
      }
    }
    h = ""
  }
  close(f)
}

function readPressure(k,  c, l, a, b) {
  c = "grep -H . /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io"
  while ((c | getline l) > 0) {
    split(l, b, /[\/:]/)
    sub(/^[^:]*:/, "", l)
    split(l, a, /[ =]/)
    psi[b[4], a[1]] = a[3]
    v[k, "psi", b[4], a[1]] = a[9] / 1000
    kinds[b[4], a[1]]
  }
  close(c)
}

function look(k) {
  at[k] = uptime()
  readCpu(k)
  readVm(k)
  readDisks(k)
  readTcp(k, "/proc/net/netstat")
  readTcp(k, "/proc/net/snmp")
  readLinks(k)
  readPressure(k)
}

function grown(kind, key) {
  return big(v[1, kind, key] - v[0, kind, key])
}

function printCpu(  a, i, s) {
  if ((0, "cpu", 2) in v) {
    s = "cpu"
    for (i = 2; i <= 9; i++) {
      s = s "\t" grown("cpu", i)
    }
    out("cpu\t" s)
  } else {
    out("cpu\t!denied\t/proc/stat")
  }
  split(line1("/proc/loadavg"), a, " ")
  s = a[1] "\t" a[2] "\t" a[3] "\t" v[1, "procs_running"] + 0 "\t" v[1, "procs_blocked"] + 0
  out("cpu\tload\t" s "\t" big(at[1] - at[0]))
}

function printPressure(  a, n, p, s) {
  for (p in kinds) {
    n++
    split(p, a, SUBSEP)
    s = big(v[1, "psi", a[1], a[2]] - v[0, "psi", a[1], a[2]])
    out("pressure\tpressure\t" a[1] "\t" a[2] "\t" psi[p] "\t" s)
  }
  if (!n) {
    out("pressure\t!missing\tthis kernel has no /proc/pressure")
  }
}

function printMemory(  a, l, n, p) {
  while ((getline l < "/proc/meminfo") > 0) {
    split(l, a, /:? +/)
    if (a[1] ~ /^Mem(Total|Free|Available)$/) {
      out("memory\tmem\t" a[1] "\t" a[2])
      n++
    }
  }
  if (!n) {
    out("memory\t!denied\t/proc/meminfo")
  }
  for (p in vm) {
    out("memory\tvm\t" p "\t" grown("vm", p) "\t" big(v[1, "vm", p]))
  }
}

function printDisksAndNet(  n, p) {
  for (p in disk) {
    if (v[1, "ms", p] > 0) {
      out("disk\tio\t" p "\t" grown("rd", p) "\t" grown("wr", p) "\t" grown("ms", p))
    }
  }
  for (p in net) {
    n++
    out("net\tnet\t" p "\t" grown("net", p) "\t" big(v[1, "net", p]))
  }
  if (!n) {
    out("net\t!missing\tno TCP counters in /proc/net")
  }
}

BEGIN {
  COUNTER = "^(ListenOverflows|RetransSegs|OutSegs)$"
  look(0)
  pause(1)
  look(1)
  printCpu()
  printPressure()
  printMemory()
  printDisksAndNet()
}
