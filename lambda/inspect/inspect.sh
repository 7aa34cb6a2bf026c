#!/bin/sh
# Looks at one host and prints what may explain a slow target. It changes nothing, installs nothing, writes no file.
# Plain POSIX sh and awk over /proc: dash, bash, busybox ash; mawk, gawk, busybox awk. Runs under SSM and by itself.
#
# Parameters come from the environment. SSM sets SSM_<name> (interpolationType ENV_VAR); by hand: SSM_appPort=8080 sh inspect.sh
#   appPort 8080 | metricsPort = appPort | metricsPath /metrics | databasePorts 5432,3306,... | healthPort = appPort
#   healthPath /health | probePath - | hostHeader (none) | metricNames (none): metrics never to be cut | a path "-" is not asked for
#   sections  all | basic: basic takes no parameter from anybody and leaves out what needs one
#
# Output, version 1: ASCII, at most 20,000 bytes.
#   sickbay-inspection 1
#   ## <section> <status> [<why>]      status: ok | cut | partial | missing | denied | timeout | failed
#   <row type> TAB <column> TAB ...    rows of that section; a row never begins with "#"
#   ## end ok                          without it the output was cut off
# `cut`: rows were left out, the most telling came first. `partial`: a part could not be read; the reason follows. Unknown is "-".
# Rows:  param name value
#   host   key value                                          (hostname kernel os uptimeS cpus memoryKb product uid nowAt btimeAt filesOpen filesMax)
#   cpu    user nice system idle iowait irq softirq steal     milliseconds of all CPUs in the interval
#   load   one five fifteen running blocked intervalMs
#   pressure resource kind avg10 stallMs                      stallMs in the interval
#   mem    key kB   |  vm key delta total                     (/proc/meminfo, /proc/vmstat)
#   cgroup key value delta                                    of the app's cgroup
#   fs     mount type usedFraction availKb inodesUsedFraction |  io device reads writes busyMs
#   net    key delta total                                    (/proc/net/snmp, netstat)
#   state  name count
#   listen port address pid queue backlog                     accept queue now, and its limit (- without ss)
#   out    remote state pid count comm | in port state count  sockets, grouped; "unix" is an address too
#   db     pid remote count unanswered idle oldestMs rttMs retransmits
#            connections to database ports by TCP's own clocks (needs ss): unanswered: sent a second or more ago and no answer yet,
#            for up to oldestMs; idle: answered, and silent for a second or more; neither: in use, or the clocks tie
#   unix   path pid queue backlog client clients served workers
#            a listening Unix socket of the application, or of several processes: who listens (pid of the first), connections that nobody has
#            accepted and the limit, a client and how many it has, those that are served, processes that share the listener
#            (needs ss)
#   proc   pid ppid startedAtMs user state cpuMs cpuTotalMs rssKb threads fds tracer cpus readKb writeKb parents comm cmd
#   group  comm user count                                    all processes but kernel threads, by name
#   app    pid key value                                      (nofile fds exe cwd version env:NAME ...)
#   thread pid tid name state cpuMs waitMs intervalMs         waitMs: runnable without a CPU
#   wait   pid where count                                    threads of the application by what the kernel says they sleep in
#   cron   source user line
#   dns    key value
#   http   kind path status ms bytes tool                     kind: health | probe | metrics
#   m      line of /metrics
#   self   key value                                          footprint of this script
#   seal   text                                               digests of hidden values, for who holds the key alone
set -u
LC_ALL=C; PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin; TAB=$(printf '\t'); US=$(printf '\037'); NL='
'
export LC_ALL PATH
# Behind the application, but not last: at 19 two busy threads a core would leave it a hundredth of a core, and it must look just then.
renice 5 -p $$ >/dev/null 2>&1
command -v ionice >/dev/null 2>&1 && ionice -c 2 -n 7 -p $$ >/dev/null 2>&1
# Whatever a host holds, no tool of ours takes its memory or its CPU: 1 GiB of addresses and 30 s each.
{ ulimit -v 1048576; ulimit -t 30; ulimit -c 0; } >/dev/null 2>&1

# ---------------------------------------------------------------- parameters: bound here too, whatever the document promised
# value default forbidden-characters
valid() {
  case $1 in '') printf '%s' "$2" ;; *$3*) echo "inspect.sh: parameter '$1' has a character that is not allowed" >&2; return 2 ;; *) printf '%s' "$1" ;; esac
}
PATHCHARS='[!A-Za-z0-9/._~%?=&+:,@-]'
sections=$(valid "${SSM_sections:-}" all '[!a-z]') || exit 2
appPort=$(valid "${SSM_appPort:-}" 8080 '[!0-9]') || exit 2
metricsPort=$(valid "${SSM_metricsPort:-}" "$appPort" '[!0-9]') || exit 2
metricsPath=$(valid "${SSM_metricsPath:-}" /metrics "$PATHCHARS") || exit 2
databasePorts=$(valid "${SSM_databasePorts:-}" 5432,3306,6432,1433,1521,27017,6379,9042,11211,5672 '[!0-9,]') || exit 2
healthPort=$(valid "${SSM_healthPort:-}" "$appPort" '[!0-9]') || exit 2
healthPath=$(valid "${SSM_healthPath:-}" /health "$PATHCHARS") || exit 2
probePath=$(valid "${SSM_probePath:-}" - "$PATHCHARS") || exit 2
hostHeader=$(valid "${SSM_hostHeader:-}" '' '[!A-Za-z0-9.:-]') || exit 2
digestKey=$(valid "${SSM_digestKey:-}" '' '[!A-Za-z0-9+/=]') || exit 2
metricNames=$(valid "${SSM_metricNames:-}" '' '[!A-Za-z0-9_:,]') || exit 2

# ---------------------------------------------------------------- plumbing: every step runs with its standard error closed off, and writes lines "section TAB row" to one pipe
row() { s=$1; shift; l=$s; for f in "$@"; do case $f in *"$NL"*|*"$TAB"*) f='?' ;; esac; l="$l$TAB$f"; done; printf '%s\n' "$l"; } # one write a line: lines of two steps do not mix
status() { printf '%s\t!%s\t%s\n' "$1" "$2" "${3:-}"; }
centis() { read -r up _ </proc/uptime; up=${up%.*}${up#*.}; echo "${up#0}"; }
has() { command -v "$1" >/dev/null 2>&1; }
if has timeout; then
  limited() { timeout -s KILL "$@" 2>/dev/null; }
else
  limited() { ( n=$1; shift; "$@" 2>/dev/null & c=$!; ( trap 'kill $z 2>/dev/null; exit' TERM; sleep "$n" & z=$!; wait $z; kill -9 $c ) >/dev/null 2>&1 & w=$!; wait $c; r=$?; kill $w; exit $r ); }
fi
# The first bytes of a file in a directory that the application's user may write to, while we are root: of a regular file and no link, which, once it
# is open and can be swapped no more, is the process's own (uid; *: anybody's) or root's and everybody's to read. The kernel's files have no size. A pipe
# that took the file's place would make the open wait: it is given up.
OWN='[ -f "$1" ] && [ ! -L "$1" ] && exec <"$1" && [ -s /proc/self/fd/0 ] && l=$(ls -lnLd /proc/self/fd/0) || exit 0
uid=$2 bytes=$3; set -- $l
case $1/$3/$uid in -*/"$uid"/*|-*/\*|-??????r*/0/*) head -c "$bytes" ;; esac'
# uid bytes file
own() { limited 2 sh -c "$OWN" own "$3" "$1" "$2" </dev/null; }
# Stopped first: a shell whose child is killed would start the next one before it is killed itself.
tree() { kill -STOP "$1"; printf '%s ' "$1"; for k in $(cat "/proc/$1/task/$1/children"); do tree "$k"; done; } 2>/dev/null

AWKLIB='
function line1(f,  l) { l = ""; if ((getline l < f) <= 0) l = ""; close(f); return l }
function big(x) { return sprintf("%.0f", x) }
function uptime(  s, a) { s = line1("/proc/uptime"); split(s, a, " "); return a[1] * 1000 }
function out(s) { print s; fflush() }
function clean(s, n) { gsub(/[\001-\037\177]/, " ", s); return substr(s, 1, n) }
function pause(s) { system("sleep " s) }
'

step_host() {
  row host param appPort "$appPort"; row host param metricsPort "$metricsPort"; row host param databasePorts "$databasePorts"
  row host param healthPath "$healthPath"; row host param probePath "$probePath"; row host param sections "$sections"
  awk -v hz="$(getconf CLK_TCK || echo 100)" -v uid="$(id -u)" -v now="$(date +%s)" "$AWKLIB"'BEGIN {
    out("host\thost\thostname\t" clean(line1("/proc/sys/kernel/hostname"), 80))
    out("host\thost\tkernel\t" line1("/proc/sys/kernel/osrelease"))
    while ((getline l < "/etc/os-release") > 0) if (l ~ /^PRETTY_NAME=/) { gsub(/^PRETTY_NAME=|"/, "", l); out("host\thost\tos\t" clean(l, 60)) }
    out("host\thost\tuptimeS\t" big(uptime() / 1000)); out("host\thost\tuid\t" uid); out("host\thost\tnowAt\t" now "000")
    while ((getline l < "/proc/stat") > 0) { if (l ~ /^cpu[0-9]/) c++; if (l ~ /^btime/) out("host\thost\tbtimeAt\t" substr(l, 7) "000") }
    out("host\thost\tcpus\t" c + 0)
    m = line1("/proc/meminfo"); if (m ~ /^MemTotal:/) { split(m, a, " "); out("host\thost\tmemoryKb\t" a[2]) }
    p = line1("/sys/class/dmi/id/product_name"); if (p != "") out("host\thost\tproduct\t" clean(p, 40))
    if (split(line1("/proc/sys/fs/file-nr"), a) == 3) { out("host\thost\tfilesOpen\t" a[1]); out("host\thost\tfilesMax\t" a[3]) }
  }'
  [ "$(id -u)" = 0 ] || status host partial "not root: what belongs to other users stays hidden"
}

# ---------------------------------------------------------------- host-wide counters over one interval
step_vitals() {
  for c in /proc/[0-9]*/fd; do break; done
  awk -v hz="$(getconf CLK_TCK || echo 100)" "$AWKLIB"'
  function counters(k,  l, a, n, i, h, p) {
    at[k] = uptime()
    while ((getline l < "/proc/stat") > 0) { n = split(l, a, " "); if (a[1] == "cpu") for (i = 2; i <= 9; i++) v[k, "cpu", i] = a[i] * 1000 / hz; if (a[1] ~ /^procs_/) v[k, a[1]] = a[2] }
    close("/proc/stat")
    while ((getline l < "/proc/vmstat") > 0) { split(l, a, " "); if (a[1] ~ /^(pswpin|pswpout|oom_kill|pgmajfault|allocstall_normal|pgscan_direct)$/) { v[k, "vm", a[1]] = a[2]; vm[a[1]] } }
    close("/proc/vmstat")
    while ((getline l < "/proc/diskstats") > 0) { split(l, a, " "); if (a[3] !~ /^(loop|ram|zram|fd|sr)/) { v[k, "rd", a[3]] = a[4]; v[k, "wr", a[3]] = a[8]; v[k, "ms", a[3]] = a[13]; disk[a[3]] } }
    close("/proc/diskstats")
    for (p = 1; p <= 2; p++) { h = ""
      while ((getline l < (p == 1 ? "/proc/net/netstat" : "/proc/net/snmp")) > 0) {
        n = split(l, a, " "); if (h == "" || split(h, b, " ") != n || b[1] != a[1]) { h = l; continue }
        for (i = 2; i <= n; i++) if (b[i] ~ /^(ListenOverflows|ListenDrops|RetransSegs|OutSegs|InSegs|TCPTimeouts|AttemptFails|EstabResets|ActiveOpens|PassiveOpens|TCPAbortOnMemory)$/ && a[1] ~ /^Tcp/) { v[k, "net", b[i]] = a[i]; net[b[i]] }
        h = "" }
      close(p == 1 ? "/proc/net/netstat" : "/proc/net/snmp") }
    h = "grep -H . /proc/pressure/cpu /proc/pressure/memory /proc/pressure/io"
    while ((h | getline l) > 0) { split(l, b, /[\/:]/); sub(/^[^:]*:/, "", l); split(l, a, /[ =]/); p = b[4]; psi[p, a[1]] = a[3]; v[k, "psi", p, a[1]] = a[9] / 1000; kinds[p, a[1]] } close(h)
  }
  BEGIN {
    counters(0); pause(1); counters(1); dt = at[1] - at[0]
    if (((0, "cpu", 2) in v)) { s = "cpu"; for (i = 2; i <= 9; i++) s = s "\t" big(v[1, "cpu", i] - v[0, "cpu", i]); out("cpu\t" s) } else out("cpu\t!denied\t/proc/stat")
    split(line1("/proc/loadavg"), a, " "); out("cpu\tload\t" a[1] "\t" a[2] "\t" a[3] "\t" v[1, "procs_running"] + 0 "\t" v[1, "procs_blocked"] + 0 "\t" big(dt))
    n = 0; for (p in kinds) { n++; split(p, a, SUBSEP); out("pressure\tpressure\t" a[1] "\t" a[2] "\t" psi[p] "\t" big(v[1, "psi", a[1], a[2]] - v[0, "psi", a[1], a[2]])) }
    if (!n) out("pressure\t!missing\tthis kernel has no /proc/pressure")
    n = 0; while ((getline l < "/proc/meminfo") > 0) { split(l, a, /:? +/); if (a[1] ~ /^(MemTotal|MemFree|MemAvailable|SwapTotal|SwapFree|Committed_AS|Dirty|Writeback)$/) { out("memory\tmem\t" a[1] "\t" a[2]); n++ } }
    if (!n) out("memory\t!denied\t/proc/meminfo")
    for (p in vm) out("memory\tvm\t" p "\t" big(v[1, "vm", p] - v[0, "vm", p]) "\t" big(v[1, "vm", p]))
    for (p in disk) if (v[1, "ms", p] > 0) out("disk\tio\t" p "\t" big(v[1, "rd", p] - v[0, "rd", p]) "\t" big(v[1, "wr", p] - v[0, "wr", p]) "\t" big(v[1, "ms", p] - v[0, "ms", p]))
    n = 0; for (p in net) { n++; out("net\tnet\t" p "\t" big(v[1, "net", p] - v[0, "net", p]) "\t" big(v[1, "net", p])) }
    if (!n) out("net\t!missing\tno TCP counters in /proc/net")
  }'
}

step_disk() {
  has df || { status disk missing df; return; }
  { limited 4 df -P -k || echo '!partial'; echo '!inodes'; limited 4 df -P -i || echo '!partial'; } | awk "$AWKLIB"'
  BEGIN { while ((getline l < "/proc/mounts") > 0) { split(l, a, " "); type[a[2]] = a[3]; ro[a[2]] = (a[4] ~ /^ro(,|$)/) } }
  /^!inodes/ { inodes = 1; next }
  /^!partial/ { bad = 1; next }
  { m = $6; for (i = 7; i <= NF; i++) m = m " " $i; t = type[m]; if (t == "") t = "-" }
  $2 !~ /^[0-9]+$/ || $2 == 0 || m in ro && ro[m] || t ~ /^(squashfs|iso9660|devtmpfs|efivarfs|proc|sysfs|cgroup2?|fuse.snapfuse)$/ { next }
  inodes { if ($2 > 0) used[m] = sprintf("%.3f", $3 / $2); next }
  !(m in size) { order[++n] = m; size[m] = $3 + $4; full[m] = size[m] > 0 ? $3 / size[m] : 0; avail[m] = $4; ty[m] = t }
  END {
    for (i = 1; i <= n && i <= 25; i++) { b = ""; for (j = 1; j <= n; j++) { x = order[j]; if (!(x in done) && (b == "" || full[x] + used[x] > full[b] + used[b])) b = x }
      done[b]; out("disk\tfs\t" clean(b, 100) "\t" ty[b] "\t" sprintf("%.3f", full[b]) "\t" big(avail[b]) "\t" (b in used ? used[b] : "-")) }
    if (n > 25) out("disk\t!cut\t" n - 25 " file systems"); if (bad) out("disk\t!partial\tdf failed or did not end in time for some file systems"); if (!n) out("disk\t!failed\tdf printed nothing")
  }'
}

# ---------------------------------------------------------------- processes and sockets, joined by socket inode
# /proc/net/tcp and the descriptors under /proc/PID/fd, not ss: there everywhere, and a process name cannot forge an owner in them.
step_processes() {
  lsq=-ln; ls -lnq /proc/self/fd >/dev/null 2>&1 && lsq=-lnq
  awk -v self=$$ -v hz="$(getconf CLK_TCK || echo 100)" -v page="$(getconf PAGESIZE || echo 4096)" -v lsq="$lsq" -v app="$appPort" -v metrics="$metricsPort" -v db="$databasePorts" "$AWKLIB"'
  function hex(s,  i, n) { n = 0; s = tolower(s); for (i = 1; i <= length(s); i++) n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1; return n }
  function ip4(s) { return hex(substr(s, 7, 2)) "." hex(substr(s, 5, 2)) "." hex(substr(s, 3, 2)) "." hex(substr(s, 1, 2)) }
  function address(s,  i, j, g, o) {
    if (length(s) == 8) return ip4(s)
    if (substr(s, 1, 24) == "0000000000000000FFFF0000") return ip4(substr(s, 25))
    if (s ~ /^0+$/) return "::"
    for (i = 0; i < 4; i++) for (j = 0; j < 2; j++) { g = tolower(substr(s, i * 8 + 7 - j * 4, 2) substr(s, i * 8 + 5 - j * 4, 2)); sub(/^0+/, "", g); o = o (o == "" ? "" : ":") (g == "" ? "0" : g) }
    return "[" o "]" }
  # Read by grep, which names the file on every line: awk itself may die on a file whose process has just gone, and no process name can forge another line.
  function each(cmd,  l) { if ((cmd | getline l) <= 0) { close(cmd); return 0 } split(l, path, "/"); at1 = path[3]; at2 = path[5]; rest1 = l; sub(/^[^:]*:/, "", rest1); return 1 }
  function named(r) { sub(/^[0-9]+ \(/, "", r); sub(/\) [A-Za-z] -?[0-9 -]*$/, "", r); r = clean(r, 16); return r == "" ? "-" : r }
  function snap(k,  i, p, r, a, c, raw) { at[k] = uptime(); c = "grep -H . /proc/[0-9]*/stat"
    while (each(c)) { if (at1 in raw) raw[at1] = raw[at1] " " rest1; else raw[at1] = rest1 }
    for (p in raw) { r = raw[p]; if (k == 0) comm[p] = named(r)
      sub(/^.*\) /, "", r); if (split(r, a, " ") < 22) continue
      state[p] = a[1]; ppid[p] = a[2]; kernel[p] = int(a[7] / 2097152) % 2; threads[p] = a[18]; start[p] = a[20]; rss[p] = a[22] * page / 1024
      # With the time of children that have ended and were waited for: a loop of a shell burns its CPU in them.
      if (k == 1 && (p in cpu)) delta[p] = (a[12] + a[13] + a[14] + a[15] - cpu[p]) * 1000 / hz
      cpu[p] = a[12] + a[13] + a[14] + a[15]; if (k == 0) pids[++np] = p }
    # what they had used before is not of this interval
    if (k == 1) for (p in cpu) if (!(p in raw)) { gone[p]; if (ppid[p] in delta) delta[ppid[p]] -= cpu[p] * 1000 / hz }
    for (p in delta) if (delta[p] < 0) delta[p] = 0
    c = "grep -HE \"^(read|write)_bytes\" /proc/[0-9]*/io"; while (each(c)) { split(rest1, a, " "); if (a[1] == "read_bytes:") rd[k, at1] = a[2]; else wr[k, at1] = a[2] }
    if (k == 0) { c = "grep -HE \"^(Uid|TracerPid|Cpus_allowed_list):\" /proc/[0-9]*/status"
      while (each(c)) { split(rest1, a, /[ \t]+/); if (a[1] == "Uid:") uid[at1] = a[2]; else if (a[1] == "TracerPid:") tracer[at1] = a[2]; else cpus[at1] = cpucount(a[2]) } } }
  function cpucount(s,  n, i, a, b, c) { n = split(s, a, ","); for (i = 1; i <= n; i++) c += split(a[i], b, "-") == 2 ? b[2] - b[1] + 1 : 1; return c }
  function mine(p,  i) { for (i = 0; i < 40 && p >= 1; i++) { if (p == self) return 1; p = ppid[p] } return 0 }
  function behind(ino,  n, j, a) { n = split(shared[ino], a, " "); for (j = 1; j <= n; j++) if (!(a[j] in isapp) && (comm[a[j]] != "systemd" || a[j] != 1)) { isapp[a[j]]; if (napp < 16) apps[++napp] = a[j] } }
  function chain(p,  s, i) { s = ""; for (i = 0; i < 6; i++) { p = ppid[p]; if (p == 0 || p == "" || !(p in comm)) break; s = s (s == "" ? "" : "<") p ":" link(comm[p]) } return s == "" ? "-" : s }
  # no name can forge another ancestor
  function link(c) { gsub(/[<:]/, "?", c); return c }
  function field(l, key,  i) { i = index(l, " " key); return i ? substr(l, i + length(key) + 1) + 0 : 0 }
  function name(u) { return u in user ? user[u] : u == "" ? "-" : "uid:" u }
  function threadsnap(k,  i, c, r, a) { tat[k] = uptime(); c = ""
    for (i = 1; i <= ntop; i++) c = c " /proc/" top[i] "/task/[0-9]*/stat /proc/" top[i] "/task/[0-9]*/schedstat"
    c = "grep -H . " c ""
    while (each(c)) { if (path[6] ~ /^schedstat/) { split(rest1, a, " "); tw[k, at1, at2] = a[2] / 1000000; continue }
      r = rest1; tn[at1, at2] = named(r); sub(/^.*\) /, "", r); split(r, a, " "); ts[k, at1, at2] = a[1]; tc[k, at1, at2] = (a[12] + a[13]) * 1000 / hz } }
  BEGIN {
    c = "head -c 2000000 /etc/passwd"; while ((c | getline l) > 0) { split(l, a, ":"); if (!(a[3] in user)) user[a[3]] = clean(a[1], 32) } close(c)
    n = split(db, a, ","); for (i = 1; i <= n; i++) { isdb[a[i]]; dbfilter = dbfilter (i > 1 ? " or " : "") "dport = :" a[i] } dbfilter = "\"( " dbfilter " )\""
    boot = 0; while ((getline l < "/proc/stat") > 0) if (l ~ /^btime /) boot = substr(l, 7)
    snap(0)
    c = "ls " lsq " /proc/[0-9]*/fd"
    while ((c | getline l) > 0) {
      if (l ~ /^\/proc\/[0-9]+\/fd:$/) { split(l, a, "/"); p = a[3]; fds[p] = 0; continue }
      if (l !~ / -> /) continue
      fds[p]++; if (l ~ / [0-9]+ -> socket:\[[0-9]+\]$/) { sub(/^.*\[/, "", l); sub(/\]$/, "", l); if (!(l in owner)) owner[l] = p; if (l in shared) shared[l] = shared[l] " " p; else shared[l] = p } }
    close(c)
    split("ESTABLISHED SYN_SENT SYN_RECV FIN_WAIT1 FIN_WAIT2 TIME_WAIT CLOSE CLOSE_WAIT LAST_ACK LISTEN CLOSING NEW_SYN_RECV", names, " ")
    # Containers have sockets of their own: one process of each network namespace lends its view. A port of the host itself goes first.
    c = "ls -ln /proc/[0-9]*/ns/net"; files = ""
    while ((c | getline l) > 0) { if (l !~ /\/proc\/[0-9]+\/ns\/net -> net:\[[0-9]+\]$/) continue
      ino = l; sub(/^.*\[/, "", ino); sub(/ -> .*$/, "", l); sub(/^.*\/proc\//, "", l); p = l + 0; if (p == self) ownns = ino; if (!(ino in lender)) lender[ino] = p }
    close(c); k = 0; for (ino in lender) if (ino != ownns && ++k <= 20) files = files " /proc/" lender[ino] "/net/tcp /proc/" lender[ino] "/net/tcp6"
    c = "cat /proc/net/tcp /proc/net/tcp6; echo others; cat " files " /dev/null"; others = 0
    while ((c | getline l) > 0) { if (l == "others") { others = 1; continue } if (l ~ /^ *sl /) { nets++; continue } if (split(l, a, " ") < 10) continue
      ns++; split(a[2], x, ":"); split(a[3], y, ":"); split(a[5], q, ":"); st = names[hex(a[4])]; states[st]++; lp = hex(x[2])
      if (st == "LISTEN") { if (others && (lp in listening)) { if (comm[owner[listening[lp]]] != "docker-proxy") continue } else if (!others) listening[lp] = a[10]; nl++; lport[nl] = lp; laddr[nl] = address(x[1]); lino[nl] = a[10]; lq[nl] = hex(q[2]); if (!(lp in listening)) listening[lp] = a[10]; continue }
      sock[++nsock] = lp " " address(y[1]) ":" hex(y[2]) " " st " " a[10] " " hex(y[2]); if (hex(y[2]) in isdb) inode[lp, hex(y[2])] = a[10] }
    close(c)
    if (!nets) out("sockets\t!denied\t/proc/net/tcp")
    for (i = 1; i <= nsock; i++) { split(sock[i], a, " ")
      if (a[1] in listening) { inn[a[1] "\t" a[3]]++; continue }
      p = a[4] in owner ? owner[a[4]] : "-"; if (a[3] == "TIME_WAIT" && a[5] >= 32768) sub(/[0-9]+$/, "*", a[2]); key = a[2] "\t" a[3] "\t" p; if (!(key in oc)) { okey[++no] = key; odb[key] = (a[5] in isdb) }
      oc[key]++; if (p != "-" && a[3] == "ESTABLISHED") { held[p]++; if (a[5] in isdb) dbheld[p]++ } }
    # Databases on a Unix socket: ss alone tells which socket of a client is at the other end of a named one.
    c = "ss -xan"
    while ((c | getline l) > 0) { if (split(l, a, " ") < 8 || a[5] !~ /^\//) continue
      if (a[2] == "LISTEN") { if (!(a[5] in uino)) { uino[a[5]] = a[6]; uq[a[5]] = a[3]; ubl[a[5]] = a[4]; upath[++nu] = a[5] } continue }
      if (a[2] != "ESTAB") continue
      p = a[8] in owner ? owner[a[8]] : "-"; if (a[6] in owner) usv[a[5]]++; if (p != "-") { ucl[a[5]]++; if (!(a[5] in uc1)) uc1[a[5]] = p }
      s = a[5] ~ /\/\.s\.PGSQL\.[0-9]+$/ ? a[5] : a[5] ~ /mysql[a-z]*\.sock$/ ? ".3306" : a[5] ~ /redis[a-z0-9_-]*\.sock$/ ? ".6379" : ""; sub(/^.*\./, "", s); if (!(s in isdb)) continue
      udb[a[5]]; key = "unix:" s "\tESTABLISHED\t" p; if (!(key in oc)) { okey[++no] = key; odb[key] = 1 } oc[key]++; if (p != "-") { held[p]++; dbheld[p]++ } }
    close(c)
    for (s in states) out("sockets\tstate\t" s "\t" states[s])
    c = "ss -ltn"; while ((c | getline l) > 0) { split(l, a, " "); if (a[1] != "LISTEN") continue; s = a[4]; sub(/^.*:/, "", s); if (a[3] > backlog[s]) backlog[s] = a[3] } close(c)
    for (i = 1; i <= nl && i <= 25; i++) { p = lino[i] in owner ? owner[lino[i]] : "-"; out("sockets\tlisten\t" lport[i] "\t" laddr[i] "\t" p "\t" lq[i] "\t" (lport[i] in backlog ? backlog[lport[i]] : "-")) }
    for (i = 1; i <= nl; i++) if (lport[i] == app || lport[i] == metrics) { n = split(shared[lino[i]], a, " "); for (j = 1; j <= n; j++) if (!(a[j] in isapp) && (comm[a[j]] != "systemd" || a[j] != 1)) { isapp[a[j]]; if (napp < 8) apps[++napp] = a[j] } }
    # What listens may only pass requests on: the processes behind it, over loopback or a Unix socket, are the application, too.
    for (j = 1; j <= 2; j++) {
      for (i = 1; i <= no; i++) { split(okey[i], a, "\t"); if (!(a[3] in isapp) || a[1] !~ /^127\./) continue; sub(/^.*:/, "", a[1]); if ((a[1] in listening) && !(a[1] in isdb)) behind(listening[a[1]]) }
      for (i = 1; i <= nu; i++) { s = upath[i]; if (!(s in udb) && (s in uc1) && (uc1[s] in isapp)) behind(uino[s]) } }
    k = 0; for (i = 1; i <= nu && k < 10; i++) { s = upath[i]; if ((s in udb) || !(uino[s] in owner)) continue
      n = split(shared[uino[s]], a, " "); if (n < 2 && !(owner[uino[s]] in isapp)) continue; for (j in kin) delete kin[j]; for (j = 1; j <= n; j++) kin[a[j]]; w = 0; for (j = 1; j <= n; j++) { b = 0; for (kid in kin) if (ppid[kid] == a[j]) b = 1; if (!b) w++ }
      k++; out("sockets\tunix\t" clean(s, 100) "\t" owner[uino[s]] "\t" uq[s] "\t" ubl[s] "\t" (s in uc1 ? uc1[s] : "-") "\t" ucl[s] + 0 "\t" usv[s] + 0 "\t" w) }
    for (k = 0; k < 60 && k < no; k++) { b = ""; for (i = 1; i <= no; i++) { s = okey[i]; if (!(s in odone) && (b == "" || odb[s] * 1e6 + oc[s] > odb[b] * 1e6 + oc[b])) b = s }
      odone[b]; split(b, a, "\t"); out("sockets\tout\t" b "\t" oc[b] "\t" (a[3] in comm ? comm[a[3]] : "-")) }
    # The clocks tick by 4 ms at worst: a request that follows an answer within a tick ties with it. One that has no answer was
    # acknowledged later all the same (delayed ACK, 40 ms and more); without that sign a tie says nothing.
    c = "ss -tin state established " dbfilter ""; nq = 0
    while ((c | getline l) > 0) {
      if (l ~ /^[0-9]/) { split(l, a, " "); lp = a[3]; sub(/^.*:/, "", lp); s = a[4]; f = s; sub(/^.*:/, "", f); ino = inode[lp, f]; p = ino in owner ? owner[ino] : "-" }
      if (l !~ /(^|[ \t])rtt:/) continue
      snd = field(l, "lastsnd:"); rcv = field(l, "lastrcv:"); key = p "\t" s; gsub(/\[|\]|::ffff:/, "", key); if (!(key in dn)) dkey[++nq] = key; dn[key]++
      tie = snd - rcv <= 8 && rcv - snd <= 8; ack = field(l, "lastack:"); late = tie && rcv - ack >= 20 && rcv - ack <= 600
      if (snd >= 1000 && ((snd < rcv && !tie) || late || (field(l, "data_segs_out:") && !field(l, "bytes_received:")))) { unans[key]++; if (snd > oldest[key]) oldest[key] = snd } else if (!tie && snd >= rcv && rcv >= 1000) idle[key]++
      rtt[key] += field(l, "rtt:"); n = l; if (sub(/^.* retrans:[0-9]+\//, "", n)) { sub(/ .*$/, "", n); rex[key] += n } }
    close(c)
    for (i = 1; i <= nq && i <= 15; i++) { s = dkey[i]; split(s, a, "\t"); out("sockets\tdb\t" s "\t" dn[s] "\t" unans[s] + 0 "\t" idle[s] + 0 "\t" oldest[s] + 0 "\t" sprintf("%.3f", rtt[s] / dn[s]) "\t" rex[s] + 0) }
    if (no > 60) out("sockets\t!cut\t" no - 60 " remote endpoints")
    k = 0; for (s in inn) if (++k <= 25) out("sockets\tin\t" s "\t" inn[s])
    rest = 1 - (uptime() - at[0]) / 1000; if (rest < 0.2) rest = 0.2; pause(sprintf("%.2f", rest)); snap(1); dt = at[1] - at[0]; if (dt <= 0) dt = 1
    for (i = 1; i <= np; i++) { p = pids[i]; if (p in gone || kernel[p] || mine(p)) continue; nuser++; if (!(p in fds)) hidden++
      g = comm[p] "\t" name(uid[p]); if (!(g in groups)) gkey[++ng] = g; groups[g]++; c = chain(p)
      sc = (p in isapp) * 1e7 + (p in dbheld) * 5e6 + (tracer[p] > 0) * 4e6 + (c ~ /:(cron|crond|atd|anacron)(<|$)/) * 3e6 + delta[p] * 1000 + held[p] * 2000 + (p in held) * 2e5 + (wr[1, p] + rd[1, p] - wr[0, p] - rd[0, p]) / 1e3 + rss[p] / 50 - ppid[p] / 1e9
      sc -= seen[g]++ * 1e5; if (ppid[p] == 1 || ppid[p] == 0) sc += 5e4; score[p] = sc; cand[++nc] = p }
    for (k = 1; k <= 90 && k <= nc; k++) { b = ""; for (i = 1; i <= nc; i++) { p = cand[i]; if (!(p in pdone) && (b == "" || score[p] > score[b])) b = p } pdone[b]; pick[k] = b; list = list " " b }
    np2 = k - 1
    c = "for p in" list "; do head -c 4096 /proc/$p/cmdline | tr \"\\000\\001-\\036\\177-\\377\" \"\\037??\"; echo; done"
    for (k = 1; k <= np2; k++) { p = pick[k]; if ((c | getline cmd) <= 0) cmd = ""; if (length(cmd) >= 4096) sub(/\037[^\037]*$/, "", cmd); if (length(cmd) > 1500) { cmd = substr(cmd, 1, 1500); if (!sub(/\037[^\037]*$/, "", cmd)) cmd = substr(cmd, 1, 200) }
      r = ((1 SUBSEP p) in rd && (0 SUBSEP p) in rd) ? big((rd[1, p] - rd[0, p]) / 1024) "\t" big((wr[1, p] - wr[0, p]) / 1024) : "-\t-"
      out("processes\tproc\t" p "\t" ppid[p] "\t" big(boot * 1000 + start[p] * 1000 / hz) "\t" name(uid[p]) "\t" state[p] "\t" big(delta[p] * 1000 / dt) "\t" big(cpu[p] * 1000 / hz) "\t" big(rss[p]) "\t" threads[p] "\t" (p in fds ? fds[p] : "-") "\t" tracer[p] + 0 "\t" cpus[p] + 0 "\t" r "\t" chain(p) "\t" comm[p] "\t" (cmd == "" ? "-" : cmd)) }
    close(c)
    if (hidden) out("sockets\t!partial\tdescriptors of " hidden " of " nuser " processes are hidden, so are the owners of their sockets")
    if (nc > np2) out("processes\t!cut\t" nc - np2 " of " nc " processes")
    for (k = 0; k < 70 && k < ng; k++) { b = ""; for (i = 1; i <= ng; i++) { s = gkey[i]; if (!(s in gdone) && (b == "" || groups[s] < groups[b])) b = s } gdone[b]; out("groups\tgroup\t" b "\t" groups[b]) }
    if (ng > 70) out("groups\t!cut\t" ng - 70 " of " ng " names")
    for (i = 1; i <= napp; i++) { p = apps[i]; f = ""; c = "grep -H \"^Max open files\" /proc/" p "/limits"; while (each(c)) { split(rest1, a, " "); f = a[4] }
      if (f != "") out("app\tapp\t" p "\tnofile\t" f); out("app\tapp\t" p "\tfds\t" (p in fds ? fds[p] : "-")) }
    if (!napp) out("app\t!missing\tno visible process listens on port " app)
    c = ""; for (i = 1; i <= napp; i++) c = c " /proc/" apps[i] "/task/[0-9]*/wchan"
    if (napp) { c = "grep -H . " c ""; while (each(c)) if (rest1 != "0") { f = at1 "\t" clean(rest1, 40); if (!(f in wcount)) wkey[++nw] = f; wcount[f]++ } }
    for (i = 1; i <= nw && i <= 40; i++) out("threads\twait\t" wkey[i] "\t" wcount[wkey[i]])
    for (i = 1; i <= napp && i <= 4; i++) top[++ntop] = apps[i]
    for (k = 1; k <= np2 && ntop < 7; k++) if (!(pick[k] in isapp) && delta[pick[k]] * 1000 / dt > 300) top[++ntop] = pick[k]
    if (ntop) { threadsnap(0); pause(0.5); threadsnap(1); for (s in tn) { split(s, a, SUBSEP); tcpu[s] = tc[1, a[1], a[2]] - tc[0, a[1], a[2]]; tkey[++nt] = s }
      # The kernel counts a wait when it is over: a thread that was runnable at both looks and hardly ran has waited all the while.
      d = tat[1] - tat[0]; for (s in tn) { twait[s] = ((1 SUBSEP s) in tw) ? tw[1, s] - tw[0, s] : "-"; if (ts[0, s] == "R" && ts[1, s] == "R" && twait[s] != "-" && tcpu[s] + twait[s] < d / 2) twait[s] = d - tcpu[s]
        # The first rows are of the application, which may starve among the many threads of another process.
        split(s, a, SUBSEP); trank[s] = tcpu[s] + twait[s] + (a[1] in isapp ? 1e6 : 0) }
      for (k = 0; k < 12 && k < nt; k++) { b = ""; for (i = 1; i <= nt; i++) { s = tkey[i]; if (!(s in tdone) && (b == "" || trank[s] > trank[b])) b = s } tdone[b]; split(b, a, SUBSEP); w = twait[b]
        if (k == 5) for (s in tn) if (trank[s] >= 1e6) trank[s] -= 1e6
        out("threads\tthread\t" a[1] "\t" a[2] "\t" clean(tn[b], 16) "\t" ts[1, a[1], a[2]] "\t" big(tcpu[b]) "\t" (w == "-" ? w : big(w)) "\t" big(d)) } } else out("threads\t!missing\tno process to look at")
  }'
}

# ---------------------------------------------------------------- what the app is: release and configuration, by allowlisted names only
step_app() {
  app=$(awk -v port="$appPort" 'BEGIN { h = sprintf("%04X", port); for (k = 1; k <= 2; k++) { f = k == 1 ? "/proc/net/tcp" : "/proc/net/tcp6"; while ((getline l < f) > 0) { split(l, a, " "); if (a[4] == "0A" && substr(a[2], length(a[2]) - 3) == h) { print a[10]; exit } } } }')
  [ -n "$app" ] || { status app missing "nothing listens on port $appPort"; return; }
  lsq=-l; ls -lq /proc/self/fd >/dev/null 2>&1 && lsq=-lq
  pid=$(ls $lsq /proc/[0-9]*/fd | awk -v want="socket:[$app]" -v init="$(cat /proc/1/comm)" '/^\/proc\/[0-9]+\/fd:$/ { split($0, a, "/"); p = a[3] } $NF == want && (p != 1 || init != "systemd") { print p; exit }')
  [ -n "$pid" ] || { status app denied "the process that listens on port $appPort belongs to another user"; return; }
  row app app "$pid" exe "$(readlink "/proc/$pid/exe" || echo -)"
  cwd=$(readlink "/proc/$pid/cwd") || cwd=
  [ -z "$cwd" ] || row app app "$pid" cwd "$cwd"
  uid=$(awk '/^Uid:/ { print $3; exit }' "/proc/$pid/status")
  # The program behind its links ("current" -> releases/1.42.0): the first argument after the interpreter that is a file. Its name is told, it is not read.
  head -c 8192 "/proc/$pid/cmdline" | tr '\000\n' '\n ' | head -n 20 | {
    read -r a; f=
    while read -r a; do case $a in -*) continue ;; /*) f=/proc/$pid/root$a ;; *) f=/proc/$pid/cwd/$a ;; esac; [ -f "$f" ] && break; f=; done
    [ -n "$f" ] || exit 0
    f=$(readlink -f "$f"); f=${f#"/proc/$pid/root"}; case $f in "/proc/$pid/cwd"/*) f=$cwd${f#"/proc/$pid/cwd"} ;; esac
    row app app "$pid" program "$f"; }
  ls $lsq "/proc/$pid/fd" | sed -n 's/.* -> \(\/.*\)\/[^\/]*$/\1/p' | grep -v '^/\(dev\|proc\|sys\)' | sort -u | head -n 8 | while read -r d; do row app app "$pid" opens "$d"; done
  for f in VERSION REVISION version.txt .release; do v=$(own "$uid" 80 "/proc/$pid/cwd/$f" | tr -d '\000' | tr '\n\t' '  '); [ -z "$v" ] || row app app "$pid" "file:$f" "$v"; done
  v=$(own "$uid" 65536 "/proc/$pid/cwd/package.json" | sed -n 's/^ *"version": *"\([^"]*\)".*/\1/p' | head -n 1 | head -c 60); [ -z "$v" ] || row app app "$pid" file:package.json "$v"
  head -c 262144 "/proc/$pid/environ" | tr '\000\n' '\n ' | awk -v pid="$pid" '{ i = index($0, "="); n = substr($0, 1, i - 1); v = substr($0, i + 1); gsub(/[\001-\037]/, " ", v) }
    n ~ /PASS|SECRET|TOKEN|KEY|CRED|AUTH|COOKIE|SESSION|^PG|^SSM_|^AWS_/ { next }
    n ~ /^(NODE_ENV|RAILS_ENV|APP_ENV|ENVIRONMENT|LOG_LEVEL|NODE_OPTIONS|JAVA_TOOL_OPTIONS|JAVA_OPTS|GOMAXPROCS|GOGC|GOMEMLIMIT|UV_THREADPOOL_SIZE|MALLOC_ARENA_MAX|LD_PRELOAD|TZ)$|VERSION|RELEASE|REVISION|COMMIT|BUILD|_(POOL|MAX|MIN|SIZE|LIMIT|TIMEOUT|WORKERS|THREADS|CONCURRENCY|HOST|PORT|REGION|ENDPOINT)(_[A-Z]+)?$/ && ++c <= 25 { print "app\tapp\t" pid "\tenv:" substr(n, 1, 40) "\t" substr(v, 1, 2000); fflush() }'
  step_cgroup "$pid"
}

# Version 2, or the separate hierarchies of version 1 (Amazon Linux 2): told under the names of version 2.
step_cgroup() {
  cg=$(sed -n 's/^0:://p' "/proc/$1/cgroup"); cpu=/sys/fs/cgroup$cg; mem=$cpu; current=memory.current; max=memory.max
  if [ ! -r "$cpu/cpu.stat" ]; then
    cpu=/sys/fs/cgroup/cpu$(sed -n 's/^[0-9]*:\(.*,\)\{0,1\}cpu\(,[^:]*\)\{0,1\}:\(.*\)$/\3/p' "/proc/$1/cgroup"); mem=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory:\(.*\)$/\1/p' "/proc/$1/cgroup"); current=memory.usage_in_bytes; max=memory.limit_in_bytes
  fi
  [ -r "$cpu/cpu.stat" ] || { status cgroup missing "no cgroup files for the app"; return; }
  a=$(awk '/^(nr_periods|nr_throttled|throttled_(usec|time)) / { printf "%s ", $2 }' "$cpu/cpu.stat"); sleep 1
  awk -v old="$a" 'BEGIN { split(old, o, " ") } /^(nr_periods|nr_throttled|throttled_(usec|time)) / { print "cgroup\tcgroup\t" $1 "\t" $2 "\t" $2 - o[++i]; fflush() }' "$cpu/cpu.stat"
  [ -r "$cpu/cpu.max" ] && { read -r v <"$cpu/cpu.max"; row cgroup cgroup cpu.max "$v" -; }
  [ -r "$mem/$current" ] && { read -r v <"$mem/$current"; row cgroup cgroup memory.current "$v" -; read -r v <"$mem/$max"; row cgroup cgroup memory.max "$v" -; }
  [ -r "$mem/memory.events" ] && awk '/^(oom_kill|max|high) / { print "cgroup\tcgroup\tmemory.events." $1 "\t" $2 "\t-"; fflush() }' "$mem/memory.events"
}

# ---------------------------------------------------------------- everything that starts processes by the clock
cronlines() { # source user file: user "*" means the sixth column names it
  [ -r "$3" ] || { status cron partial "may not read $3"; return; }
  own '*' 65536 "$3" | tr -d '\000' | awk -v src="$1" -v user="$2" '/^[ \t]*(#|$)/ { next } /^[ \t]*[A-Za-z_][A-Za-z_0-9]*[ \t]*=/ { next } ++n <= 60 { l = $0; gsub(/[\001-\037]/, " ", l); sub(/^ +/, "", l); u = user; if (u == "*") { u = l ~ /^@/ ? $2 : $6 } if (length(l) > 300) { l = substr(l, 1, 300); sub(/ [^ ]*$/, "", l) } print "cron\tcron\t" src "\t" substr(u, 1, 32) "\t" l; fflush() }'
}
step_cron() {
  seen=
  for d in /var/spool/cron/crontabs /var/spool/cron /var/spool/cron/tabs /etc/crontabs; do
    [ -d "$d" ] || continue
    seen=1; [ -r "$d" ] && [ -x "$d" ] || { status cron denied "$d"; continue; }
    for f in "$d"/*; do [ -f "$f" ] && [ ! -L "$f" ] && cronlines "$f" "${f##*/}" "$f"; done
  done
  for f in /etc/crontab /etc/cron.d/*; do [ -f "$f" ] && { seen=1; cronlines "$f" '*' "$(readlink -f "$f")"; }; done
  for d in hourly daily weekly monthly; do for f in /etc/cron.$d/*; do [ -f "$f" ] && [ -x "$f" ] && row cron cron "/etc/cron.$d" root "$f"; done; done
  for f in /var/spool/at/* /var/spool/cron/atjobs/*; do [ -f "$f" ] && { seen=1; row cron cron at "$(ls -ld "$f" | awk '{ print $3 }')" "${f##*/}"; }; done
  if has systemctl && [ -d /run/systemd/system ]; then
    limited 3 systemctl list-timers --all --no-legend --no-pager | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /\.timer$/ && ++n <= 30) { print "cron\tcron\ttimer\tsystemd\t" $i " " $(i + 1); fflush() } } END { exit n == 0 }' || status cron partial "systemctl list-timers printed nothing"
  fi
  has crontab && [ "$(id -u)" != 0 ] && limited 3 crontab -l | awk '/^[^#]/ { print "cron\tcron\tcrontab -l\tself\t" substr($0, 1, 300); fflush() }'
  [ -n "$seen" ] || [ -d /run/systemd/system ] || status cron missing "no crontabs, no cron.d, no systemd"
}

# ---------------------------------------------------------------- names
step_dns() {
  if [ -r /etc/resolv.conf ]; then awk '/^(nameserver|search|domain|options)[ \t]/ && ++n <= 12 { k = $1; $1 = ""; sub(/^ /, ""); gsub(/[\001-\037]/, " "); print "dns\tdns\t" k "\t" substr($0, 1, 100); fflush() }' /etc/resolv.conf; else status dns partial "may not read /etc/resolv.conf"; fi
  [ -r /etc/nsswitch.conf ] && awk '/^hosts:/ { $1 = ""; sub(/^ /, ""); print "dns\tdns\tnsswitch\t" substr($0, 1, 80); fflush() }' /etc/nsswitch.conf
  awk '!/^[ \t]*(#|$)/ { n++ } END { print "dns\tdns\thostsEntries\t" n + 0; fflush() }' /etc/hosts
  name=${hostHeader%%:*}; case $name in *[a-zA-Z]*.*|*.*[a-zA-Z]*) ;; *) name=amazonaws.com ;; esac
  # a name of the hosts file asks no server
  grep -qiF -- "$name" /etc/hosts && name=amazonaws.com
  tool=; has getent && tool='getent hosts' || { has nslookup && tool=nslookup; }
  [ -n "$tool" ] || { status dns partial "no getent and no nslookup: lookup not timed"; return; }
  t=$(centis); limited 6 $tool "$name" >/dev/null 2>&1; r=$?; ms=$(( ($(centis) - t) * 10 ))
  case $r in 0) r=ok ;; 124|137) r=timeout ;; *) r=failed ;; esac
  row dns dns lookup "$r"; row dns dns lookupMs "$ms"; row dns dns lookupName "$name"
}

# ---------------------------------------------------------------- HTTP on the host itself: metrics, and the health check beside the real path
# the address a port listens on: loopback, unless it is bound to another
reach() {
  awk -v port="$1" 'function b(s) { return index("0123456789ABCDEF", substr(s, 1, 1)) * 16 - 16 + index("0123456789ABCDEF", substr(s, 2, 1)) - 1 }
    BEGIN { h = sprintf("%04X", port); r = "127.0.0.1"; while ((getline l < "/proc/net/tcp") > 0) { split(l, a, " "); split(a[2], x, ":"); if (a[4] == "0A" && x[2] == h && x[1] != "00000000") { r = b(substr(x[1], 7, 2)) "." b(substr(x[1], 5, 2)) "." b(substr(x[1], 3, 2)) "." b(substr(x[1], 1, 2)); break } } print r }'
}
# bytes of a page, cut off before anything looks at them: the application may send without end, and on one line
MOST=4000000
ask() { # seconds port path output: the page on stdout unless output is /dev/null, then a line "!status ms bytes tool"
  url="http://$(reach "$2"):$2$3"; host=${hostHeader:-localhost:$2}
  if has curl; then curl -q -s --noproxy '*' -m "$1" -o "$4" -H "Host: $host" -w '\n!%{http_code} %{time_total} %{size_download} curl\n' "$url"; return; fi
  # No tool may go where an answer points: root reaches what the application does not. busybox wget cannot be told so.
  raw='printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$4"'; t=$(centis); code=0
  if has wget && wget --help 2>&1 | grep -q max-redirect; then
    limited "$1" wget -q --no-proxy --max-redirect=0 -t 1 -T "$1" -O "$4" --header "Host: $host" "$url"; r=$?; tool=wget
    # 8: it answered, with what status is not told; the others: the tool itself failed
    case $r in 0) code=200 ;; 8|12[5-7]|13[0-68-9]) code=- ;; esac
  elif has bash; then tool=bash; limited "$1" bash -c "exec 3<>/dev/tcp/\$1/\$2 || exit 1; $raw >&3; cat <&3" x "$(reach "$2")" "$2" "$3" "$host" | body
  elif has nc; then tool=nc; limited "$1" sh -c "$raw | nc \"\$1\" \"\$2\"" x "$(reach "$2")" "$2" "$3" "$host" | body
  else echo '!- - - none'; return; fi
  echo; echo "!$code $(( ($(centis) - t) * 10 )) - $tool"
}
body() { head -c "$MOST" | awk 'NR == 1 { if ($1 ~ /^HTTP\//) code = $2; head = 1; next } head { if ($0 ~ /^\r?$/) head = 0; next } 1 END { if (code ~ /^[0-9]+$/) print "\n@" code }'; }
# What ask printed. A page that was cut has no last line, and so no tool.
PAGE='length($0) > 8192 { n += length($0) + 1; next } /^@[0-9]+$/ { code = substr($0, 2); next } /^![0-9-]+ [0-9.-]+ [0-9-]+ [a-z]+$/ { s = substr($1, 2); ms = $2; b = $3; t = $4; next }
  function page() { if (t == "curl") ms = sprintf("%.0f", ms * 1000); else if (code != "" && t != "wget") s = code; return t }'
# kind path port seconds
timed() {
  ask "$4" "$3" "$2" /dev/null | head -c "$MOST" | awk -v kind="$1" -v path="$2" "$PAGE"' { n += length($0) + 1 }
    END { page(); if (t == "none") { print "http\t!missing\tno curl, wget, bash or nc"; exit } if (t == "") { print "http\t!failed\tthe answer has no end"; exit }
      print "http\thttp\t" kind "\t" path "\t" s "\t" ms "\t" (b == "-" ? n : b) "\t" t }'
}
step_health() { [ "$healthPath" = - ] && return; timed health "$healthPath" "$healthPort" 5; timed health "$healthPath" "$healthPort" 5; timed health "$healthPath" "$healthPort" 5; }
step_probe() { [ "$probePath" = - ] || timed probe "$probePath" "$appPort" 6; }
# Pool, release and run-time families first, histogram buckets never: the whole page may be megabytes.
step_metrics() {
  [ "$metricsPath" != - ] || { status metrics missing "not asked for"; return; }
  # Asked for twice: some gauges (the event loop's percentiles) cover the time since the last page, whenever that was.
  ask 3 "$metricsPort" "$metricsPath" /dev/null | head -c "$MOST" >/dev/null; sleep 1
  ask 4 "$metricsPort" "$metricsPath" - | head -c "$MOST" | awk -v names="$metricNames" "$PAGE"'
    BEGIN { n = split(names, a, ","); for (i = 1; i <= n; i++) if (a[i] != "") want[a[i]] }
    /^#/ || !/^[a-zA-Z_:][a-zA-Z0-9_:]*([{].*[}])? +[-+0-9NI]/ { next }
    { f = $0; sub(/[{ ].*$/, "", f); if (f ~ /_bucket$/ || length($0) > 400) next
      g = tolower(f); c = f in want ? 1 : g ~ /pool|hikari|jdbc|go_sql|pgbouncer|db_client|db_conn|sqlalchemy|active_record/ ? 2 : g ~ /build_info|version|_info$/ ? 3 : g ~ /eventloop|event_loop|gc_pause|gc_duration|process_|threads|goroutines|queue|waiting|pending/ ? 4 : 5
      if (k[c] < 60) { line[c, ++k[c]] = $0 } else lost++ }
    END { page(); if (t == "none") { print "metrics\t!missing\tno curl, wget, bash or nc"; exit } if (t == "") { print "metrics\t!failed\tthe page is longer than 4 MB"; exit }
      print "http\thttp\tmetrics\t-\t" s "\t" ms "\t" (b == "-" ? 0 : b) "\t" t
      if (s != 200) { print "metrics\t!failed\tstatus " s " after " ms " ms"; exit }
      for (c = 1; c <= 5; c++) for (i = 1; i <= k[c]; i++) { print "metrics\tm\t" line[c, i]; m++ }
      if (lost) print "metrics\t!cut\t" lost " samples"; if (!m) print "metrics\t!failed\tnot the Prometheus text format" }'
}

# ---------------------------------------------------------------- redaction: docs/redaction.md is the specification, core/diagnose/redaction/ the other
# implementation, and test/fixtures/redaction/ the lines that hold the two together. Of a command the program, the names of its options and harmless values
# are told; everything else is [hidden:N]. The tables are those of core/diagnose/redaction/words.ts, and a test compares them.
REDACT='BEGIN {
  load("add allow and any api app append application apply archive asgi at auth auto awk aws backup base bash basic batch before begin bin bind boot build bundle by cache call can cart cat cd cert char check checkout chmod chown clean clear client clone close cluster cmd code collect column command commit compact compare complete compose compress config configmap connect connection container content context convert copy core count cp cpu create created cron crond curl current daemon daily dash data database date day db deb debian debug default delete delta deny deploy deployment depth describe dev diff directory disable disabled disk dist dns docker docs done down download drop dry dump east echo else email en enable enabled enc end engine ensure env equal error etl event exec exist exit export false fast fatal fetch field file fill filter find finish first fix flush for form format fri from full gc generate generic get git go graph grep group health help history host hour http httpd id idle if ignore image import in index info init input insert inspect inspection install interactive internal is java jdbc job join json jsonl keep kernel kill kubectl kubernetes label last latest left level lib limit line link list listen load local log low ls main make manual map mar mariadb mark master match max memory merge message metrics migrate migrations min missing mode model module mon mongo monitor month monthly more mount mysql name namespace network new nginx nice no node normal notice npm npx null of off offset old on one open openssl operation option order os out output package page parallel parse patch path payment pending period perl php pid ping pip pipe plan play pod policy pool port postgres postgresql previous primary print private process processor prod product production profile prometheus proxy psql public publish pull push put py python python3 query queue quiet rake read ready reboot rebuild receive redis refresh region reindex release reload remote remove rename render renew report reporting request reset resize resolve resource rest restart restore resume retry return reverse rm role rollback root rotate route router rows rsync ruby run runner running s3 safe sample save scale scan schedule scheduler schema search secret section sed select send sep server service session set setup sh sha256 sha512 shell shop show shutdown size skip sleep socket sort source space sql ssh sshd ssl ssm stack stage staging start state static stats status stdout stop storage store stream sudo summary svc switch sync syntax system systemctl systemd table tag tail tar target task tcp template test text thread time timeout timer timestamp tls tmp total track transaction true type uninstall unit unix unlock unzip up update updated upgrade upload url us usage use user utc utf8 utils v1 v2 v3 v4 validate value verbose verify version view volume wait waiting warn warning watch web weekly west wget while work worker write writer wsgi www xml yaml yes zip zone", VOCABULARY)
  load("addr address agentlib agentpath antp apikey auxww avzP avzh axjf bind cacert cert classpath client config cp ctime cvzf czvf da daemon debug delete depth dir ea env esa exec file follow force group help host iname input jar javaagent key keypass keystore level list listen log logtostderr ltnp ltrh maxdepth mindepth mmin module mtime name newer not output pass passin passout passphrase passwd password path perm port print print0 prune pw quiet recursive regex rvf secret server size storepass timeout tlnp token tulnp tulpn type user user-data verbose verbosegc version xvzf xzvf", SINGLE_DASH)
  FILE = "^[A-Za-z0-9._+%-]*[A-Za-z0-9_*][.]([cm]?[jt]sx?|pyc?|rb|p[lm]|php|(ba)?sh|sql|[jwe]ar|class|go|rs|cc?|cpp|h|so|con?f|cfg|cnf|ini|toml|ya?ml|jsonl?|xml|properties|log|txt|[ct]sv|md|html?|css|pem|c[re]r|crt|csr|key|pub|p12|jks|pid|sock|lock|service|timer|socket|mount|target|t?gz|tar|bz2|xz|zst|zip|rpm|deb|db|sqlite3?|dump|bak|parquet|out|err|tmp|env|ru|rake|lua|awk|pdf|png|jpe?g)$"
  DOTTED = "^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*[.](com|net|org|io|dev|internal|local|localdomain|lan|corp|cloud|aws|example|test|svc|edu|gov|eu|uk|de|fr|nl|jp|in|au|ca)(:[0-9]+)?$"
  CLASS = "^(com|net|org|io|dev|java|javax|jakarta|de|fr|uk|eu|edu|gov|sun|jdk|akka|scala|kotlin)[.][A-Za-z0-9_$]+([.][A-Za-z0-9_$*]+)+$"
  URL_HEAD = "^[A-Za-z][A-Za-z0-9+.:-]*:[/][/]"; VARIABLE_HEAD = "^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*)[/]"
  SECRET_NAME = "passw|passphrase|passcode|pwd|secret|token|api-?key|access-?key|private-?key|credential|cookie|session(-?id)?$|sessid|signature|bearer|authorization|jwt|requirepass|masterauth|webhook|connection-?string|literal|oauth|licen[cs]e|pass$|pw$|creds?$|auth$|key$|key-?base$|(^|-)sig$|(^|-)sas$|dsn$|otp$|salt$|pin$|(^|-)puk$|(^|-)cvv$|userpwd|user-?info|community$|encrypt$"
  NO_SECRET_NAME = "(file|path|dir)$|-(directory|ttl|type|length|len|size|count|limit|timeout|expiry|expires|age|algorithm|alg|format|field|column|host|port|policy|prefix|header|max|min|interval|retries|rounds|enabled|required|arn|class|mode|version|store|ring|id|name)$|(^|-)(no|skip|without|disable|enable|require|max|min|num)-|(^|-)(sort|primary|partition|foreign|public|pub|group|order|hash|range|cache|routing|shard|row|join|unique|index|lookup|message|map|object)-?keys?$|^stdin$|-stdin$"
  FILED_NAME = "key$|creds?$|credentials?$|cert$|cookie$|license$|auth$"
  USER_NAME = "^(u|user|username|login|auth|a|proxy-user|account|userpwd|h)$"
  RELEASE_NAME = "(commit|sha|sha1|sha256|revision|rev|version|release|build|tag|digest|image|hash|ref)$"
  SECRET_WORD = "^(password|passwd|passphrase|pass|pwd|pin|otp|token|requirepass|masterauth|identified|user_pw|owner_pw|psk|wpa-psk|apikey|api_key)[:=]?$"
  SECRET_OPTION = "^(mysql[a-z_]*|mariadb[a-z-]*|sshpass|mongo[a-z]*|7z[ar]?|rar|unrar|cqlsh|ncftp[a-z]*|rdesktop|plink|pscp|psftp|user(mod|add)|rabbitmqadmin|influx|vncviewer|[a-z0-9]+:login):(.*:)?p$|^(sqlcmd|ipmitool|zip|unzip|bcp|[iot]sql|mosquitto[a-z_]*):P$|^(curl|wget|l?ftp|smbget|siege|https?|ab|snmp[a-z]*|smbclient|rpcclient|net):[uUaAX]$|^(redis-cli|etcdctl|htdigest|valkey-cli):a$|^curl:[bEH]$|^(ldap[a-z]*|samba-tool):w$|^(openssl|age|ccrypt):(.*:)?[kKp]$|^snmp[a-z]*:c$|^ssh-keygen:[NP]$|^(sendemail|swaks):[xa]p$"
  SECRETIVE = "^(echo|printf|htpasswd|htdigest|chpasswd|mkpasswd|passwd|expect|vault|op|pass|keyctl|secret-tool|wpa_passphrase|qpdf|pdftk|ansible-vault|kinit|ccrypt|sops|smbpasswd|rclone|net|cmdkey|security|yescrypt|argon2)$"
  WRAPPER = "^(env|sudo|doas|nice|ionice|timeout|nohup|exec|time|setsid|chronic|flock|xargs|command|runuser|stdbuf|sshpass|tini|dumb-init|chrt|taskset|catchsegv|strace|ltrace|watch|systemd-cat|unbuffer|builtin|eval)$"
  WRAPPER_VALUE = "^(-[ugnchskwIPLEpCUTdeofi]|--signal|--kill-after|--user|--group|--wait|--adjustment|--class)$"
  INTERPRETER = "^(python[0-9.]*|node|nodejs|ruby[0-9.]*|perl[0-9.]*|php[0-9.]*|bash|sh|dash|ash|zsh|ksh|tsx|ts-node|deno|bun|lua|Rscript)$"
  SHELL = "^(bash|sh|dash|ash|zsh|ksh|busybox|su|runuser|fish)$"
  LABEL_NAME = "^((go)?version|commit|revision|branch|type|kind|space|state|status|(.*_)?pool(_name)?|name|method|path|route|handler|uri|code|gc|action|cause|area|id|db|db_name|database|datasource|mode|quantile|cache|queue|outcome|exception|level|device|job|service|instance|major|minor|patch|implementation|runtime|vendor|.*_state)$"
}
function load(s, t,  a, n, i) { n = split(s, a, /[ \n]+/); for (i = 1; i <= n; i++) if (a[i] != "") t[a[i]] }
function plainname(s) { s = tolower(s); gsub(/[^a-z0-9]+/, "-", s); sub(/^-+/, "", s); sub(/-+$/, "", s); return s }
function secretname(s) { s = plainname(s); return s ~ SECRET_NAME && s !~ NO_SECRET_NAME }
# A value is told apart from others by a number: equal numbers, equal values. Numbers, ids and the name of the host in it do not count, as they do
# not where processes of two hosts are compared; in a setting they do.
function hide(v,  k, i) { k = v
  if (!exact && random(k)) k = "drawn"; else if (!exact) { while (hostname != "" && (i = index(k, hostname))) k = substr(k, 1, i - 1) "#" substr(k, i + length(hostname)); k = ids(k); gsub(/[0-9]+/, "#", k); if (k == "#") return "[hidden:0]" }
  if (!(k in hiddenas)) { hiddenas[k] = ++nhidden; hiddentext[nhidden] = k }
  return "[hidden:" hiddenas[k] "]" }
function ids(s,  o, w) { o = ""; while (match(s, /[0-9A-Fa-f][0-9A-Fa-f-]+/)) { w = substr(s, RSTART, RLENGTH); o = o substr(s, 1, RSTART - 1) (RLENGTH >= 8 && w ~ /[0-9]/ ? "#" : w); s = substr(s, RSTART + RLENGTH) } return o s }
function random(s,  a, n, i) { n = split(s, a, /[^A-Za-z0-9]+/); for (i = 1; i <= n; i++) if (length(a[i]) >= 8 && randomrun(a[i])) return 1; return 0 }
function randomrun(w,  n, i, c, k, last, turns) { n = length(w); if (n > 64) return 1; if (w !~ /[0-9]/ || w !~ /[A-Za-z]/) return 0
  turns = 0; last = ""; for (i = 1; i <= n; i++) { c = substr(w, i, 1); k = c ~ /[0-9]/ ? 1 : c ~ /[a-z]/ ? 3 : 2; if (i > 1 && k != last) turns++; last = k }
  return n >= 16 && turns > 3 || w ~ /[A-Z]/ && w ~ /[a-z]/ && w ~ /[0-9].*[0-9]/ && turns > n / 2 }
function number(v) { v = tolower(v)
  return v ~ /^[-+]?[0-9]+([.,:\/_x-][0-9]+)*([(][0-9]+[)])?(ns|us|ms|s|m|h|d|w|b|k|kb|kib|ki|m|mb|mib|mi|g|gb|gib|gi|t|tb|ti|%)?[-+:,)]?$/ || v ~ /^v?[0-9]+([.][0-9]+)*([-+._]?(rc|alpha|beta|b|a|p|snapshot|final|release|ga|dev|build|alpine|slim|bookworm|bullseye|jammy|noble|lts|el|amzn|deb|ubuntu|jre|jdk|fpm)[0-9.]*)*$/ || v ~ /^[0-9][0-9-]+t[0-9:.]+(z|[-+][0-9:]+)?$/ }
function words(v,  a, n, i, ok) { if (length(v) > 80) return 0; if (v ~ /^[A-Za-z]$/) return 1; n = split(tolower(v), a, /[-_.:,\/+]/); ok = 0
  for (i = 1; i <= n; i++) if ((a[i] in VOCABULARY) || a[i] ~ /s$/ && (substr(a[i], 1, length(a[i]) - 1) in VOCABULARY)) ok = 1; else if (a[i] != "" && (length(a[i]) > 5 || a[i] !~ /^v?[0-9]+$/)) return 0
  return ok }
function component(c) { return (c ~ /^[A-Za-z0-9._+%,~*{}-]*$/ || c ~ /^@[A-Za-z0-9._-]+$/ || c ~ /^[A-Za-z0-9._-]+@[A-Za-z0-9._-]*[.](service|timer|socket|mount|target|slice|scope|path)$/) && !random(c) }
function components(v,  a, n, i) { n = split(v, a, "/"); for (i = 1; i <= n; i++) if (!component(a[i])) return 0; return 1 }
function variable(v) { return v ~ /^[$]([{][A-Z_][A-Z0-9_]*[}]|[A-Z_][A-Z0-9_]*|[0-9@*#?$!])$/ }
function pathhead(v) { return v ~ /^([\/]|[.][.]?[\/]|~[\/])/ && v !~ /^\/\// }
function path(v) { if (v == "~") return 1; if (v ~ VARIABLE_HEAD) sub(VARIABLE_HEAD, "/", v); return pathhead(v) && components(v) }
function paths(v,  a, n, i) { n = split(v, a, ":"); if (!path(a[1])) return 0; for (i = 2; i <= n; i++) if (!path(a[i]) && !words(a[i]) && !file(a[i]) && !number(a[i])) return 0; return 1 }
function filename(c) { return c ~ FILE }
function base(v) { sub(/^.*\//, "", v); return v }
function file(v) { return filename(base(v)) && components(v) }
function ipv6(v) { return v ~ /^[[]?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(\](:[0-9]+)?)?$/ }
function host(v, name) { if (v ~ /^(localhost|[*])?(:[0-9]+)?$/ || v ~ DOTTED || v ~ CLASS || ipv6(v) || v ~ /^ip-[0-9]+-[0-9]+-[0-9]+-[0-9]+([.][a-z0-9.-]+)?$/) return !random(v)
  return v ~ /^[a-z][a-z0-9-]*([.][a-z0-9-]+)*:v?[0-9]+([.][0-9]+)*(-[a-z]+[0-9.]*)?$/ && plainname(name) !~ USER_NAME && !random(v) }
function harmless(v, name) { if (length(v) > 400) return 0; if (length(v) <= 40 && number(v)) return 1
  return v == "" || v ~ /^[0-9*,\/-]+$/ || length(v) <= 3 && v ~ /^[][*.,\/:+%{}?=_~!-]+$/ || v ~ /^[+]?(%[-_0]?[A-Za-z]|[-_:.\/T])+$/ || variable(v) || words(v) || paths(v) || file(v) || host(v, name) || length(v) <= 64 && v ~ /^[0-9a-f]+$/ && plainname(name) ~ RELEASE_NAME }
function urlcomponent(c) { return c == "" || words(c) || length(c) <= 20 && number(c) || filename(c) && !random(c) ? c : hide(c) }
function urlpath(s,  i, p, o, a, n, q, d, sep) { if (s == "-") return s; i = match(s, /[?#;]/); p = i ? substr(s, 1, i - 1) : s; n = split(p, a, "/"); o = ""
  for (d = 1; d <= n; d++) o = o (d > 1 ? "/" : "") urlcomponent(a[d]); if (!i) return o
  o = o substr(s, i, 1); q = substr(s, i + 1); sep = index(q, "&") ? "&" : index(q, ";") ? ";" : "&"; n = split(q, a, sep); for (d = 1; d <= n; d++) o = o (d > 1 ? sep : "") shown(a[d], ""); return o }
function url(v,  h, i, u, t) { match(v, URL_HEAD); h = substr(v, 1, RLENGTH); v = substr(v, RLENGTH + 1); u = ""
  if (v ~ /@/) { i = length(v); while (substr(v, i, 1) != "@") i--; u = hide(substr(v, 1, i - 1)) "@"; v = substr(v, i + 1) }
  i = match(v, /[\/?#;]/); t = i ? substr(v, 1, i - 1) : v
  if (!((t ~ /^[A-Za-z0-9._,*-]*(:[0-9]+)?(,[A-Za-z0-9._-]+(:[0-9]+)?)*$/ || ipv6(t) || variable(t)) && !random(t))) t = hide(t)
  return h u t (i ? urlpath(substr(v, i)) : "") }
function secretvalue(name, v) { return secretname(name) && !(plainname(name) ~ FILED_NAME && (path(v) || file(v))) }
function value(name, v) { return v == "" ? "" : secretvalue(name, v) ? hide(v) : shown(v, name) }
function shown(v, name,  i, k, r) {
  if (harmless(v, name)) return v; if (length(v) > 400) return hide(v); if (v ~ / /) return phrase(v, name); if (v ~ URL_HEAD) return url(v)
  i = index(v, "="); k = substr(v, 1, i - 1); r = substr(v, i + 1)
  if (i > 1 && k !~ /[,;]/ && length(k) <= 64 && k ~ /^[A-Za-z_][A-Za-z0-9_.:-]*$/ && r != "" && r !~ /^=/ && !random(k)) { if (r ~ /[,;]/ && !secretname(k)) return list(v, name); return k "=" value(k, r) }
  if (v ~ /[,;]/) return list(v, name); if (pathhead(v)) return showpath(v)
  if (match(v, /@[^@]*$/) && RSTART > 1 && RLENGTH > 1 && host(substr(v, RSTART + 1), "")) { i = RSTART; return hide(substr(v, 1, i - 1)) substr(v, i) }
  return hide(v) }
function phrase(v, name,  a, n, i) { n = split(v, a, / /); for (i = 1; i <= n; i++) if (a[i] != "" && (!harmless(a[i], name) || secretname(a[i]))) return hide(v); return v }
function list(v, name,  a, n, i, o, sep) { match(v, /[,;]/); sep = substr(v, RSTART, 1); n = split(v, a, sep); o = ""; for (i = 1; i <= n; i++) o = o (i > 1 ? sep : "") (a[i] == "" ? "" : shown(a[i], name)); return o }
function showpath(v,  a, n, i, o) { n = split(v, a, "/"); o = ""; for (i = 1; i <= n; i++) o = o (i > 1 ? "/" : "") (component(a[i]) ? a[i] : hide(a[i])); return o }

# Words and operators of a line, as a shell sees them.
function operator(s, at, began,  c, n) { c = substr(s, at, 1); if (c == "" || !index(";|&()<>`", c)) return 0; if (!began || c == "<" || c == ">") return 1
  if (c == "(") return 0; if (c == ")") return depth > 0; if (c == "`") return ticks; n = substr(s, at + 1, 1); return n == "" || n == " " || index(";|&()<>`", n) > 0 }
function tokens(s, raw, text, sp, op,  n, at, from, c, q, w, len) { n = 0; at = 1; len = length(s); depth = 0; ticks = 0
  while (at <= len) { from = at; while (substr(s, at, 1) == " ") at++; if (at > len) break
    sp[++n] = substr(s, from, at - from); from = at
    if (operator(s, at, 0)) { while (at <= len && index(";|&()<>`", c = substr(s, at, 1))) { if (c == "(") depth++; else if (c == ")") { if (depth) depth-- } else if (c == "`") ticks = !ticks; at++ }
      if (at > from + 1 && substr(s, at - 2, 2) == ">&" && substr(s, at, 1) ~ /[0-9-]/) at++
      op[n] = 1; raw[n] = text[n] = substr(s, from, at - from); continue }
    w = ""; q = ""
    for (; at <= len; at++) { c = substr(s, at, 1)
      if (q == "" && (c == " " || operator(s, at, at > from) && !(c == ">" && at == from + 1 && substr(s, from, 1) ~ /[-=]/ && (at == len || substr(s, at + 1, 1) == " ")))) break
      if (c == "\\" && q != "\047" && at < len) w = w substr(s, ++at, 1)
      else if (q == "" && (c == "\"" || c == "\047")) q = c
      else if (c == q) q = ""
      else w = w c }
    op[n] = 0; raw[n] = substr(s, from, at - from); text[n] = w }
  return n }
# r: where the reader of a command stands. expects program, wrapped (by env, sudo ...) or arguments.
function fresh(r) { r["expects"] = "program"; r["program"] = r["sub"] = r["option"] = ""; r["secret"] = r["count"] = r["secretive"] = r["file"] = 0 }
function piped(op, raw, n, i) { for (; i <= n; i++) if (op[i]) return raw[i] ~ /^[|]/ && raw[i] != "||"; return 0 }
function program(r, t, raw, isp,  b, o) {
  if (t ~ /^(if|then|else|elif|fi|do|done|while|until|for|case|esac|in|!|[{]|[}]|[[]|[[][[]|\]|\]\])$/) return raw
  if (t ~ /^[A-Za-z_][A-Za-z0-9_]*[+]?=/) { b = index(t, "="); return substr(t, 1, b) value(substr(t, 1, b - 1), substr(t, b + 1)) }
  b = base(t); o = t ~ /\// ? shown(t, "") : t ~ /^[]A-Za-z0-9_.~+@%:${}()[-]+$/ && length(t) <= 64 && !random(t) ? raw : hide(t)
  r["program"] = b; r["sub"] = r["option"] = ""; r["count"] = 0; r["expects"] = b ~ WRAPPER ? "wrapped" : "arguments"; r["secretive"] = b ~ SECRETIVE && (b !~ /^(echo|printf)$/ || isp)
  return o }
function secretoption(r, o) { return r["program"] ":" o ~ SECRET_OPTION || r["program"] ":" r["sub"] ":" o ~ SECRET_OPTION }
function awaits(r, o) { if (r["program"] == "sort" && o ~ /^(k|key)$/) return 0; return length(o) > 1 && secretname(o) || secretoption(r, o) }
function filed(name, v) { return secretname(name) && !secretvalue(name, v) && shown(v, name) == v }
function named(r, dash, name, has, v) { if (!has) { r["option"] = name; r["secret"] = awaits(r, name); return dash name }
  return dash name "=" (v != "" && awaits(r, name) && !filed(name, v) ? hide(v) : value(name, v)) }
function option(r, t, raw,  i, name, v) { if (t ~ /^--?$/) return raw; i = index(t, "="); name = i ? substr(t, 1, i - 1) : t; v = i ? substr(t, i + 1) : ""
  if (t ~ /^--/) return length(name) <= 66 && name ~ /^--[A-Za-z][A-Za-z0-9_.-]*$/ && !random(name) && v !~ /^=/ ? named(r, "--", substr(name, 3), i > 0, v) : "--" hide(substr(t, 3))
  return dashed(r, substr(t, 2), raw) }
function dashed(r, t, raw,  c, g, i) { c = substr(t, 1, 1); g = substr(t, 2); i = index(t, "=")
  if (g == "") return c ~ /[A-Za-z0-9?@%]/ ? named(r, "-", c, 0, "") : hide(raw)
  if (secretoption(r, c)) return (t in SINGLE_DASH) && length(t) > 3 ? named(r, "-", t, 0, "") : "-" c hide(g)
  if (t ~ /^[0-9.:+-]+$/) return raw
  if (c == "D" && i > 2) return "-D" shown(g, "")
  if (t ~ /^X(mx|ms|ss|mn)[0-9]+[kKmMgGtT]?$/ || t ~ /^XX:[-+][A-Za-z0-9]+$/) return raw
  if (t ~ /^XX:[A-Za-z0-9]+=/) return "-XX:" shown(substr(t, 4), "")
  if (i > 2 && substr(t, 1, i - 1) ~ /^[a-z][a-z0-9_.-]*$/ && i < length(t) && substr(t, i + 1, 1) != "=") return named(r, "-", substr(t, 1, i - 1), 1, substr(t, i + 1))
  if ((t in SINGLE_DASH) || length(t) > 4 && t ~ /^[a-z]/ && words(t)) return named(r, "-", t, 0, "")
  if (t ~ /^[A-Za-z]+$/ && length(t) <= (t ~ /^[pPuUaAkKwW]/ ? 3 : 4)) { i = substr(t, length(t)); r["option"] = i; r["secret"] = awaits(r, i); return raw }
  if (c ~ /[A-Za-z]/ && !(c == "p" && g ~ /[0-9][0-9][0-9][0-9][0-9][0-9]/) && g ~ /^([0-9]|[.]?[.]?\/|:)/ && harmless(g, "")) return raw
  r["option"] = t; r["secret"] = secretname(t); return "-" (c ~ /[A-Za-z0-9]/ ? c : "") hide(g) }
function argument(r, t, raw,  o, p, s) { o = r["option"]; p = r["program"]; r["option"] = ""
  if (t ~ /^(=|=>|->|:|:=)$/) return raw
  if (o == "" && r["sub"] == "") r["sub"] = t
  if (tolower(t) ~ SECRET_WORD && t ~ /^[A-Za-z_-]+[:=]?$/) { r["secret"] = 1; return raw }
  if (r["secretive"] && o == "") return tellable(r, t) ? raw : hide(t)
  if (p ~ /^(python|python[0-9.]*)$/ && o == "m" && t ~ /^[A-Za-z_][A-Za-z0-9_.]*$/ && !random(t)) return raw
  if (p ~ INTERPRETER && r["count"] == 1 && t ~ /^[A-Za-z0-9_.@\/+-]+$/ && !random(t) && length(t) <= 120) return raw
  if (o == "p" && t ~ /[0-9][0-9][0-9][0-9][0-9][0-9]/) return hide(t)
  s = shown(t, o); return s == t ? raw : s }
function tellable(r, t) { if (t ~ /^(\/|[.]\/|[.][.]\/|~\/)/) return harmless(t, "")
  return r["count"] == 1 && r["program"] ~ /^(vault|op|pass|keyctl|sops|net|security|ansible-vault|rclone)$/ && harmless(t, "") && t !~ /[0-9]/ }
function wrapped(r, t, raw, isp,  o) {
  if (t ~ /^-/) { o = option(r, t, raw); if (t !~ WRAPPER_VALUE) r["option"] = ""; return o }
  if (r["option"] != "") { r["option"] = ""; return shown(t, "user") }
  if (t ~ /^[0-9.]+[smhd]?$/) return raw
  if (r["program"] == "flock" && r["count"] == 1) return shown(t, "")
  return program(r, t, raw, isp) }
function word(r, t, raw, isp,  o, q, inl) {
  if (r["file"]) { r["file"] = 0; return shown(t, "") }
  inl = r["expects"] == "arguments" && r["program"] ~ SHELL && r["option"] ~ /c$/
  if (inl || r["expects"] == "arguments" && r["option"] ~ /^(exec|execdir|ok)$/) {
    if (inl && t ~ / /) { r["option"] = ""; q = raw ~ /^["\047]/ ? substr(raw, 1, 1) : ""; return q line(t) q }
    fresh(r) }
  if (r["expects"] == "program") return program(r, t, raw, isp)
  r["count"]++
  if (r["secret"]) { if (t ~ /^(=|=>|->|:|:=|is|by|BY)$/) return raw
    o = r["option"]; r["secret"] = 0; r["option"] = ""
    if (t !~ /^--?[A-Za-z][A-Za-z0-9-]*(=|$)/) return filed(o, t) ? raw : hide(t) }
  if (r["expects"] == "wrapped") return wrapped(r, t, raw, isp)
  return t ~ /^-/ ? option(r, t, raw) : argument(r, t, raw) }
function readall(r, n, raw, text, sp, op,  i, o, w, ticked) { o = ""
  for (i = 1; i <= n; i++) { if (op[i]) { w = raw[i]; if (w ~ /<<</) r["secret"] = 1; else if (w ~ /[<>]/) r["file"] = w !~ /[0-9-]$/; else { fresh(r); if (w ~ /`/) ticked = !ticked; if (w ~ /^[)]/ || w ~ /^`/ && !ticked) r["expects"] = "arguments" } }
    else w = word(r, text[i], raw[i], base(text[i]) ~ /^(echo|printf)$/ && piped(op, raw, n, i)); o = o sp[i] w }
  return o }
function line(s,  r, raw, text, sp, op, n) { n = tokens(substr(s, 1, 8192), raw, text, sp, op); fresh(r); return readall(r, n, raw, text, sp, op) }
# Options without a program, as JAVA_OPTS holds them; prose, word by word.
function optionline(s,  r, raw, text, sp, op, n) { n = tokens(substr(s, 1, 8192), raw, text, sp, op); fresh(r); r["expects"] = "arguments"; r["program"] = "-"; return readall(r, n, raw, text, sp, op) }
function apart(s, sep, expects, prog,  r, raw, text, sp, op, n, i) { n = split(s, text, sep); for (i = 1; i <= n; i++) { raw[i] = text[i]; sp[i] = i > 1 ? " " : ""; op[i] = 0 }
  fresh(r); r["expects"] = expects; r["program"] = prog; return readall(r, n, raw, text, sp, op) }
function prose(s) { return apart(substr(s, 1, 8192), "[ ]", "arguments", "-") }
# The arguments of a process, while they are apart. A title, as servers write it over them, is read as a line.
function args(s,  i, f) { sub("[ " us "]+$", "", s); i = index(s, us); f = i ? substr(s, 1, i - 1) : s
  if (f ~ / /) return line(f) (i ? " " apart(substr(s, i + 1), us, "arguments", "-") : ""); return apart(s, us, "program", "") }
function cron(s, user,  h, i, n, a) { h = match(s, /^(@[a-z]+ +|[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +[0-9A-Za-z*,\/-]+ +)/) ? substr(s, 1, RLENGTH) : ""
  n = split(h, a, / /); for (i = 1; i <= n; i++) if (a[i] != "" && !harmless(a[i], "") && !(length(a[i]) <= 12 && a[i] ~ /^@[a-z]+$/)) return line(s)
  s = substr(s, length(h) + 1); if (user != "" && index(s, user " ") == 1) { h = h user " "; s = substr(s, length(user) + 2) } return h line(s) }'

# ---------------------------------------------------------------- run the steps side by side, then order, redact and bound what they said
collect() {
  began=$(centis); running=
  if [ "$sections" = basic ]; then plan='host:4 vitals:6 disk:9 processes:16 cron:8'; else plan='host:4 vitals:6 disk:9 processes:17 app:8 cron:8 dns:8 health:15 probe:8 metrics:11'; fi
  for s in $plan; do ( "step_${s%:*}" ) </dev/null 2>/dev/null & running="$running $!:$s"; done
  while [ -n "$running" ]; do
    sleep 0.1 2>/dev/null || sleep 1
    left=; now=$(( ($(centis) - began) / 100 ))
    for r in $running; do
      p=${r%%:*}; s=${r#*:}; st=Z; { read -r l <"/proc/$p/stat"; } 2>/dev/null && { l=${l##*) }; st=${l%% *}; }
      [ "$st" = Z ] && continue
      [ "$now" -lt "${s#*:}" ] && { left="$left $r"; continue; }
      kill -9 $(tree "$p") 2>/dev/null
      case ${s%:*} in vitals) for x in cpu pressure memory disk net; do status $x timeout; done ;; processes) for x in processes sockets groups threads; do status $x timeout; done ;; health|probe) status http timeout ;; *) status "${s%:*}" timeout "after ${s#*:} s" ;; esac
    done
    running=$left
  done
  row self self durationMs $(( ($(centis) - began) * 10 ))
  # in this shell, for it knows what its steps cost; the last stage reads the two lines
  times
  row finish
}

# Digests of hidden values leave the host for the eyes of whoever asked, once: sealed with the key that came with the command, 35 of them at a time.
SEAL='exec 3<&0 2>/dev/null; printf %s "$digestKey" | openssl base64 -d -A | openssl pkeyutl -encrypt -pubin -keyform DER -inkey /dev/stdin -in /dev/fd/3 -pkeyopt rsa_padding_mode:oaep | openssl base64 -A'
export SEAL digestKey
# A label of a metric: of some the name says what the value is.
STAGE='BEGIN { B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"; for (i = 32; i < 127; i++) ASCII = ASCII sprintf("%c", i) }
function mod(s, m, p,  i, h) { h = 7; for (i = 1; i <= length(s); i++) h = (h * m + index(ASCII, substr(s, i, 1))) % p; return h }
function code(h,  o, i) { o = ""; for (i = 0; i < 3; i++) { o = o substr(B64, h % 64 + 1, 1); h = int(h / 64) } return o }
function renumber(s,  o, k) { o = ""; while (match(s, /[[]hidden:[0-9]+\]/)) { k = substr(s, RSTART + 8, RLENGTH - 9); if (k == "0") printed[k] = 0; else if (!(k in printed)) { printed[k] = ++nprinted; text_[nprinted] = hiddentext[k] } o = o substr(s, 1, RSTART - 1) "[hidden:" printed[k] "]"; s = substr(s, RSTART + RLENGTH) } return o s }
function seal(  i, c) { if (ENVIRON["digestKey"] == "" || !nprinted || nprinted > 105) return
  print "## seal ok"; for (i = 1; i <= nprinted; i++) { c = c code(mod(text_[i], 257, 262139)) code(mod(text_[i], 8191, 262133)); if (i % 35 == 0 || i == nprinted) { printf "seal\t"; fflush(); printf "%s", c | ENVIRON["SEAL"]; close(ENVIRON["SEAL"]); print ""; c = "" } } }
function label(k, v) { return k ~ LABEL_NAME && length(v) <= 60 && v ~ /^[A-Za-z0-9 _.:\/*<>()+-]*$/ && !random(v) && (k !~ /^(path|route|handler|uri)$/ || v !~ /[?]/) ? v : value(k, v) }
function metric(s,  i, o, w, k, v) { i = index(s, "{"); if (!i) return s ~ /^[a-zA-Z_:][a-zA-Z0-9_:]* [-+0-9.eEnNaAIif ]+$/ ? s : prose(s)
  o = substr(s, 1, i); if (o !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*[{]$/) return prose(s); s = substr(s, i + 1)
  while (match(s, /^ *[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?/)) { w = substr(s, 1, RLENGTH); s = substr(s, RLENGTH + 1); i = index(w, "="); k = substr(w, 1, i - 1); gsub(/ /, "", k); v = substr(w, i + 2); i = v ~ /,$/; sub(/",?$/, "", v); v = label(k, v); gsub(/["\\]/, "?", v); o = o k "=\"" v "\"" (i ? "," : "") }
  return s ~ /^[}] +[-+0-9.eEnNaAIif ]+$/ ? o s : "malformed " hide(s) }
# What a name of the system may look like: a process, a thread, a user, a kernel, a mount.
function plain(s) { return length(s) <= 200 && s ~ /^[]A-Za-z0-9 _.,:;\/@<>()[{}*+#~=%?!|-]*$/ && !random(s) ? s : hide(s) }
function redact(type, i,  f, k) { f = $i; k = $(i - 1); exact = 0
  if (type == "proc") return i == NF ? bound(args(f), 220) : plain(f)
  if (type == "cron") return i == NF ? bound(cron(f, $(NF - 1)), 200) : plain(f)
  if (type == "m") return bound(metric(f), 400)
  if (type == "http") return i == 4 ? bound(urlpath(f), 200) : plain(f)
  if (type == "param") return i == 4 && k ~ /Path$/ ? bound(urlpath(f), 200) : plain(f)
  if (type == "app" && i == 5) { exact = 1; if (k ~ /^env:.*(OPTS|OPTIONS)$/) f = optionline(f); else if (k ~ /^env:/) f = value(substr(k, 5), f); else if (k ~ /^file:/) f = value("version", f); else f = f ~ /^\// ? showpath(f) : shown(f, ""); exact = 0; return bound(f, 200) }
  return bound(plain(f), 200) }
function bound(s, n) { if (length(s) <= n) return s; s = substr(s, 1, n - 3); sub(/[[][a-z]*:?[0-9]*$/, "", s); return s "..." }
BEGIN {
  n = split("host 700 app 1500 sockets 2200 processes 4500 metrics 2200 cron 1400 http 500 cpu 300 threads 600 memory 600 cgroup 500 disk 900 net 500 pressure 350 dns 500 groups 800 self 200", a, " ")
  for (i = 1; i < n; i += 2) { order[++ns] = a[i]; budget[a[i]] = a[i + 1] } print "sickbay-inspection 1" }
$1 == "finish" { rows["self", ++nr["self"]] = "self\tcpuMs\t" sprintf("%.0f", cpums); exit }
NF == 1 && /^[0-9]+m[0-9.]+s [0-9]+m[0-9.]+s$/ { split($0, a, /[ms ]+/); cpums += (a[1] * 60 + a[2] + a[3] * 60 + a[4]) * 1000; next }
!($1 in budget) { next }
$2 ~ /^!/ { s = substr($2, 2); if (!($1 in st) || rank(s) > rank(st[$1])) { st[$1] = s; why[$1] = $3; gsub(/[^ ]*[=@][^ ]*/, "[hidden]", why[$1]); why[$1] = bound(why[$1], 120) } next }
nr[$1] >= 400 { over[$1]++; next }
{ if ($3 == "hostname" && length($4) >= 3) hostname = $4
  r = $2; for (i = 3; i <= NF; i++) { f = redact($2, i); gsub(us, " ", f); r = r "\t" (f == "" ? "-" : f) }
  rows[$1, ++nr[$1]] = r }
function rank(s) { return s == "denied" ? 6 : s == "timeout" ? 5 : s == "missing" ? 4 : s == "failed" ? 3 : s == "partial" ? 2 : 1 }
# Every section has room of its own; what they leave goes to those that need more, in the order of the second list.
function fill(s, room,  l) { while (told[s] < nr[s]) { l = length(rows[s, told[s] + 1]) + 1; if (taken[s] + l > room) return; taken[s] += l; told[s]++ } }
END {
  left = ENVIRON["digestKey"] == "" ? 19000 : 17800; for (i = 1; i <= ns; i++) { fill(order[i], budget[order[i]]); left -= taken[order[i]] + (nr[order[i]] || order[i] in st ? 60 + length(why[order[i]]) : 0) }
  n = split("processes groups metrics sockets cron app threads disk", more, " ")
  for (i = 1; i <= n && left > 0; i++) { s = more[i]; was = taken[s]; fill(s, was + left); left -= taken[s] - was }
  for (i = 1; i <= ns; i++) { s = order[i]; if (!(s in st) && !nr[s]) continue
    if (told[s] < nr[s]) over[s] += nr[s] - told[s]
    if (over[s]) { w = over[s] " rows left out for want of room"; if (!(s in st)) { st[s] = "cut"; why[s] = w } else why[s] = why[s] "; " w }
    if (nr[s] && (s in st) && rank(st[s]) > 2) { why[s] = st[s] ": " why[s]; st[s] = "partial" }
    print "## " s " " ((s in st) ? st[s] (why[s] != "" ? " " why[s] : "") : "ok"); for (j = 1; j <= told[s]; j++) print renumber(rows[s, j]) }
  seal()
  print "## end ok" }'

# Redaction happens here, before anything leaves the host; the pipeline does it again.
collect 2>/dev/null | tr -c '\011\012\037\040-\176' '?' | awk -F "$TAB" -v us="$US" "$REDACT$STAGE"
