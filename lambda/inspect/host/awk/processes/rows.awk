# The processes that are told, the most telling first, and how many there are of each name.

function rankProcesses(  g, i, p) {
  for (i = 1; i <= np; i++) {
    p = pids[i]
    # One that is gone had a connection, and is told for that.
    if ((p in gone) && !(p in held) || kernel[p] || mine(p)) {
      continue
    }
    nuser++
    if (!(p in fds) && !(p in gone)) {
      hidden++
    }
    g = comm[p] "\t" name(uid[p])
    if (!(g in groups)) {
      gkey[++ng] = g
    }
    groups[g]++
    score[p] = weight(p) - seen[g]++ * 1e5
    candidates[++nc] = p
  }
}

function weight(p,  s) {
  s = (p in isapp) * 1e7 + (p in dbheld) * 5e6 + (tracer[p] > 0) * 4e6
  s += (chain(p) ~ /:(cron|crond|atd|anacron)(<|$)/) * 3e6
  s += delta[p] * 1000 + held[p] * 2000 + (p in held) * 2e5
  s += (wr[1, p] + rd[1, p] - wr[0, p] - rd[0, p]) / 1e3 + rss[p] / 50 - ppid[p] / 1e9
  return s + (ppid[p] == 1 || ppid[p] == 0) * 5e4
}

function pickProcesses(  b, i, k, p) {
  for (k = 1; k <= 90 && k <= nc; k++) {
    b = ""
    for (i = 1; i <= nc; i++) {
      p = candidates[i]
      if (!(p in picked) && (b == "" || score[p] > score[b])) {
        b = p
      }
    }
    picked[b]
    pick[k] = b
  }
  npick = k - 1
}

# A command line that was cut ends before the argument that was cut.
function whole(cmd) {
  if (length(cmd) >= 4096) {
    sub(/\037[^\037]*$/, "", cmd)
  }
  if (length(cmd) > 1500) {
    cmd = substr(cmd, 1, 1500)
    if (!sub(/\037[^\037]*$/, "", cmd)) {
      cmd = substr(cmd, 1, 200)
    }
  }
  return cmd == "" ? "-" : cmd
}

# The command lines of the picked processes, by one program: head puts a line with the name of the file before each. A process whose
# command line looks like such a line would pass for another: then each is read by itself.
function readCommands(  c, isForged, k, l, list, p, place) {
  for (k = 1; k <= npick; k++) {
    list = list " /proc/" pick[k] "/cmdline"
    place[pick[k]] = k
  }
  TEXT = " | tr \"\\000\\001-\\011\\013-\\036\\177-\\377\" \"\\037??\""
  c = "head -c 4096 /dev/null" list TEXT
  k = 0
  while ((c | getline l) > 0) {
    if (l ~ /^==> \/proc\/[0-9]+\/cmdline <==$/) {
      split(l, path, "/")
      p = path[3]
      isForged = isForged || place[p] <= k
      k = place[p]
    } else if (k && l != "") {
      command[p] = command[p] (command[p] == "" ? "" : "?") l
    }
  }
  close(c)
  for (k = 1; isForged && k <= npick; k++) {
    command[pick[k]] = oneCommand(pick[k])
  }
}

function oneCommand(p,  c, l, s) {
  c = "head -c 4096 /proc/" p "/cmdline" TEXT
  while ((c | getline l) > 0) {
    s = s (s == "" ? "" : "?") l
  }
  close(c)
  return s
}

function printProcesses(  k) {
  pickProcesses()
  readCommands()
  for (k = 1; k <= npick; k++) {
    printProcess(pick[k], whole(command[pick[k]]))
  }
  if (hidden) {
    out("sockets\t!partial\tdescriptors of " hidden " of " nuser " processes are hidden, so are the owners of their sockets")
  }
  if (nc > npick) {
    out("processes\t!cut\t" nc - npick " of " nc " processes")
  }
}

function printProcess(p, cmd,  r, s) {
  r = "-\t-"
  if ((1 SUBSEP p) in rd && (0 SUBSEP p) in rd) {
    r = big((rd[1, p] - rd[0, p]) / 1024) "\t" big((wr[1, p] - wr[0, p]) / 1024)
  }
  s = p "\t" ppid[p] "\t" big(boot * 1000 + start[p] * 1000 / hz) "\t" name(uid[p]) "\t" state[p]
  s = s "\t" big(delta[p] * 1000 / interval) "\t" big(cpu[p] * 1000 / hz) "\t" big(rss[p])
  s = s "\t" threads[p] "\t" (p in fds ? fds[p] : "-") "\t" tracer[p] + 0 "\t" cpus[p] + 0
  out("processes\tproc\t" s "\t" r "\t" chain(p) "\t" comm[p] "\t" cmd)
}

# Rare names first.
function printGroups(  b, i, k, s) {
  for (k = 0; k < 70 && k < ng; k++) {
    b = ""
    for (i = 1; i <= ng; i++) {
      s = gkey[i]
      if (!(s in gdone) && (b == "" || groups[s] < groups[b])) {
        b = s
      }
    }
    gdone[b]
    out("groups\tgroup\t" b "\t" groups[b])
  }
  if (ng > 70) {
    out("groups\t!cut\t" ng - 70 " of " ng " names")
  }
}
