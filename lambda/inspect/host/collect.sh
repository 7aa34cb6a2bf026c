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

# pid: whether it has ended, but for our asking
ended() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  stat=${stat##*) }
  [ "${stat%% *}" = Z ]
}

# Ends the steps whose time is up; leaves those that go on in `running`, as pid:step:seconds.
watchSteps() {
  left=
  now=$(( ($(centis) - began) / 100 ))
  for one in $running; do
    pid=${one%%:*}
    step=${one#*:}
    ended "$pid" && continue
    if [ "$now" -lt "${step#*:}" ]; then
      left="$left $one"
      continue
    fi
    # shellcheck disable=SC2046
    kill -9 $(tree "$pid") 2>/dev/null
    late "$step"
  done
  running=$left
}

# step:seconds...
start() {
  for one in "$@"; do
    ("step_${one%:*}") </dev/null 2>/dev/null &
    running="$running $!:$one"
  done
}

collect() {
  began=$(centis)
  running=
  plan='processes:17 app:8 cron:8 dns:8 health:15 probe:8 metrics:11'
  [ "$sections" = basic ] && plan='processes:16 cron:8'
  # What needs no application does not wait until it is found.
  start host:4 vitals:6 disk:9
  findApplication
  # shellcheck disable=SC2086
  start $plan
  while [ -n "$running" ]; do
    sleep 0.1 2>/dev/null || sleep 1
    watchSteps
  done
  row self self durationMs $(( ($(centis) - began) * 10 ))
  # In this shell, for it knows what its steps cost; the last stage reads the two lines.
  times
  row finish
}
