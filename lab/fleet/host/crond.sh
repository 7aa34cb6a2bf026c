#!/bin/sh
# cron, except that the minute comes when the lab says so: on USR1 it runs the entries whose schedule stands in the file `due`.
# It runs in a copy of the shell that is called crond, and each job in a session of its own: cron is known by its program, and does that.
due="${SHOP:?}/run/due"
spool=/var/spool/cron/crontabs

run_due() {
  read -r now < "$due" || return
  for table in "$spool"/*; do
    while read -r minute hour day month weekday command; do
      if [ "$minute $hour $day $month $weekday" = "$now" ]; then
        setsid /bin/sh -c "$command" </dev/null >/dev/null 2>&1 &
      fi
    done < "$table"
  done
}

trap run_due USR1
echo $$ > "${SHOP:?}/run/crond.pid"
sleep 2147483647 &
idle=$!
# `wait` is interrupted by the signal and reaps the jobs that ended, so that none stays behind as a zombie
while :; do wait "$idle"; done
