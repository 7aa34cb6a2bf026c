#!/bin/sh
# Looks at one host and prints what may explain a slow target. It changes nothing, installs nothing, writes no file.
# Plain POSIX sh and awk over /proc: dash, bash, busybox ash; mawk, gawk, busybox awk. Runs under SSM and by itself.
#
# Parameters come from the environment. SSM sets SSM_<name> (interpolationType ENV_VAR); by hand: SSM_appPort=8080 sh inspect.sh
#   appPort 8080 | metricsPort = appPort | metricsPath /metrics | databasePorts 5432,3306,... | healthPort = appPort
#   healthPath /health | probePath - | hostHeader (none) | metricNames (none): metrics never to be cut | a path "-" is not asked for
#   task (none): the task of ECS that the application belongs to, by its id; nothing else is taken for it
#   sections  all | basic: basic takes no parameter from anybody and leaves out what needs one
#
# Output, version 1: ASCII, at most 20,000 bytes.
#   sickbay-inspection 1
#   ## <section> <status> [<why>]      status: ok | cut | partial | missing | denied | timeout | failed
#   <row type> TAB <column> TAB ...    rows of that section; a row never begins with "#"
#   ## end ok                          without it the output was cut off
# `cut`: rows were left out, the most telling came first. `partial`: a part could not be read; the reason follows. Unknown is "-".
# Rows:  param name value
#   host   key value                                          (hostname kernel cpus memoryKb product filesOpen filesMax localPorts
#                                                              connections connectionsMax: that the packet filter keeps track of)
#   set    name value                                         how the kernel was told to treat the application and its network
#   cpu    user nice system idle iowait irq softirq steal     milliseconds of all CPUs in the interval
#   load   one five fifteen running blocked intervalMs
#   pressure resource kind avg10 stallMs                      stallMs in the interval
#   mem    key kB   |  vm key delta total                     (/proc/meminfo, /proc/vmstat)
#   cgroup key value delta                                    of the app's cgroup; throttled.above: the group that was throttled is so far above;
#                                                             memory.procs: pids of its largest processes, where its memory is limited
#   fs     mount type usedFraction availKb inodesUsedFraction |  io device reads writes busyMs
#   net    key delta total                                    (/proc/net/snmp, netstat; InBytes, OutBytes: of the host's interfaces)
#   state  name count
#   listen port address pid queue backlog                     accept queue now, and its limit (- without ss)
#   out    remote state pid count comm unacked | in port state count
#            sockets, grouped; "unix" is an address too; unacked: so many have sent something that is not acknowledged
#   query  pid count                                          name lookups of a process that wait for an answer
#   db     pid remote count unanswered idle oldestMs rttMs retransmits
#            connections to database ports by TCP's own clocks (needs ss): unanswered: sent a second or more ago and no answer yet,
#            for up to oldestMs; idle: answered, and silent for a second or more; neither: in use, or the clocks tie
#   unix   path pid queue backlog client clients served workers
#            a listening Unix socket of the application, or of several processes: who listens (pid of the first), connections that nobody has
#            accepted and the limit, a client and how many it has, those that are served, processes that share the listener
#            (needs ss)
#   proc   pid ppid startedAtMs user state cpuMs cpuTotalMs rssKb threads fds tracer cpus readKb writeKb parents comm cmd
#   group  comm user count                                    all processes but kernel threads, by name
#   app    pid key value                                      (nofile fds exe cwd version env:NAME jvm:gc variables ...; variables: how many env:NAME)
#            changed:BYTES or changed:BYTES:SUM in a section of their own, "files": a file that was changed within a week, the newest
#            first, and a sum of its content from 0 to 255; module: it has loaded
#   use    pid mount files worksThere kB                      who is not the application: files that it has open for writing there,
#            whether its directory is there (1), and how large those files are
#   deleted pid kB comm path                               files of a megabyte and more that are deleted and still open
#   container pid runtime id group                        processes in containers; group: task:ID, pod:UID or -; id: its first twelve digits
#   image  id key value                                    what the runtime calls the container (image name pod namespace family env:NAME)
#   thread pid tid name state cpuMs waitMs intervalMs         waitMs: runnable without a CPU
#   lock   pid kind waiters ofApp path                        a lock on a file: who holds it; ofApp 1: the application, or what it
#            started, waits for it, or it has the file open
#   wait   pid where count                                    threads of the application by what the kernel says they sleep in
#   cron   source user line
#   dns    key value                                          pending: queries of anybody in its network that wait for an answer
#   http   kind path status ms bytes tool                     kind: health | probe | metrics
#   m      line of /metrics
#   self   key value                                          footprint of this script
#   seal   text                                               digests of hidden values, for who holds the key alone
set -u
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin
export LC_ALL PATH
TAB=$(printf '\t')
US=$(printf '\037')
NL='
'
# Behind the application, but not last: at 19 two busy threads a core would leave it a hundredth of a core, and it must look just then.
renice 2 -p $$ >/dev/null 2>&1
command -v ionice >/dev/null 2>&1 && ionice -c 2 -n 7 -p $$ >/dev/null 2>&1
# Whatever a host holds, no tool of ours takes its memory or its CPU: 1 GiB of addresses and 30 s each.
{
  # Where a shell cannot set a limit, the others hold all the same.
  # shellcheck disable=SC3045
  ulimit -v 1048576
  # shellcheck disable=SC3045
  ulimit -t 30
  # shellcheck disable=SC3045
  ulimit -c 0
} >/dev/null 2>&1

#include lib.sh

# Parameters are bound here too, whatever the document promised.
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
task=$(valid "${SSM_task:-}" '' '[!0-9a-f-]') || exit 2
metricNames=$(valid "${SSM_metricNames:-}" '' '[!A-Za-z0-9_:,]') || exit 2

#include awk
#include steps
#include collect.sh

# Redaction happens here, before anything leaves the host (docs/redaction.md); the pipeline does it again.
export digestKey
collect 2>/dev/null | tr -c '\011\012\037\040-\176' '?' | awk -F "$TAB" -v us="$US" "$AWK_REDACTION$AWK_REPORT"
