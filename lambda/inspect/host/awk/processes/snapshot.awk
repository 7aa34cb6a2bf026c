# All processes at one moment (k: 0 or 1).

# The next line of a command that greps files under /proc/PID. Read by grep, which names the file on every line: awk itself may die
# on a file whose process has just gone, and no name of a process can forge another line.
function each(cmd,  l) {
  if ((cmd | getline l) <= 0) {
    close(cmd)
    return 0
  }
  split(l, path, "/")
  at1 = path[3]
  at2 = path[5]
  rest1 = l
  sub(/^[^:]*:/, "", rest1)
  return 1
}

function readBoot(  l, s) {
  s = 0
  while ((getline l < "/proc/stat") > 0) {
    if (l ~ /^btime /) {
      s = substr(l, 7)
    }
  }
  return s
}

function snapshot(k,  c, p, raw) {
  at[k] = uptime()
  c = "grep -H . /proc/[0-9]*/stat"
  while (each(c)) {
    if (at1 in raw) {
      raw[at1] = raw[at1] " " rest1
    } else {
      raw[at1] = rest1
    }
  }
  for (p in raw) {
    readStat(k, p, raw[p])
  }
  if (k == 1) {
    forgetGone(raw)
  }
  readIo(k)
  if (k == 0) {
    readStatus()
  }
}

function readStat(k, p, r,  a, used) {
  if (k == 0) {
    comm[p] = named(r)
  }
  sub(/^.*\) /, "", r)
  if (split(r, a, " ") < 22) {
    return
  }
  state[p] = a[1]
  ppid[p] = a[2]
  kernel[p] = int(a[7] / 2097152) % 2
  threads[p] = a[18]
  start[p] = a[20]
  rss[p] = a[22] * page / 1024
  # With the time of children that have ended and were waited for: a loop of a shell burns its CPU in them.
  used = a[12] + a[13] + a[14] + a[15]
  if (k == 1 && (p in cpu)) {
    delta[p] = (used - cpu[p]) * 1000 / hz
  }
  cpu[p] = used
  if (k == 0) {
    pids[++np] = p
  }
}

# What a process that is gone had used before is not of this interval.
function forgetGone(raw,  p) {
  for (p in cpu) {
    if (!(p in raw)) {
      gone[p]
      if (ppid[p] in delta) {
        delta[ppid[p]] -= cpu[p] * 1000 / hz
      }
    }
  }
  for (p in delta) {
    if (delta[p] < 0) {
      delta[p] = 0
    }
  }
}

function readIo(k,  a, c) {
  c = "grep -HE \"^(read|write)_bytes\" /proc/[0-9]*/io"
  while (each(c)) {
    split(rest1, a, " ")
    if (a[1] == "read_bytes:") {
      rd[k, at1] = a[2]
    } else {
      wr[k, at1] = a[2]
    }
  }
}

function readStatus(  a, c) {
  c = "grep -HE \"^(Uid|TracerPid|Cpus_allowed_list):\" /proc/[0-9]*/status"
  while (each(c)) {
    split(rest1, a, /[ \t]+/)
    if (a[1] == "Uid:") {
      uid[at1] = a[2]
    } else if (a[1] == "TracerPid:") {
      tracer[at1] = a[2]
    } else {
      cpus[at1] = cpucount(a[2])
    }
  }
}

function cpucount(s,  n, i, a, b, c) {
  n = split(s, a, ",")
  for (i = 1; i <= n; i++) {
    c += split(a[i], b, "-") == 2 ? b[2] - b[1] + 1 : 1
  }
  return c
}
