# Everything that starts processes by the clock.
step_cron() {
  seen=
  for directory in /var/spool/cron/crontabs /var/spool/cron /var/spool/cron/tabs /etc/crontabs; do
    userTabs "$directory"
  done
  for file in /etc/crontab /etc/cron.d/*; do
    [ -f "$file" ] || continue
    seen=1
    cronLines "$file" '*' "$(readlink -f "$file")"
  done
  innerTabs
  periodic
  atJobs
  timers
  if has crontab && [ "$(id -u)" != 0 ]; then
    limited 3 crontab -l | awk '/^[^#]/ { print "cron\tcron\tcrontab -l\tself\t" substr($0, 1, 300); fflush() }'
  fi
  [ -n "$seen" ] || [ -d /run/systemd/system ] || status cron missing "no crontabs, no cron.d, no systemd"
}

# The crontabs of a container, as far as they are files of its own.
innerTabs() {
  [ -n "$appPid" ] || return
  isMounted "$appPid" && return
  root=/proc/$appPid/root
  for file in "$root"/var/spool/cron/crontabs/* "$root"/var/spool/cron/* "$root"/etc/crontabs/* "$root"/etc/crontab "$root"/etc/cron.d/*; do
    user='*'
    case $file in "$root"/var/* | */etc/crontabs/*) user=${file##*/} ;; esac
    own '*' 65536 "$file" "$appPid" | tr -d '\000' | awk -v src="container:${file#"$root"}" -v user="$user" "$AWK_CRONTAB"
  done
}

# source user file: user "*" means that the sixth column names it
cronLines() {
  [ -r "$3" ] || {
    status cron partial "may not read $3"
    return
  }
  own '*' 65536 "$3" | tr -d '\000' | awk -v src="$1" -v user="$2" "$AWK_CRONTAB"
}

userTabs() {
  [ -d "$1" ] || return
  seen=1
  if [ ! -r "$1" ] || [ ! -x "$1" ]; then
    status cron denied "$1"
    return
  fi
  for file in "$1"/*; do
    [ -f "$file" ] && [ ! -L "$file" ] && cronLines "$file" "${file##*/}" "$file"
  done
}

periodic() {
  for period in hourly daily weekly monthly; do
    for file in "/etc/cron.$period"/*; do
      [ -f "$file" ] && [ -x "$file" ] && row cron cron "/etc/cron.$period" root "$file"
    done
  done
}

atJobs() {
  for file in /var/spool/at/* /var/spool/cron/atjobs/*; do
    [ -f "$file" ] || continue
    seen=1
    # shellcheck disable=SC2012
    row cron cron at "$(ls -ld "$file" | awk '{ print $3 }')" "${file##*/}"
  done
}

timers() {
  has systemctl && [ -d /run/systemd/system ] || return
  limited 3 systemctl list-timers --all --no-legend --no-pager | awk "$AWK_TIMERS" || status cron partial "systemctl list-timers printed nothing"
}
