# Runs the steps side by side. The last stage orders, redacts and bounds what they said.

# step: tells of each of its sections that it took too long
late() {
  case ${1%:*} in
    vitals) told='cpu pressure memory disk net' ;;
    processes) told='processes sockets groups threads' ;;
    health | probe) told=http ;;
    *)
      status "${1%:*}" timeout "after ${1#*:} s"
      return
      ;;
  esac
  for section in $told; do
    status "$section" timeout
  done
}

# step:seconds..., the shortest time first: runs the steps side by side, and ends those whose time is up
group() {
  running=
  for one in "$@"; do
    ("step_${one%:*}") </dev/null 2>/dev/null &
    running="$running $!:$one"
  done
  # shellcheck disable=SC2086
  guard $running &
  guards=$!
  for one in $running; do
    wait "${one%%:*}"
  done
  kill $guards
}

# pid:step:seconds...: sleeps until each step's time is up; to look now and then would start a program each time, which a host
# without a free CPU feels
guard() {
  trap 'kill $nap; exit' TERM
  parentOf self
  family=$parent
  for one in "$@"; do
    pid=${one%%:*}
    step=${one#*:}
    isStep || continue
    nap $(( (${step#*:} * 100 + began - $(centis)) / 100 ))
    isStep || continue
    # It is told first: once the step is gone, the group ends, and so does this.
    doomed=$(tree "$pid")
    late "$step"
    # shellcheck disable=SC2086
    kill -9 $doomed
  done
}

# Whether pid is a step that still runs, and not another process that has its number now.
isStep() {
  parentOf "$pid" && [ "$parent" = "$family" ]
}

# pid: sets parent
parentOf() {
  read -r stat <"/proc/$1/stat" || return
  stat=${stat##*) }
  parent=${stat#* }
  parent=${parent%% *}
  [ "${stat%% *}" != Z ]
}

# seconds: tells where the application is, as the step of the processes does; after 6 s at the latest, that it is not known
found() {
  unknown='late - - - 127.0.0.1 127.0.0.1 127.0.0.1'
  {
    trap 'kill $nap; exit' TERM
    nap 6
    echo "$unknown"
  } &
  impatient=$!
  group "processes:$1" 3>&1 >&4
  kill $impatient
  echo "$unknown"
}

# What needs the application waits until it is found.
collect() {
  began=$(centis)
  exec 4>&1
  group vitals:6 host:4 disk:9 &
  if [ "$sections" = basic ]; then
    found 16 | asking cron:8
  else
    found 17 | asking settings:8 app:8 cron:8 dns:8 probe:9 metrics:11 health:15
  fi
  wait
  row self self durationMs $(( ($(centis) - began) * 10 ))
  # In this shell, for it knows what its steps cost; the last stage reads the two lines.
  times
  row finish
}

# step:seconds... In: where the application is. Sets appPid (of an application in a network of its own) and enter: the words that run a
# tool of the host in that network.
asking() {
  read -r where owner innerPort innerAddress appAddress healthAddress metricsAddress
  exec >&4
  appPid=
  enter=
  if [ "$where" = inner ]; then
    appPid=$owner
    has nsenter && nsenter -t "$appPid" -n true && enter="nsenter -t $appPid -n"
  fi
  # What answers on the host may be anybody's: of a task only what is reached within its network counts.
  [ -z "$task" ] || [ "$where" = host ] || [ -n "$enter" ] || set -- settings:8 app:8 cron:8
  group "$@"
}
